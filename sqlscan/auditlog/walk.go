package auditlog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A statementWalk pairs the constants and parameters of a statement with the
// columns that they are written to or compared with. Its scope is flat: every
// relation that the statement names anywhere may have a column without a
// qualifier, and which of them does is settled when all tables are known.
type statementWalk struct {
	s       *Scanner
	t       *template
	st      pgparse.Statement
	scope   []scoped
	touches []relation
	names   []string       // of relations and columns
	at      map[int]column // by the offset of a literal
	params  map[int]column
}

type scoped struct {
	alias    string
	relation relation
}

// maxScope bounds the relations of one statement.
const maxScope = 64

func (w *statementWalk) statement(st pgparse.Statement) {
	w.st, w.scope = st, nil
	with := map[string]bool{}
	pgparse.Walk(st.Node, func(m pgparse.Message) bool {
		if c, ok := m.(*pgparse.CommonTableExpr); ok {
			with[c.Ctename] = true
		}
		return true
	})
	pgparse.Walk(st.Node, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.RangeVar:
			if x.Schemaname != "" || !with[x.Relname] {
				w.relation(x)
			}
		case *pgparse.ColumnDef:
			w.names = append(w.names, x.Colname)
		}
		return true
	})
	pgparse.Walk(st.Node, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.CreateStmt, *pgparse.AlterTableStmt, *pgparse.IndexStmt, *pgparse.CreatePolicyStmt, *pgparse.CreateDomainStmt:
			return false // a rule for values is none
		case *pgparse.InsertStmt:
			w.insert(x)
		case *pgparse.UpdateStmt:
			w.assign(w.target(x.Relation), x.TargetList)
		case *pgparse.MergeStmt:
			w.merge(x)
		case *pgparse.A_Expr:
			w.compare(x.Lexpr, x.Rexpr)
			w.compare(x.Rexpr, x.Lexpr)
		}
		return true
	})
}

func (w *statementWalk) relation(rv *pgparse.RangeVar) {
	r := relation{rv.Schemaname, rv.Relname}
	w.names = append(w.names, rv.Schemaname, rv.Relname)
	if len(w.scope) >= maxScope {
		return
	}
	alias := rv.GetAlias().GetAliasname()
	if alias == "" {
		alias = rv.Relname
	}
	w.scope = append(w.scope, scoped{alias, r})
	w.touches = append(w.touches, r)
	w.s.tables.see(r, "")
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
func (w *statementWalk) compare(left, right *pgparse.Node) {
	if left == nil || right == nil {
		return
	}
	if row := left.GetRowExpr(); row != nil {
		for i, v := range right.GetRowExpr().GetArgs() {
			if i < len(row.Args) {
				w.compare(row.Args[i], v)
			}
		}
		return
	}
	ref := columnOf(left)
	if ref == nil {
		return
	}
	name, qualifier := field(ref, 1), field(ref, 2)
	var of []relation
	for _, s := range w.scope {
		if qualifier == "" || s.alias == qualifier {
			of = append(of, s.relation)
		}
	}
	w.add(of, name, right)
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
