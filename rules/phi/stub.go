package phi

import "strings"

// ClassifyValue judges a value of Go code; s may be nil.
func (l *Lexicon) ClassifyValue(v Value, s *Schema) Class { return Class{} }

// ClassifyType judges a whole struct type; s may be nil.
func (l *Lexicon) ClassifyType(name string, fields []Value, s *Schema) Class {
	var best Class
	for _, f := range fields {
		if c := l.ClassifyValue(f, s); c.Tier > best.Tier {
			best = c
		}
	}
	return best
}

// Detect finds identifier values in text.
func (l *Lexicon) Detect(text string, near Category) []Detection { return nil }

// DetectName finds a person's name or an identifier value inside an SQL identifier.
func (l *Lexicon) DetectName(identifier string) (Detection, bool) { return Detection{}, false }

// Placeholder reports whether text is a stand-in and not a real value.
func Placeholder(text string) bool { return strings.Contains(text, "REPLACE_WITH") }
