package taint

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// constraintCodes are the SQLSTATEs of errors whose text names the constraint
// and leaves the values to the detail.
var constraintCodes = map[string]bool{"23502": true, "23503": true, "23505": true, "23514": true, "23P01": true}

// outcome returns what is left of n at the call, where the conditions that lead
// there say which error it is: a sentinel quotes nothing, nor does the text of
// the violation of a constraint.
func (fn *function) outcome(c ssa.CallInstruction, n *node) *node {
	b := c.Block()
	for depth := 0; b != nil && depth < 50; depth++ {
		d := b.Idom()
		if d == nil {
			break
		}
		branch, ok := d.Instrs[len(d.Instrs)-1].(*ssa.If)
		if ok && len(b.Preds) == 1 && d.Succs[0] == b && d.Succs[1] != b {
			n = fn.settled(branch.Cond, c, n)
		}
		b = d
	}
	return n
}

// settled returns what is left of n where cond is true.
func (fn *function) settled(cond ssa.Value, c ssa.CallInstruction, n *node) *node {
	switch cond := cond.(type) {
	case *ssa.Call: // errors.Is(err, sql.ErrNoRows)
		if name, _ := callee(&cond.Call); name == "errors.Is" || name == "golang.org/x/xerrors.Is" || name == "github.com/pkg/errors.Is" {
			if isSentinel(cond.Call.Args[1]) {
				return replace(n, map[*node]bool{fn.eval(cond.Call.Args[0], c): true})
			}
		}
	case *ssa.BinOp:
		if cond.Op != token.EQL {
			break
		}
		for _, pair := range [2][2]ssa.Value{{cond.X, cond.Y}, {cond.Y, cond.X}} {
			if isSentinel(pair[1]) && kindOf(pair[0].Type()) == "error" {
				return replace(n, map[*node]bool{fn.eval(pair[0], c): true})
			}
			if code, ok := pair[1].(*ssa.Const); ok && code.Value != nil && code.Value.Kind() == constant.String &&
				constraintCodes[constant.StringVal(code.Value)] && fn.eval(pair[0], c).typ == "pgerror" {
				return asViolation(n)
			}
		}
	}
	return n
}

// isSentinel reports whether v is a package-level variable that holds an error.
func isSentinel(v ssa.Value) bool {
	if m, ok := v.(*ssa.ChangeInterface); ok {
		v = m.X
	}
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return false
	}
	_, global := load.X.(*ssa.Global)
	return global
}

// asViolation marks the errors of queries in n as those of a driver that show
// their message only.
func asViolation(n *node) *node {
	memo := map[*node]*node{}
	var rec func(n *node) *node
	rec = func(n *node) *node {
		if m := memo[n]; m != nil {
			return m
		}
		if n.kind == kQuery {
			m := &node{kind: kThrough, typ: "pgerror", name: n.name, x: []*node{n}, pos: n.pos}
			memo[n] = m
			return m
		}
		m := new(node)
		*m = *n
		memo[n] = m
		m.x = make([]*node, len(n.x))
		for i, x := range n.x {
			m.x[i] = rec(x)
		}
		return m
	}
	found := false
	walk(n, func(n *node) bool {
		found = found || n.kind == kQuery
		return !found
	})
	if !found {
		return n
	}
	return rec(n)
}
