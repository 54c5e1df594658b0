package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// writesOut names methods that turn what they get into text.
var writesOut = lazyregexp.New(`(?i:marshal|encod|serial|format|render|print|string|text|json|xml|html|sql|dump|template|compose|build|describe|summar|display|convert|interpolat|expand|join|quote|escape)|^To[A-Z]`)

// operation reports whether a call asks a method or a function value to do
// something that may fail: storing a record, or sending one. The text that comes
// back is then a key or a state, not the record.
func operation(c *ssa.Call, obj *types.Func) bool {
	sig := c.Call.Signature()
	fails := false
	for i := range sig.Results().Len() {
		fails = fails || kindOf(sig.Results().At(i).Type()) == "error"
	}
	switch {
	case !fails:
		return false
	case obj == nil:
		return true
	}
	return obj.Signature().Recv() != nil && !writesOut.MatchString(obj.Name())
}

// texts returns what the arguments of a call that are text are.
func (fn *function) texts(c *ssa.Call, args []ssa.Value) []*node {
	var xs []*node
	for _, a := range args {
		if text(a) {
			xs = append(xs, fn.eval(a, c))
		}
	}
	return xs
}

// text reports whether a value is text, a list of it, or made from such as an
// interface.
func text(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	}
	switch kindOf(v.Type()) {
	case "string", "bytes", "json":
		return true
	}
	return false
}
