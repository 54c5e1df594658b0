package phi

import (
	"encoding/binary"
	"errors"
)

// A classified schema in bytes: numbers as varints, each text where it first
// occurs and after that by its number. Every process of go vet reads one, and
// reading JSON took a tenth of all that a process does.

var errNoSchema = errors.New("not a schema in bytes")

type schemaWriter struct {
	out   []byte
	known map[string]uint64
}

func (w *schemaWriter) number(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

func (w *schemaWriter) text(s string) {
	if n, ok := w.known[s]; ok {
		w.out = binary.AppendUvarint(w.out, n)
		return
	}
	w.known[s] = uint64(len(w.known)) + 1 // 0 says that the text follows
	w.number(0)
	w.number(len(s))
	w.out = append(w.out, s...)
}

func (w *schemaWriter) flags(flags ...bool) {
	n := 0
	for i, f := range flags {
		if f {
			n |= 1 << i
		}
	}
	w.number(n)
}

// MarshalBinary writes the schema; equal schemas give equal bytes.
func (s *Schema) MarshalBinary() ([]byte, error) {
	w := &schemaWriter{known: map[string]uint64{}}
	w.flags(s.health)
	w.number(len(s.tables))
	for _, t := range s.tables {
		w.text(t.Schema)
		w.text(t.Name)
		w.flags(t.Patient, t.PHI, t.Reference, t.Audit, t.Workforce, t.Clinical)
		w.number(len(t.Columns))
		for i := range t.Columns {
			c := &t.Columns[i]
			w.text(c.Name)
			w.text(c.Type)
			w.text(string(c.Class.Category)) // the letter follows from it
			w.number(c.Class.Tier)
			w.flags(c.Class.Protected)
			w.text(c.Class.Reason)
		}
	}
	return w.out, nil
}

// A schemaReader reads what a schemaWriter wrote. After bad is set, all that it
// reads is zero.
type schemaReader struct {
	all   string // the data
	rest  []byte
	known []string
	bad   bool
}

func (r *schemaReader) number() int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > uint64(len(r.all))+1<<16 {
		r.bad, r.rest = true, nil
		return 0
	}
	r.rest = r.rest[size:]
	return int(n)
}

// count returns the number of things that follow, each of them a byte or more.
func (r *schemaReader) count() int {
	n := r.number()
	if n > len(r.rest) {
		r.bad, r.rest = true, nil
		return 0
	}
	return n
}

func (r *schemaReader) text() string {
	n := r.number()
	switch {
	case n > len(r.known):
		r.bad, r.rest = true, nil
		return ""
	case n > 0:
		return r.known[n-1]
	}
	size := r.count()
	at := len(r.all) - len(r.rest)
	s := r.all[at : at+size]
	r.rest = r.rest[size:]
	r.known = append(r.known, s)
	return s
}

func (r *schemaReader) flags(flags ...*bool) {
	n := r.number()
	for i, f := range flags {
		*f = n&(1<<i) != 0
	}
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (s *Schema) UnmarshalBinary(data []byte) error {
	r := &schemaReader{all: string(data), rest: data}
	r.flags(&s.health)
	s.tables = make([]*TableClass, 0, r.count())
	for n := cap(s.tables); len(s.tables) < n && !r.bad; {
		t := &TableClass{Schema: r.text(), Name: r.text()}
		r.flags(&t.Patient, &t.PHI, &t.Reference, &t.Audit, &t.Workforce, &t.Clinical)
		t.Columns = make([]ColumnClass, r.count())
		for i := range t.Columns {
			c := &t.Columns[i]
			c.Name, c.Type = r.text(), r.text()
			c.Class.Category, c.Class.Tier = Category(r.text()), r.number()
			c.Class.Letter = c.Class.Category.Letter()
			r.flags(&c.Class.Protected)
			c.Class.Reason = r.text()
		}
		s.tables = append(s.tables, t)
	}
	if r.bad || len(r.rest) > 0 {
		return errNoSchema
	}
	s.buildIndex()
	return nil
}
