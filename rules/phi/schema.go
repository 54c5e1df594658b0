package phi

import (
	"encoding/json"
	"strings"
)

// A Schema is a classified database schema. It is read-only after Classify or
// UnmarshalJSON and safe for concurrent use.
type Schema struct {
	health bool
	tables []*TableClass
	index  map[string][]*TableClass // folded name
	words  map[string]*TableClass   // tokens of the name, for Go types
}

func (s *Schema) buildIndex() {
	s.index = make(map[string][]*TableClass, len(s.tables))
	s.words = make(map[string]*TableClass, len(s.tables))
	for _, t := range s.tables {
		k := strings.ToLower(t.Name)
		s.index[k] = append(s.index[k], t)
		if w := strings.Join(Default().tokenize(t.Name), " "); s.words[w] == nil {
			s.words[w] = t
		}
	}
}

// Health reports whether the health gate is open.
func (s *Schema) Health() bool { return s.health }

// Tables returns the tables sorted by schema and name.
func (s *Schema) Tables() []*TableClass { return s.tables }

// Table returns the table of that name, upper or lower case alike, or nil;
// schema "" means any, public first.
func (s *Schema) Table(schema, name string) *TableClass {
	var first *TableClass
	for _, t := range s.index[strings.ToLower(name)] {
		switch {
		case schema != "" && strings.EqualFold(t.Schema, schema):
			return t
		case schema == "" && (t.Schema == "public" || t.Schema == ""):
			return t
		case schema == "" && first == nil:
			first = t
		}
	}
	return first
}

type schemaJSON struct {
	Health bool          `json:"health"`
	Tables []*TableClass `json:"tables"`
}

type classJSON struct {
	Category  Category `json:"category,omitempty"`
	Tier      int      `json:"tier,omitempty"`
	Protected bool     `json:"protected,omitempty"`
	Reason    string   `json:"reason,omitempty"`
}

// MarshalJSON writes the class; the letter follows from the category.
func (c Class) MarshalJSON() ([]byte, error) {
	return json.Marshal(classJSON{c.Category, c.Tier, c.Protected, c.Reason})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Class) UnmarshalJSON(data []byte) error {
	var j classJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*c = Class{j.Category, j.Category.Letter(), j.Tier, j.Protected, j.Reason}
	return nil
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
	s.buildIndex()
	return nil
}

// Column returns the class of the column of that name, upper or lower case
// alike.
func (t *TableClass) Column(name string) (Class, bool) {
	if i, ok := t.position(name); ok {
		return t.Columns[i].Class, true
	}
	return Class{}, false
}

// manyColumns is from where on looking at each column is slower than an index.
const manyColumns = 32

// position returns the index of the first column of that name.
func (t *TableClass) position(name string) (int, bool) {
	if len(t.Columns) >= manyColumns {
		t.once.Do(func() {
			t.index = make(map[string]int, len(t.Columns))
			for i := range t.Columns {
				key := strings.ToLower(t.Columns[i].Name)
				if _, ok := t.index[key]; !ok {
					t.index[key] = i
				}
			}
		})
		i, ok := t.index[strings.ToLower(name)]
		return i, ok
	}
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return i, true
		}
	}
	return 0, false
}

// PHIColumns returns the names of the columns of tier 2 and 3, strongest first
// and otherwise in the table's order.
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
