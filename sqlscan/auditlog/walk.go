package auditlog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A statementWalk pairs the constants and parameters of a statement with the
// columns that they are written to or compared with.
type statementWalk struct {
	s       *Scanner
	t       *template
	st      pgparse.Statement
	with    map[string]bool // names of WITH queries
	touches []relation
	names   []string       // of relations and columns
	at      map[int]column // by the offset of a literal
	params  map[int]column
	// sure are columns whose values stand in a broken statement somewhere.
	sure []column
}

type scoped struct {
	alias    string
	relation relation
}

// A scope holds the relations that a column of one query can be of.
type scope struct {
	own []scoped
	// inner are the relations of the subqueries and WITH queries that it reads:
	// what they hand out comes from there.
	inner []scoped
	outer *scope
}

// maxScope bounds the relations of one statement.
const maxScope = 64

func (w *statementWalk) statement(st pgparse.Statement) {
	w.st, w.with = st, map[string]bool{}
	pgparse.Walk(st.Node, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.CommonTableExpr:
			w.with[x.Ctename] = true
		case *pgparse.RangeVar:
			w.names = append(w.names, x.Schemaname, x.Relname)
		case *pgparse.ColumnDef:
			w.names = append(w.names, x.Colname)
		}
		return true
	})
	for _, r := range w.relations(st.Node, true) {
		if len(w.touches) < maxScope && !slices.Contains(w.touches, r.relation) {
			w.touches = append(w.touches, r.relation)
			w.s.tables.see(r.relation, "")
		}
	}
	w.query(nil, st.Node, nil)
}

// relations returns the relations that a part of a statement names, those of
// queries inside it only if deep.
func (w *statementWalk) relations(root any, deep bool) []scoped {
	var out []scoped
	pgparse.Walk(root, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.SelectStmt, *pgparse.InsertStmt, *pgparse.UpdateStmt, *pgparse.DeleteStmt, *pgparse.MergeStmt, *pgparse.WithClause:
			return deep || m == root
		case *pgparse.RangeVar:
			if len(out) >= maxScope || x.Schemaname == "" && w.with[x.Relname] {
				break
			}
			alias := x.GetAlias().GetAliasname()
			if alias == "" {
				alias = x.Relname
			}
			out = append(out, scoped{alias, relation{x.Schemaname, x.Relname}})
		}
		return true
	})
	return out
}

// scopeOf returns the scope of a query inside another one, or of the first.
func (w *statementWalk) scopeOf(query pgparse.Message, outer *scope) *scope {
	sc := &scope{outer: outer, own: w.relations(query, false)}
	derived := len(w.with) > 0
	if q, ok := query.(*pgparse.SelectStmt); ok {
		pgparse.Walk(q.FromClause, func(m pgparse.Message) bool {
			_, sub := m.(*pgparse.RangeSubselect)
			derived = derived || sub
			return !sub
		})
	}
	if derived {
		sc.inner = w.relations(query, true)
	}
	return sc
}

// query judges a query, or with nil what is around the first one; queries
// inside it see its relations from outside.
func (w *statementWalk) query(self pgparse.Message, root any, sc *scope) {
	pgparse.Walk(root, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.CreateStmt, *pgparse.AlterTableStmt, *pgparse.IndexStmt, *pgparse.CreatePolicyStmt, *pgparse.CreateDomainStmt:
			return false // a rule for values is none
		case *pgparse.SelectStmt, *pgparse.InsertStmt, *pgparse.UpdateStmt, *pgparse.DeleteStmt, *pgparse.MergeStmt:
			if m != self {
				w.query(m, m, w.scopeOf(m, sc))
				return false
			}
			w.writes(m)
		case *pgparse.A_Expr:
			w.compare(sc, x.Lexpr, x.Rexpr)
			w.compare(sc, x.Rexpr, x.Lexpr)
		}
		return true
	})
}

// writes pairs the values that a statement writes with their columns.
func (w *statementWalk) writes(m pgparse.Message) {
	switch x := m.(type) {
	case *pgparse.InsertStmt:
		w.insert(x)
	case *pgparse.UpdateStmt:
		w.assign(w.target(x.Relation), x.TargetList)
	case *pgparse.MergeStmt:
		w.merge(x)
	}
}

// candidates returns the relations that a column may be of: those of its own
// query, or of the ones around it if the project knows that these lack it.
func (w *statementWalk) candidates(sc *scope, name, qualifier string) []relation {
	for ; sc != nil; sc = sc.outer {
		of := w.having(append(sc.own[:len(sc.own):len(sc.own)], sc.inner...), name, qualifier)
		if len(of) == 0 && qualifier != "" { // the alias of a subquery
			of = w.having(sc.inner, name, "")
		}
		if len(of) > 0 {
			return of
		}
	}
	return nil
}

// having returns the relations of that alias, or with "" of any, that may have
// the column.
func (w *statementWalk) having(list []scoped, name, qualifier string) []relation {
	var of []relation
	for _, s := range list {
		if qualifier != "" && s.alias != qualifier || slices.Contains(of, s.relation) {
			continue
		}
		if class := w.s.tables.known(s.relation); class != nil {
			if _, has := class.Column(name); !has {
				continue
			}
		}
		of = append(of, s.relation)
	}
	return of
}

// target is the relation that a statement writes to.
func (w *statementWalk) target(rv *pgparse.RangeVar) []relation {
	if rv == nil {
		return nil
	}
	return []relation{{rv.Schemaname, rv.Relname}}
}

