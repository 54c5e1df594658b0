package phi

import (
	"strings"
	"sync"
)

// A Schema is a classified database schema. It is read-only after Classify or
// UnmarshalBinary and safe for concurrent use.
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
