package sqlshape

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxDepth bounds nested queries and expressions. The parser has its own
// bound; this one keeps the walk off deeper trees than it was tested with.
const maxDepth = 500

// query walks a SELECT or VALUES and returns its columns. Into names the
// columns that they are written to, for INSERT … SELECT.
func (w *walker) query(s *pgparse.SelectStmt, parent *scope, into [][]*ref) []output {
	if s == nil || w.depth > maxDepth {
		return nil
	}
	if outs, ok := w.queries[s]; ok {
		return outs
	}
	w.depth++
	defer func() { w.depth-- }()
	w.queries[s] = nil // a cycle ends here
	sc := &scope{parent: parent}
	if parent != nil && parent.parent == nil && len(parent.rels) == 0 {
		sc = parent // the outermost query's tables stay known to a later fragment
	}
	saved := w.access
	defer func() { w.access = saved }()
	w.with(s.WithClause, sc)
	var outs []output
	if s.Larg != nil {
		outs = w.query(s.Larg, sc.child(), into)
		w.query(s.Rarg, sc.child(), into)
	}
	for _, f := range s.FromClause {
		w.from(f, sc)
	}
	outs = append(outs, w.values(s.ValuesLists, sc, into)...)
	w.access = Read
	for i, t := range s.TargetList {
		outs = append(outs, w.target(t, sc, at(into, i))...)
	}
	w.access = Compare
	w.condition(s.WhereClause, sc)
	w.condition(s.HavingClause, sc)
	w.access = Read
	w.list(s.GroupClause, sc, ColumnList)
	w.list(s.DistinctClause, sc, ColumnList)
	w.sort(s.SortClause, sc)
	w.limit(s.LimitCount, sc)
	w.limit(s.LimitOffset, sc)
	for _, n := range s.WindowClause {
		w.node(n, sc)
	}
	if s.IntoClause != nil {
		w.generic(s.IntoClause.Rel, sc)
	}
	w.queries[s] = outs
	return outs
}

// child returns a scope inside s.
func (s *scope) child() *scope { return &scope{parent: s} }

// at returns the columns of place i, if there are any.
func at(refs [][]*ref, i int) []*ref {
	if i < len(refs) {
		return refs[i]
	}
	return nil
}

// with walks common table expressions. Those that change data put out what
// RETURNING lists.
func (w *walker) with(c *pgparse.WithClause, sc *scope) {
	for _, n := range c.GetCtes() {
		cte := n.GetCommonTableExpr()
		if cte == nil {
			continue
		}
		if sc.ctes == nil {
			sc.ctes = map[string]*rel{}
		}
		r := &rel{alias: cte.Ctename}
		if c.Recursive { // it may name itself: known, with no columns yet
			sc.ctes[cte.Ctename] = r
		}
		inner := sc.child()
		switch q := cte.Ctequery.GetNode().(type) {
		case *pgparse.Node_SelectStmt:
			r.outs = w.query(q.SelectStmt, inner, nil)
		case *pgparse.Node_InsertStmt:
			r.outs = w.insert(q.InsertStmt, inner)
		case *pgparse.Node_UpdateStmt:
			r.outs = w.update(q.UpdateStmt, inner)
		case *pgparse.Node_DeleteStmt:
			r.outs = w.delete(q.DeleteStmt, inner)
		}
		r.rename(&pgparse.Alias{Colnames: cte.Aliascolnames})
		sc.ctes[cte.Ctename] = r
	}
}

// from adds what an item of FROM brings.
func (w *walker) from(n *pgparse.Node, sc *scope) {
	switch f := n.GetNode().(type) {
	case *pgparse.Node_RangeVar:
		w.rangeVar(f.RangeVar, sc)
	case *pgparse.Node_JoinExpr:
		w.join(f.JoinExpr, sc)
	case *pgparse.Node_RangeSubselect:
		s := f.RangeSubselect
		inner := sc.child()
		if !s.Lateral {
			inner.parent = sc.parent
			inner.ctes = sc.ctes
		}
		r := &rel{alias: s.GetAlias().GetAliasname()}
		// A scope of its own below: the outermost one is for a later fragment.
		r.outs = w.query(s.Subquery.GetSelectStmt(), inner.child(), nil)
		r.rename(s.Alias)
		sc.add(r)
	case *pgparse.Node_RangeFunction:
		for _, fn := range f.RangeFunction.Functions {
			w.node(fn, sc)
		}
		r := &rel{alias: f.RangeFunction.GetAlias().GetAliasname()}
		for _, c := range f.RangeFunction.GetAlias().GetColnames() {
			r.outs = append(r.outs, output{name: c.GetString_().GetSval()})
		}
		sc.add(r)
	case *pgparse.Node_RangeTableSample:
		w.from(f.RangeTableSample.Relation, sc)
		for _, arg := range f.RangeTableSample.Args {
			w.operand(arg, sc)
		}
	default:
		w.node(n, sc)
	}
}

// join adds both sides of a join and walks its condition.
func (w *walker) join(j *pgparse.JoinExpr, sc *scope) {
	w.from(j.Larg, sc)
	w.from(j.Rarg, sc)
	saved := w.access
	w.access = Compare
	w.condition(j.Quals, sc)
	for _, c := range j.UsingClause {
		name := c.GetString_().GetSval()
		w.text(name, Identifier)
		w.touch(w.resolve(sc, nil, name))
	}
	w.access = saved
}

