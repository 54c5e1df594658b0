package sqlshape

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A rel is something that columns come from: a base table, or a subquery or
// common table expression with what it puts out.
type rel struct {
	alias         string // what columns are qualified by
	schema, table string // of a base table
	base          bool
	pseudo        bool // the table that a fragment does not name
	outs          []output
	columns       map[string]*ref // of a base table
}

// An output is one column that a query puts out, and where it comes from.
type output struct {
	name string
	refs []*ref
	// values are those that the column is made of, if any.
	values []leaf
	star   *rel // all columns of a relation
}

// A ref is a column named in the text. With several rels it stands for a
// column of one of them, not known which.
type ref struct {
	rels   []*rel
	column string
	// key is the member of a JSON document in the column, where one is meant.
	key    string
	access Access
	class  *ColumnRef // once known
}

// A scope holds what names mean at a place of the statement.
type scope struct {
	parent *scope
	rels   []*rel
	ctes   map[string]*rel
}

// cte returns the common table expression of that name.
func (s *scope) cte(name string) *rel {
	for ; s != nil; s = s.parent {
		if r := s.ctes[name]; r != nil {
			return r
		}
	}
	return nil
}

// table returns the base table of that name, the same for every mention of it
// under one alias.
func (w *walker) table(schema, name, alias string) *rel {
	if alias == "" {
		alias = name
	}
	r := &rel{alias: alias, schema: schema, table: name, base: true, columns: map[string]*ref{}}
	if t, ok := w.a.unnamed(name); ok && schema == "" {
		r.table, r.pseudo, r.alias = t, true, t
	} else {
		// patients_<hole> is some part of patients; <hole> is any table.
		r.table = withoutHoles(name)
		if r.table == "" {
			r.pseudo = true
		} else {
			w.addTable(r.table)
		}
		r.schema = withoutHoles(schema)
	}
	w.bases = append(w.bases, r)
	return r
}

// addTable lists a base table in the shape, once.
func (w *walker) addTable(name string) {
	if !w.tables[name] {
		w.tables[name] = true
		w.a.shape.Tables = append(w.a.shape.Tables, name)
	}
}

// add puts a relation into the scope. A fragment's unnamed table means what
// stood before the fragment, if anything did.
func (s *scope) add(r *rel) {
	if r.pseudo && r.alias == "" && s.inherits() {
		return
	}
	s.rels = append(s.rels, r)
}

// inherits reports whether a scope around s has tables.
func (s *scope) inherits() bool {
	for p := s.parent; p != nil; p = p.parent {
		if len(p.rels) > 0 {
			return true
		}
	}
	return false
}

// rangeVar adds a table or common table expression named in FROM.
func (w *walker) rangeVar(v *pgparse.RangeVar, sc *scope) *rel {
	if v == nil {
		return w.nowhere
	}
	for _, h := range append(holesIn(v.Relname), holesIn(v.Schemaname)...) {
		w.hole(h, w.identRole())
	}
	alias := v.GetAlias().GetAliasname()
	var r *rel
	if c := sc.cte(v.Relname); c != nil && v.Schemaname == "" {
		r = &rel{alias: v.Relname, outs: c.outs}
		if alias != "" {
			r.alias = alias
		}
	} else {
		r = w.table(v.Schemaname, v.Relname, alias)
	}
	r.rename(v.Alias)
	sc.add(r)
	return r
}

// rename applies the column names of an alias: AS v(ssn, name).
func (r *rel) rename(alias *pgparse.Alias) {
	if r.base {
		return
	}
	outs := append([]output(nil), r.outs...)
	for i, n := range alias.GetColnames() {
		if i < len(outs) {
			outs[i].name = n.GetString_().GetSval()
		}
	}
	r.outs = outs
}

// column returns the ref of a base table's column. The target of an UPDATE may
// be a common table expression: then it is the column that this comes from.
func (r *rel) column(name string) *ref {
	if !r.base {
		if refs, ok := r.find(name); ok && len(refs) > 0 {
			return refs[0]
		}
	}
	if r.columns == nil {
		r.columns = map[string]*ref{}
	}
	c := r.columns[name]
	if c == nil {
		c = &ref{rels: []*rel{r}, column: name}
		r.columns[name] = c
	}
	return c
}

