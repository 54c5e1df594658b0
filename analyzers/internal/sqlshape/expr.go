package sqlshape

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A leaf is a value in an operand.
type leaf struct {
	value
	direct bool // its text is the value; not a key, a format, a part of arithmetic
	bare   bool // a hole that could as well be a name
}

// leafset is what an operand is made of.
type leafset struct {
	columns []*ref
	values  []leaf
}

// assign walks a value that is written to columns.
func (w *walker) assign(n *pgparse.Node, refs []*ref, sc *scope) {
	saved := w.access
	for _, v := range w.leaves(n, sc).values {
		if !v.direct {
			continue
		}
		w.use(v.value, refs, Write, Value)
	}
	w.access = Read
	w.operand(n, sc)
	w.access = saved
}

// condition walks a boolean expression. A lone hole in it is a condition.
func (w *walker) condition(n *pgparse.Node, sc *scope) {
	if n == nil {
		return
	}
	if h, ok := w.bareHole(n); ok {
		w.hole(h, SQLFragment)
		return
	}
	if b := n.GetBoolExpr(); b != nil {
		for _, arg := range b.Args {
			w.condition(arg, sc)
		}
		return
	}
	w.node(n, sc)
}

// bareHole reports whether a node is a lone hole.
func (w *walker) bareHole(n *pgparse.Node) (int, bool) {
	c := n.GetColumnRef()
	if c == nil || len(c.Fields) != 1 {
		return 0, false
	}
	h, ok := onlyHole(c.Fields[0].GetString_().GetSval())
	if !ok || h >= len(w.a.holes) {
		return 0, false
	}
	return h, true
}

// operand walks a value expression, where a lone hole is a value.
func (w *walker) operand(n *pgparse.Node, sc *scope) {
	if h, ok := w.bareHole(n); ok {
		if w.a.f.parts[w.a.f.holes[h]].Ident {
			w.hole(h, Identifier)
			return
		}
		w.use(value{'h', h}, nil, 0, ValueOther)
		return
	}
	w.node(n, sc)
}

// node walks an expression that may be missing.
func (w *walker) node(n *pgparse.Node, sc *scope) {
	if n != nil {
		w.expr(n, sc)
	}
}

// expr walks an expression: it pairs the two sides of each comparison, touches
// columns, and records values that nothing is said about.
func (w *walker) expr(root any, sc *scope) {
	if w.depth > maxDepth {
		return
	}
	w.depth++
	defer func() { w.depth-- }()
	pgparse.Walk(root, func(m pgparse.Message) bool {
		switch m := m.(type) {
		case *pgparse.SelectStmt:
			w.query(m, sc.child(), nil)
		case *pgparse.SubLink:
			w.subLink(m, sc)
		case *pgparse.A_Expr:
			w.operator(m, sc)
		case *pgparse.BoolExpr:
			for _, arg := range m.Args {
				w.condition(arg, sc)
			}
		case *pgparse.FuncCall:
			w.call(m, sc)
		case *pgparse.CaseExpr:
			w.caseExpr(m, sc)
		case *pgparse.ColumnRef:
			w.columnRef(m, sc)
		case *pgparse.ParamRef:
			w.use(value{'p', int(m.Number) - 1}, nil, 0, ValueOther)
		case *pgparse.A_Const:
			w.constant(m)
		case *pgparse.TypeName:
			for _, n := range m.Names {
				w.text(n.GetString_().GetSval(), Identifier)
			}
		case *pgparse.CollateClause:
			w.node(m.Arg, sc)
		default:
			return true
		}
		return false
	})
}

// columnRef touches a column. A hole in it is a name, unless it is all there is.
func (w *walker) columnRef(c *pgparse.ColumnRef, sc *scope) {
	qualifier, name := columnName(c)
	if h, ok := onlyHole(name); ok && len(qualifier) == 0 {
		w.use(value{'h', h}, nil, 0, ValueOther)
		return
	}
	for _, q := range append(qualifier, name) {
		for _, h := range holesIn(q) {
			w.hole(h, w.identRole())
		}
	}
	if name != "" && len(holesIn(name)) == 0 && name != someName {
		w.touch(w.resolve(sc, qualifier, name))
	}
}

// columnName returns a reference's names. "p.ssn" in one pair of quotes is
// taken for what it was meant to be.
func columnName(c *pgparse.ColumnRef) (qualifier []string, name string) {
	for _, f := range c.Fields {
		if s := f.GetString_(); s != nil {
			qualifier = append(qualifier, s.Sval)
		}
	}
	if len(qualifier) == 0 {
		return nil, ""
	}
	if len(qualifier) == 1 {
		if i := strings.LastIndexByte(qualifier[0], '.'); i > 0 && i+1 < len(qualifier[0]) {
			return []string{qualifier[0][:i]}, qualifier[0][i+1:]
		}
	}
	return qualifier[:len(qualifier)-1], qualifier[len(qualifier)-1]
}

// constant records the holes of a constant, or the constant itself.
func (w *walker) constant(c *pgparse.A_Const) {
	for _, v := range w.constants(c) {
		w.use(v.value, nil, 0, ValueOther)
	}
}