func (w *statementWalk) insert(n *pgparse.InsertStmt) {
	to := w.target(n.Relation)
	if to == nil {
		return
	}
	w.rows(to, columnNames(n.Cols), n.SelectStmt.GetSelectStmt())
	w.assign(to, n.OnConflictClause.GetTargetList())
}

func columnNames(targets []*pgparse.Node) []string {
	var out []string
	for _, c := range targets {
		out = append(out, c.GetResTarget().GetName())
	}
	return out
}

// rows pairs the values of an INSERT with its columns; without a list these
// are the table's own, if the project has the table.
func (w *statementWalk) rows(to []relation, names []string, q *pgparse.SelectStmt) {
	if class := w.s.tables.known(to[0]); len(names) == 0 && class != nil {
		for _, c := range class.Columns {
			names = append(names, c.Name)
		}
	}
	for _, row := range q.GetValuesLists() {
		for i, v := range row.GetList().GetItems() {
			if i < len(names) {
				w.add(to, names[i], v)
			}
		}
	}
	if len(q.GetValuesLists()) > 0 {
		return
	}
	for i, t := range q.GetTargetList() {
		if i < len(names) {
			w.add(to, names[i], t.GetResTarget().GetVal())
		}
	}
}

func (w *statementWalk) assign(to []relation, targets []*pgparse.Node) {
	for _, t := range targets {
		w.add(to, t.GetResTarget().GetName(), t.GetResTarget().GetVal())
	}
}

func (w *statementWalk) merge(n *pgparse.MergeStmt) {
	to := w.target(n.Relation)
	for _, clause := range n.MergeWhenClauses {
		c := clause.GetMergeWhenClause()
		names := columnNames(c.GetTargetList())
		for i, v := range c.GetValues() {
			if i < len(names) {
				w.add(to, names[i], v)
			}
		}
		if len(c.GetValues()) == 0 {
			w.assign(to, c.GetTargetList())
		}
	}
}

// compare pairs a column on one side of an operator with what is on the other.
func (w *statementWalk) compare(sc *scope, left, right *pgparse.Node) {
	if left == nil || right == nil {
		return
	}
	if row := left.GetRowExpr(); row != nil {
		for i, v := range right.GetRowExpr().GetArgs() {
			if i < len(row.Args) {
				w.compare(sc, row.Args[i], v)
			}
		}
		return
	}
	ref := columnOf(left)
	if ref == nil {
		return
	}
	name := field(ref, 1)
	w.add(w.candidates(sc, name, field(ref, 2)), name, right)
}

// field returns a part of a column's name, counted from its end.
func field(ref *pgparse.ColumnRef, fromEnd int) string {
	if n := len(ref.Fields); n >= fromEnd {
		return ref.Fields[n-fromEnd].GetString_().GetSval()
	}
	return ""
}

// columnOf returns the column of an operand such as ssn, lower(ssn), ssn::text
// or note->>'text'.
func columnOf(n *pgparse.Node) *pgparse.ColumnRef {
	for n != nil {
		switch {
		case n.GetColumnRef() != nil:
			return n.GetColumnRef()
		case n.GetTypeCast() != nil:
			n = n.GetTypeCast().Arg
		case n.GetCollateClause() != nil:
			n = n.GetCollateClause().Arg
		case n.GetFuncCall() != nil && len(n.GetFuncCall().Args) > 0 && keeps[functionName(n.GetFuncCall())]:
			n = n.GetFuncCall().Args[0]
		case n.GetCoalesceExpr() != nil:
			n = n.GetCoalesceExpr().Args[0]
		case n.GetAExpr() != nil && len(n.GetAExpr().Name) == 1 && keeps[n.GetAExpr().Name[0].GetString_().GetSval()]:
			n = n.GetAExpr().Lexpr
		default:
			return nil
		}
	}
	return nil
}

// keeps are functions and operators whose result still is the column's value,
// or a part of it: what lower(ssn) is compared with is an SSN, what length(ssn)
// is compared with is not.
var keeps = map[string]bool{
	"lower": true, "upper": true, "initcap": true, "trim": true, "btrim": true, "ltrim": true, "rtrim": true, "unaccent": true, "replace": true,
	"translate": true, "regexp_replace": true, "substring": true, "substr": true, "left": true, "right": true, "to_char": true, "concat": true,
	"date": true, "->": true, "->>": true, "#>": true, "#>>": true, "||": true,
}

func functionName(f *pgparse.FuncCall) string {
	if len(f.Funcname) == 0 {
		return ""
	}
	return f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
}

// add notes the constants and parameters of an expression that meets a column.
// Subqueries have columns of their own.
func (w *statementWalk) add(of []relation, name string, value *pgparse.Node) {
	if name == "" || len(of) == 0 || value == nil {
		return
	}
	c := column{relations: of, name: name}
	met := false
	pgparse.Walk(value, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.SubLink, *pgparse.SelectStmt, *pgparse.TypeName:
			return false
		case *pgparse.FuncCall: // the others are formats, keys and options
			if len(x.Args) > 1 {
				w.add(of, name, x.Args[0])
				return false
			}
		case *pgparse.A_Const:
			met = true
			if offset := w.st.Offset(x.Location); x.Location >= 0 {
				if _, taken := w.at[offset]; !taken {
					w.at[offset] = c
				}
			}
		case *pgparse.ParamRef:
			met = true
			w.params[int(x.Number)] = c
		}
		return true
	})
	if !met {
		return
	}
	for _, r := range of {
		w.s.tables.see(r, name)
	}
}
