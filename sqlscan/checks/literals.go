package checks

import (
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// literals pairs the constants of a statement with the columns that they are
// written to or compared with.
func (p *Pass) literals(s *catalog.Statement) []use {
	w := &literalWalk{p: p}
	switch n := s.Node.Node.(type) {
	case *pgparse.Node_InsertStmt:
		w.insert(n.InsertStmt)
	case *pgparse.Node_UpdateStmt:
		w.update(n.UpdateStmt)
	case *pgparse.Node_DeleteStmt:
		w.relation(n.DeleteStmt.Relation)
		w.from(n.DeleteStmt.UsingClause)
		w.conditions(n.DeleteStmt.WhereClause)
	case *pgparse.Node_SelectStmt:
		w.selects(n.SelectStmt)
	case *pgparse.Node_MergeStmt:
		w.relation(n.MergeStmt.Relation)
		w.conditions(n.MergeStmt.JoinCondition)
	}
	return w.uses
}

// A literalWalk goes through one statement. Its scope is flat: an alias of an
// outer query is still known in an inner one, which is what SQL does as well.
type literalWalk struct {
	p     *Pass
	scope []scoped
	uses  []use
}

// scoped is a table by the name that the statement calls it.
type scoped struct {
	alias string
	table *catalog.Table
	// guess classifies columns of a table that the history never creates.
	guess *phi.TableClass
}

func (w *literalWalk) relation(rv *pgparse.RangeVar, columns ...string) *scoped {
	if rv == nil {
		return nil
	}
	alias := rv.GetAlias().GetAliasname()
	if alias == "" {
		alias = rv.Relname
	}
	s := scoped{alias: alias, table: w.p.Catalog.Table(rv.Schemaname, rv.Relname)}
	if s.table == nil || s.table.Ghost {
		s.guess = w.p.guess(rv, columns, s.table != nil && s.table.RowSecurity.On)
	}
	w.scope = append(w.scope, s)
	return &w.scope[len(w.scope)-1]
}

// guess classifies a table by what one statement says of it, in a project
// that is known to deal with health data. A table that the history protects
// with row security, and whose CREATE it does not have, is taken to hold PHI.
func (p *Pass) guess(rv *pgparse.RangeVar, columns []string, protected bool) *phi.TableClass {
	if !p.Schema.Health() || len(columns) == 0 {
		return nil
	}
	t := phi.Table{Schema: rv.Schemaname, Name: rv.Relname}
	if protected {
		t.Comment = "holds PHI"
	}
	for _, c := range columns {
		t.Columns = append(t.Columns, phi.Column{Name: c, Type: "text"})
	}
	return p.Lexicon.Classify([]phi.Table{t}, []string{"phi"}).Table(rv.Schemaname, rv.Relname)
}

func (w *literalWalk) class(s *scoped, column string) (string, phi.Class) {
	if s.guess != nil {
		class, _ := s.guess.Column(column)
		return s.guess.Name, class
	}
	if s.table == nil {
		return "", phi.Class{}
	}
	return s.table.Name.String(), w.p.Column(s.table, column)
}

func (w *literalWalk) add(s *scoped, column string, value *pgparse.Node) {
	if s == nil || !isLiteral(value) {
		return
	}
	table, class := w.class(s, column)
	w.uses = append(w.uses, use{table, column, class, literal(value)})
}

func (w *literalWalk) insert(n *pgparse.InsertStmt) {
	var columns []string
	for _, c := range n.Cols {
		columns = append(columns, c.GetResTarget().GetName())
	}
	s := w.relation(n.Relation, columns...)
	if s == nil {
		return
	}
	if len(columns) == 0 && s.table != nil {
		for _, c := range s.table.Columns {
			columns = append(columns, c.Name)
		}
	}
	target := *s // the scope's slice may move
	q := n.SelectStmt.GetSelectStmt()
	for _, row := range q.GetValuesLists() {
		for i, v := range row.GetList().GetItems() {
			if i < len(columns) {
				w.add(&target, columns[i], v)
			}
		}
	}
	if q != nil && len(q.ValuesLists) == 0 {
		for i, t := range q.TargetList {
			if i < len(columns) {
				w.add(&target, columns[i], t.GetResTarget().GetVal())
			}
		}
		w.selects(q)
	}
	w.assignments(&target, n.OnConflictClause.GetTargetList())
}

func (w *literalWalk) assignments(s *scoped, targets []*pgparse.Node) {
	for _, t := range targets {
		w.add(s, t.GetResTarget().GetName(), t.GetResTarget().GetVal())
	}
}

func (w *literalWalk) update(n *pgparse.UpdateStmt) {
	var columns []string
	for _, t := range n.TargetList {
		columns = append(columns, t.GetResTarget().GetName())
	}
	s := w.relation(n.Relation, columns...)
	if s == nil {
		return
	}
	target := *s
	w.assignments(&target, n.TargetList)
	w.from(n.FromClause)
	w.conditions(n.WhereClause)
}

func (w *literalWalk) selects(q *pgparse.SelectStmt) {
	if q == nil {
		return
	}
	w.from(q.FromClause)
	for _, side := range []*pgparse.SelectStmt{q.Larg, q.Rarg} {
		w.selects(side)
	}
	w.conditions(q.WhereClause)
}

// from adds the tables of a FROM clause, those of joins and subqueries too.
func (w *literalWalk) from(nodes []*pgparse.Node) {
	for _, n := range nodes {
		pgparse.Walk(n, func(m pgparse.Message) bool {
			if rv, ok := m.(*pgparse.RangeVar); ok {
				w.relation(rv)
			}
			return true
		})
	}
}

// conditions finds comparisons of a column with constants.
func (w *literalWalk) conditions(n *pgparse.Node) {
	if n == nil {
		return
	}
	pgparse.Walk(n, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.RangeVar:
			w.relation(x)
		case *pgparse.A_Expr:
			w.compare(x.Lexpr, x.Rexpr)
			w.compare(x.Rexpr, x.Lexpr)
		}
		return true
	})
}

func (w *literalWalk) compare(column, value *pgparse.Node) {
	ref := columnIn(column)
	if ref == nil || value == nil {
		return
	}
	s := w.resolve(ref)
	if list := value.GetList(); list != nil {
		for _, v := range list.Items {
			w.add(s, refColumn(ref), v)
		}
		return
	}
	w.add(s, refColumn(ref), value)
}

// columnIn returns the column of an operand such as ssn, lower(ssn) or ssn::text.
func columnIn(n *pgparse.Node) *pgparse.ColumnRef {
	for {
		switch {
		case n.GetColumnRef() != nil:
			return n.GetColumnRef()
		case n.GetTypeCast() != nil:
			n = n.GetTypeCast().Arg
		case n.GetFuncCall() != nil && len(n.GetFuncCall().Args) == 1:
			n = n.GetFuncCall().Args[0]
		default:
			return nil
		}
	}
}

// resolve returns the table of a column: the qualified one, or the only one
// that has a column of that name.
func (w *literalWalk) resolve(ref *pgparse.ColumnRef) *scoped {
	name, qualifier := refColumn(ref), ""
	if n := len(ref.Fields); n > 1 {
		qualifier = ref.Fields[n-2].GetString_().GetSval()
	}
	for i := range w.scope {
		s := &w.scope[i]
		switch {
		case qualifier != "" && s.alias != qualifier:
		case qualifier != "", s.table != nil && s.table.Column(name) != nil:
			return s
		}
	}
	return nil
}
