package phi

import (
	"encoding/json"
	"strings"
	"sync"
)

// A Schema is a classified database schema. It is read-only after Classify or
// UnmarshalJSON and safe for concurrent use.
type Schema struct {
	health bool
	tables []*TableClass
	index  map[string][]*TableClass // folded name

	// words are the tables by the tokens of their names, for Go types. Every
	// process of go vet reads a schema, and not all of them ask for a table.
	once  sync.Once
	words map[string]*TableClass
}

func (s *Schema) buildIndex() {
	s.index = make(map[string][]*TableClass, len(s.tables))
	for _, t := range s.tables {
		k := strings.ToLower(t.Name)
		s.index[k] = append(s.index[k], t)
	}
}

// byWords returns the first table whose name has these tokens, or nil.
func (s *Schema) byWords(tokens string) *TableClass {
	s.once.Do(func() {
		s.words = make(map[string]*TableClass, len(s.tables))
		for _, t := range s.tables {
			if w := strings.Join(Default().tokenize(t.Name), " "); s.words[w] == nil {
				s.words[w] = t
			}
		}
	})
	return s.words[tokens]
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
	*c = j.class()
	return nil
}

func (j classJSON) class() Class {
	return Class{j.Category, j.Category.Letter(), j.Tier, j.Protected, j.Reason}
}

// MarshalJSON writes the schema; equal schemas give equal bytes.
func (s *Schema) MarshalJSON() ([]byte, error) { return json.Marshal(schemaJSON{s.health, s.tables}) }

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Schema) UnmarshalJSON(data []byte) error {
	// Columns are read as what they are in the text: a method of their own that
	// is called for each of them doubles the time.
	var j struct {
		Health bool `json:"health"`
		Tables []struct {
			TableClass
			Columns []struct {
				Name  string    `json:"name"`
				Type  string    `json:"type"`
				Class classJSON `json:"class"`
			} `json:"columns"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	s.health, s.tables = j.Health, nil
	for i := range j.Tables {
		t := &j.Tables[i].TableClass
		t.Columns = make([]ColumnClass, len(j.Tables[i].Columns))
		for k, c := range j.Tables[i].Columns {
			t.Columns[k] = ColumnClass{c.Name, c.Type, c.Class.class()}
		}
		j.Tables[i].Columns = nil
		s.tables = append(s.tables, t)
	}
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