// values walks the rows of VALUES. Each place of a row has a column.
func (w *walker) values(rows []*pgparse.Node, sc *scope, into [][]*ref) []output {
	var outs []output
	for _, row := range rows {
		items := row.GetList().GetItems()
		if len(items) == 1 && len(into) > 1 {
			if h, ok := w.bareHole(items[0]); ok { // the whole row, or all rows
				hole := w.hole(h, ValueOther)
				hole.Table = into[0][0].rels[0].table
				continue
			}
		}
		for i, item := range items {
			if len(outs) <= i {
				outs = append(outs, output{name: columnN(i)})
			}
			if refs := at(into, i); refs != nil {
				w.assign(item, refs, sc)
			} else {
				w.operand(item, sc)
			}
			leaves := w.leaves(item, sc)
			outs[i].refs = append(outs[i].refs, leaves.columns...)
			outs[i].values = append(outs[i].values, leaves.values...)
		}
	}
	return outs
}

// columnN is the name that VALUES gives a column.
func columnN(i int) string { return "column" + string(rune('1'+min(i, 8))) }

// target walks one column of SELECT or RETURNING.
func (w *walker) target(n *pgparse.Node, sc *scope, into []*ref) []output {
	t := n.GetResTarget()
	if t == nil {
		w.node(n, sc)
		return nil
	}
	w.text(t.Name, Identifier)
	if refs, ok := w.starOf(t.Val, sc); ok {
		return refs
	}
	if into != nil {
		w.assign(t.Val, into, sc)
	} else if h, ok := w.bareHole(t.Val); ok {
		if w.r.queries[h] {
			w.hole(h, SQLFragment)
		}
		w.hole(h, w.listRole(h))
	} else if t.Name != "" {
		w.named(t.Val, t.Name, sc)
	} else {
		w.node(t.Val, sc)
	}
	leaves := w.leaves(t.Val, sc)
	name := t.Name
	if name == "" {
		if c := t.Val.GetColumnRef(); c != nil {
			_, name = columnName(c)
		}
	}
	return []output{{name: name, refs: leaves.columns, values: leaves.values}}
}

// listRole is the role of a lone hole in a list of columns.
func (w *walker) listRole(h int) Role {
	p := w.a.f.parts[w.a.f.holes[h]]
	switch {
	case w.a.holes[h].InQuotes && p.Verb == 'q', p.Numeric, p.Quoted:
		return ValueOther
	}
	return ColumnList
}

// named walks a value that is only given a name: SELECT '…' AS ssn.
func (w *walker) named(n *pgparse.Node, name string, sc *scope) {
	for _, v := range w.leaves(n, sc).values {
		if v.direct {
			w.use(v.value, []*ref{w.nowhere.column(name)}, Read, ValueOther)
		}
	}
	w.node(n, sc)
}

// starOf handles * and t.*.
func (w *walker) starOf(n *pgparse.Node, sc *scope) ([]output, bool) {
	c := n.GetColumnRef()
	if c == nil || len(c.Fields) == 0 || c.Fields[len(c.Fields)-1].GetAStar() == nil {
		return nil, false
	}
	var outs []output
	for _, r := range sc.rels {
		if len(c.Fields) > 1 {
			q := c.Fields[len(c.Fields)-2].GetString_().GetSval()
			w.text(q, Identifier)
			if q != r.alias {
				continue
			}
		}
		outs = append(outs, output{star: r})
		w.star(r)
	}
	return outs, true
}

// star touches every column of a relation that the schema knows.
func (w *walker) star(r *rel) {
	if !r.base || w.a.Schema == nil || r.table == "" {
		return
	}
	if t := w.a.Schema.Table(r.schema, r.table); t != nil {
		for _, name := range t.PHIColumns() {
			w.touch([]*ref{r.column(name)})
		}
	}
}

// list walks GROUP BY, DISTINCT ON and the like, where a lone hole is a list.
func (w *walker) list(nodes []*pgparse.Node, sc *scope, role Role) {
	for _, n := range nodes {
		if n.GetNode() == nil {
			continue
		}
		if h, ok := w.bareHole(n); ok {
			w.hole(h, role)
			continue
		}
		w.node(n, sc)
	}
}

// sort walks ORDER BY. A constant there is a place in the list of columns.
func (w *walker) sort(nodes []*pgparse.Node, sc *scope) {
	for _, n := range nodes {
		by := n.GetSortBy()
		if by == nil {
			continue
		}
		for _, v := range w.leaves(by.Node, sc).values {
			switch v.kind {
			case 'h':
				w.hole(v.n, OrderBy)
			case 'p':
				w.use(v.value, nil, Read, OrderBy)
			}
		}
		w.node(by.Node, sc)
	}
}

// limit walks LIMIT and OFFSET, whose values are counts.
func (w *walker) limit(n *pgparse.Node, sc *scope) {
	if n == nil {
		return
	}
	for _, v := range w.leaves(n, sc).values {
		switch v.kind {
		case 'h':
			w.hole(v.n, Limit)
		case 'p':
			w.use(v.value, nil, Read, Limit)
		}
	}
	w.node(n, sc)
}