// constants returns the holes of a constant, or its token.
func (w *walker) constants(c *pgparse.A_Const) []leaf {
	s := c.GetSval().GetSval()
	if c.GetSval() == nil {
		if c.GetIsnull() || c.GetBoolval() != nil {
			return nil
		}
		// a number; its location leads to the token
		if p := w.r.pieces[w.r.pieceAt(int(c.Location))]; p.tok.kind == kNumber {
			return []leaf{{value: value{'s', p.idx}, direct: true}}
		}
		return nil
	}
	var out []leaf
	for _, h := range holesIn(s) {
		if h < len(w.a.holes) {
			out = append(out, leaf{value: value{'h', h}, direct: true})
		}
	}
	if len(out) == 0 {
		for _, t := range marks(s, strMark) {
			if t < len(w.a.toks) {
				out = append(out, leaf{value: value{'s', t}, direct: true})
			}
		}
	}
	return out
}

// caseExpr pairs the values of CASE x WHEN … with x.
func (w *walker) caseExpr(c *pgparse.CaseExpr, sc *scope) {
	w.node(c.Arg, sc)
	arg := w.leaves(c.Arg, sc)
	for _, n := range c.Args {
		when := n.GetCaseWhen()
		if c.Arg != nil {
			w.pairSets(arg, w.leaves(when.GetExpr(), sc))
			w.operand(when.GetExpr(), sc)
		} else {
			w.condition(when.GetExpr(), sc)
		}
		w.operand(when.GetResult(), sc)
	}
	w.operand(c.Defresult, sc)
}

// operatorName returns the operator without a schema.
func operatorName(e *pgparse.A_Expr) string {
	if len(e.Name) == 0 {
		return ""
	}
	return e.Name[len(e.Name)-1].GetString_().GetSval()
}

// compares reports whether an operator's two sides are of one kind, so that a
// value on one side is a value of the column on the other.
func compares(e *pgparse.A_Expr) bool {
	if e.Kind == pgparse.A_Expr_Kind_AEXPR_NULLIF {
		return false
	}
	return e.Kind != pgparse.A_Expr_Kind_AEXPR_OP || comparison[operatorName(e)]
}

// operator walks an operator with both sides.
func (w *walker) operator(e *pgparse.A_Expr, sc *scope) {
	saved := w.access
	switch {
	case !compares(e):
	case isKeyTest(operatorName(e)) && e.Kind == pgparse.A_Expr_Kind_AEXPR_OP: // jsonb ? 'key'
		w.access = Compare
		for _, v := range w.leaves(e.Rexpr, sc).values {
			w.use(v.value, nil, Compare, ValueOther)
		}
	default:
		w.access = Compare
		w.pair(e.Lexpr, e.Rexpr, sc)
	}
	w.operand(e.Lexpr, sc)
	w.operand(e.Rexpr, sc)
	w.access = saved
}

// isKeyTest reports whether the operator asks for a key of a JSON document:
// what it compares is no value of the column.
func isKeyTest(op string) bool { return op == "?" || op == "?|" || op == "?&" }

// pair matches the two sides of a comparison, rows place by place.
func (w *walker) pair(l, r *pgparse.Node, sc *scope) {
	if w.depth > maxDepth {
		return
	}
	if row := l.GetRowExpr(); row != nil {
		if other := r.GetRowExpr(); other != nil && len(other.Args) == len(row.Args) {
			for i := range row.Args {
				w.pair(row.Args[i], other.Args[i], sc)
			}
			return
		}
		if list := r.GetList(); list != nil {
			for _, item := range list.Items {
				w.pair(l, item, sc)
			}
			return
		}
	}
	w.pairSets(w.leaves(l, sc), w.leaves(r, sc))
}

// pairSets gives the values on each side the columns of the other.
func (w *walker) pairSets(l, r leafset) {
	// Have: <hole> = something that is no column. The hole names the column.
	if len(l.values) == 1 && len(l.columns) == 0 && len(r.columns) == 0 && l.values[0].bare && len(r.values) > 0 {
		w.hole(l.values[0].n, Identifier)
		for _, v := range r.values {
			w.use(v.value, []*ref{w.nowhere.column("")}, Compare, Value)
		}
		return
	}
	for _, v := range l.values {
		if v.direct && len(r.columns) > 0 {
			w.use(v.value, r.columns, Compare, Value)
		}
	}
	for _, v := range r.values {
		if v.direct && len(l.columns) > 0 {
			w.use(v.value, l.columns, Compare, Value)
		}
	}
}

// subLink walks a subquery; what it puts out is compared with the expression
// before IN, = ANY and the like.
func (w *walker) subLink(s *pgparse.SubLink, sc *scope) {
	outs := w.query(s.Subselect.GetSelectStmt(), sc.child(), nil)
	if s.Testexpr == nil {
		return
	}
	saved := w.access
	w.access = Compare
	var columns []*ref
	if len(outs) > 0 {
		columns = outs[0].refs
	}
	test := w.leaves(s.Testexpr, sc)
	w.pairSets(test, leafset{columns: columns})
	w.operand(s.Testexpr, sc)
	w.access = saved
}
