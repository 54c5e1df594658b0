package phi

import (
	_ "embed"
	"strings"
)

// The lists are sorted and searched in place, so loading them costs nothing.
// The stop list (notnames.txt) is already taken out of the other three.
var (
	//go:embed data/given.txt
	givenNames string
	//go:embed data/surnames_top.txt
	topSurnames string
	//go:embed data/surnames_rest.txt
	restSurnames string
)

// listed reports whether w is a line of a sorted list, by binary search over
// the text.
func listed(list, w string) bool {
	lo, hi := 0, len(list)
	for lo < hi {
		mid := lo + (hi-lo)/2
		start := strings.LastIndexByte(list[lo:mid], '\n') + 1 + lo
		end := strings.IndexByte(list[start:], '\n')
		if end < 0 {
			end = len(list)
		} else {
			end += start
		}
		switch line := list[start:end]; {
		case line == w:
			return true
		case line < w:
			lo = end + 1
		default:
			hi = start
		}
	}
	return false
}

// nameContext are words beside which two names are a person in an identifier.
var nameContext = map[string]bool{
	"patient": true, "patients": true, "pt": true, "mr": true, "mrs": true, "ms": true, "dr": true, "person": true,
	"client": true, "chart": true, "note": true, "notes": true, "record": true, "records": true, "file": true, "backup": true,
	"schema": true, "db": true, "table": true, "view": true, "role": true, "user": true, "account": true, "of": true,
	"for": true, "data": true, "copy": true, "export": true,
}

// DetectName looks for the name of a person (patient_john_smith), or for an
// identifier value (mrn_00123456), inside an SQL identifier. Two adjacent words
// must be a given name and a surname, for single ones are ordinary words too
// often; a word beside them, or a common surname, must support it.
func (l *Lexicon) DetectName(identifier string) (Detection, bool) {
	if d, ok := identifierValue(identifier); ok {
		return d, true
	}
	// A quoted identifier may hold any text.
	if strings.ContainsRune(identifier, '@') || manyDigits(identifier) {
		if found := l.Detect(identifier, ""); len(found) > 0 {
			return found[0], true
		}
	}
	spans := wordSpans(identifier)
	if len(spans) < 2 || len(spans) > 12 {
		return Detection{}, false
	}
	supported := len(spans) == 2
	for _, s := range spans {
		supported = supported || nameContext[s.word]
	}
	for i := 0; i+1 < len(spans); i++ {
		a, b := spans[i], spans[i+1]
		var top bool
		switch {
		case isGiven(a.word) && isSurname(b.word):
			top = listed(topSurnames, b.word)
		case isSurname(a.word) && isGiven(b.word):
			top = listed(topSurnames, a.word)
		default:
			continue
		}
		if supported || top {
			text := identifier[a.start:b.end]
			return Detection{Kind: "person name", Category: Name, Start: a.start, End: b.end, Placeholder: Placeholder(text)}, true
		}
	}
	return Detection{}, false
}

func isGiven(w string) bool { return len(w) >= 3 && listed(givenNames, w) }
func isSurname(w string) bool {
	return len(w) >= 3 && (listed(topSurnames, w) || listed(restSurnames, w))
}

type wordSpan struct {
	word       string
	start, end int
}

// wordSpans cuts an identifier like splitCase, keeping offsets and dropping
// digits.
func wordSpans(s string) []wordSpan {
	var out []wordSpan
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, wordSpan{strings.ToLower(s[start:end]), start, end})
		}
		start = -1
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isUpper(c) && !isLower(c) {
			flush(i)
			continue
		}
		if start >= 0 && isUpper(c) && (isLower(s[i-1]) || i+1 < len(s) && isLower(s[i+1])) {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(s))
	return out
}