// member returns the ref of a member of the JSON documents in a column.
func (c *ref) member(key string) *ref {
	n := &ref{rels: c.rels, column: c.column, key: key}
	for _, r := range c.rels {
		r.column(c.column) // so that there is a map
		if r.columns != nil {
			r.columns[c.column+"->"+key] = n
		}
	}
	return n
}

// find returns what a column of a derived relation comes from.
func (r *rel) find(name string) ([]*ref, bool) {
	for _, o := range r.outs {
		if o.name == name {
			return o.refs, true
		}
	}
	for _, o := range r.outs {
		if o.star == nil {
			continue
		}
		if o.star.base {
			return []*ref{o.star.column(name)}, true
		}
		if refs, ok := o.star.find(name); ok {
			return refs, true
		}
	}
	return nil, false
}

// resolve says which columns a name stands for.
func (w *walker) resolve(sc *scope, qualifier []string, name string) []*ref {
	if len(qualifier) > 0 {
		return w.qualified(sc, qualifier, name)
	}
	for s := sc; s != nil; s = s.parent {
		var known, possible []*rel
		for _, r := range s.rels {
			if !r.base {
				if refs, ok := r.find(name); ok {
					return refs
				}
				continue
			}
			switch w.has(r, name) {
			case yes:
				known = append(known, r)
			case maybe:
				possible = append(possible, r)
			}
		}
		if len(known) > 0 {
			possible = known
		}
		switch len(possible) {
		case 0:
		case 1:
			return []*ref{possible[0].column(name)}
		default:
			for _, r := range possible {
				r.column(name) // each is classified with the column as its own
			}
			return []*ref{{rels: possible, column: name}}
		}
	}
	// No table is known to have it: the schema may be older than the query.
	for s := sc; s != nil; s = s.parent {
		var tables []*rel
		for _, r := range s.rels {
			if r.base {
				tables = append(tables, r)
				r.column(name)
			}
		}
		if len(tables) > 0 {
			return []*ref{{rels: tables, column: name}}
		}
	}
	return []*ref{w.nowhere.column(name)}
}

// madeOf returns the values that a column of a subquery is made of, such as
// those of FROM (VALUES …) AS v(ssn).
func (w *walker) madeOf(sc *scope, qualifier []string, name string) []leaf {
	for s := sc; s != nil; s = s.parent {
		for _, r := range s.rels {
			if r.base || len(qualifier) > 0 && qualifier[len(qualifier)-1] != r.alias {
				continue
			}
			for _, o := range r.outs {
				if o.name == name {
					return o.values
				}
			}
		}
	}
	return nil
}

// qualified resolves t.name.
func (w *walker) qualified(sc *scope, qualifier []string, name string) []*ref {
	last := qualifier[len(qualifier)-1]
	for s := sc; s != nil; s = s.parent {
		for _, r := range s.rels {
			if r.alias != last && !strings.EqualFold(r.alias, last) && (r.alias != r.table || r.table != last) {
				continue
			}
			if r.base {
				return []*ref{r.column(name)}
			}
			refs, _ := r.find(name)
			return refs
		}
	}
	// EXCLUDED is the row that ON CONFLICT kept out; NEW and OLD are rows of
	// the target, too.
	if strings.EqualFold(last, "excluded") || last == someName {
		return w.resolve(sc, nil, name)
	}
	if strings.HasPrefix(last, standIn) {
		return w.resolve(sc, nil, name)
	}
	// The table is named in a part of the text that is not here.
	r := w.strangers[last]
	if r == nil {
		r = &rel{alias: last, table: last, base: true, pseudo: true, columns: map[string]*ref{}}
		w.strangers[last] = r
		w.bases = append(w.bases, r)
	}
	return []*ref{r.column(name)}
}

type answer int

const (
	no answer = iota
	maybe
	yes
)

// has reports whether a base table has the column, as far as the schema knows.
func (w *walker) has(r *rel, column string) answer {
	if w.a.Schema == nil || r.table == "" {
		return maybe
	}
	t := w.a.Schema.Table(r.schema, r.table)
	if t == nil {
		return maybe
	}
	if _, ok := columnOf(t, column); ok {
		return yes
	}
	return no
}
