package sqlshape

import "github.com/phivet/phivet/sqlscan/pgparse"

// insert walks an INSERT: the columns named, or those the schema knows, pair
// with each row's values or with what the query puts out.
func (w *walker) insert(s *pgparse.InsertStmt, sc *scope) []output {
	w.with(s.WithClause, sc)
	source := sc.child()
	target := w.rangeVar(s.Relation, sc)
	var into [][]*ref
	listed := -1 // the place of a hole in the list of columns
	w.access = Write
	for _, c := range s.Cols {
		t := c.GetResTarget()
		if h, ok := onlyHole(t.GetName()); ok {
			w.hole(h, ColumnList)
			listed = len(into)
			break
		}
		w.text(t.GetName(), Identifier)
		refs := []*ref{target.column(t.GetName())}
		w.touch(refs)
		into = append(into, refs)
	}
	if len(s.Cols) == 0 {
		if into = w.schemaColumns(target); into != nil {
			w.star(target)
		}
	}
	if q := s.SelectStmt.GetSelectStmt(); q != nil {
		// The places behind an unknown list of columns are unknown, too.
		if into == nil && listed < 0 || listed >= 0 && !loneValue(q) {
			into = append(into, w.anyColumns(q, target)...)
		}
		source.parent = sc.parent
		source.ctes = sc.ctes
		w.query(q, source.child(), into)
	}
	if c := s.OnConflictClause; c != nil {
		w.access = Compare
		for _, e := range c.GetInfer().GetIndexElems() {
			w.text(e.GetIndexElem().GetName(), Identifier)
		}
		w.condition(c.GetInfer().GetWhereClause(), sc)
		w.assignments(c.TargetList, target, sc)
		w.access = Compare
		w.condition(c.WhereClause, sc)
	}
	return w.returning(s.ReturningList, sc)
}

// loneValue reports whether each row has one value: all of them, as far as
// the text tells, where the list of columns is a hole, too.
func loneValue(q *pgparse.SelectStmt) bool {
	for _, row := range q.ValuesLists {
		if len(row.GetList().GetItems()) > 1 {
			return false
		}
	}
	return len(q.ValuesLists) > 0
}

// schemaColumns lists the columns of a table in the schema's order.
func (w *walker) schemaColumns(r *rel) [][]*ref {
	if w.a.Schema == nil || r.table == "" {
		return nil
	}
	t := w.a.Schema.Table(r.schema, r.table)
	if t == nil {
		return nil
	}
	var out [][]*ref
	for _, c := range t.Columns {
		out = append(out, []*ref{r.column(c.Name)})
	}
	return out
}

// anyColumns gives each place of the rows the table, with no column known.
func (w *walker) anyColumns(q *pgparse.SelectStmt, r *rel) [][]*ref {
	n := len(q.TargetList)
	for _, row := range q.ValuesLists {
		n = max(n, len(row.GetList().GetItems()))
	}
	out := make([][]*ref, 0, n)
	for range n {
		out = append(out, []*ref{r.column("")})
	}
	return out
}

// update walks an UPDATE.
func (w *walker) update(s *pgparse.UpdateStmt, sc *scope) []output {
	w.with(s.WithClause, sc)
	target := w.rangeVar(s.Relation, sc)
	for _, f := range s.FromClause {
		w.from(f, sc)
	}
	w.assignments(s.TargetList, target, sc)
	w.access = Compare
	w.condition(s.WhereClause, sc)
	return w.returning(s.ReturningList, sc)
}

// assignments walks SET a = x, (b, c) = (y, z).
func (w *walker) assignments(targets []*pgparse.Node, r *rel, sc *scope) {
	for _, n := range targets {
		t := n.GetResTarget()
		if t == nil {
			continue
		}
		w.access = Write
		if h, ok := onlyHole(t.Name); ok {
			if t.Val.GetAConst().GetIsnull() { // SET <hole>
				w.hole(h, SQLFragment)
				continue
			}
		}
		w.text(t.Name, Identifier)
		if t.Name == someName {
			continue
		}
		refs := w.assigned(t, r, sc)
		w.touch(refs)
		val := t.Val
		if m := val.GetMultiAssignRef(); m != nil {
			val = m.Source
			if row := val.GetRowExpr(); row != nil && int(m.Colno) <= len(row.Args) && m.Colno > 0 {
				val = row.Args[m.Colno-1]
			} else if sub := val.GetSubLink(); sub != nil && m.Colno != 1 {
				continue // walked with the first column
			}
		}
		w.assign(val, refs, sc)
	}
}

// assigned returns the column that SET writes. A fragment names no table; then
// it is one of those in scope.
func (w *walker) assigned(t *pgparse.ResTarget, r *rel, sc *scope) []*ref {
	name := t.Name
	if n := len(t.Indirection); n > 0 { // MySQL's SET t.a = x, or a composite's field
		if f := t.Indirection[n-1].GetString_(); f != nil {
			name = f.GetSval()
			w.text(name, Identifier)
		}
	}
	if r == nil || r.pseudo && r.table == "" {
		return w.resolve(sc, nil, name)
	}
	return []*ref{r.column(name)}
}

// delete walks a DELETE.
func (w *walker) delete(s *pgparse.DeleteStmt, sc *scope) []output {
	w.with(s.WithClause, sc)
	w.rangeVar(s.Relation, sc)
	for _, f := range s.UsingClause {
		w.from(f, sc)
	}
	w.access = Compare
	w.condition(s.WhereClause, sc)
	return w.returning(s.ReturningList, sc)
}

// returning walks what a change puts out, which is read.
func (w *walker) returning(list []*pgparse.Node, sc *scope) []output {
	var outs []output
	w.access = Read
	for _, t := range list {
		outs = append(outs, w.target(t, sc, nil)...)
	}
	return outs
}

// merge walks a MERGE: its actions write to the target.
func (w *walker) merge(s *pgparse.MergeStmt, sc *scope) {
	w.with(s.WithClause, sc)
	target := w.rangeVar(s.Relation, sc)
	w.from(s.SourceRelation, sc)
	w.access = Compare
	w.condition(s.JoinCondition, sc)
	for _, n := range s.MergeWhenClauses {
		c := n.GetMergeWhenClause()
		if c == nil {
			continue
		}
		w.access = Compare
		w.condition(c.Condition, sc)
		if c.CommandType != pgparse.CmdType_CMD_INSERT {
			w.assignments(c.TargetList, target, sc)
			continue
		}
		w.access = Write
		for i, v := range c.Values {
			if i >= len(c.TargetList) {
				w.node(v, sc)
				continue
			}
			refs := []*ref{target.column(c.TargetList[i].GetResTarget().GetName())}
			w.touch(refs)
			w.assign(v, refs, sc)
		}
	}
	w.returning(s.ReturningList, sc)
}
