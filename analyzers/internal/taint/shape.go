package taint

import (
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
)

// queryVerb names methods that run SQL, whatever the library.
var queryVerb = regexp.MustCompile(`^(Must)?(Exec|Query|QueryRow|QueryRows|Queryx|QueryRowx|Get|Select|Prepare|Preparex|Raw|RawQuery|NamedExec|NamedQuery)(Context|Ctx)?$`)

// shapeSink records a call of code that cannot be seen whose name and shape
// say that it runs SQL or writes a log: (ctx, text, ...any).
func (fn *function) shapeSink(c ssa.CallInstruction, name string, obj *types.Func) {
	sig := obj.Signature()
	if sig.Recv() == nil {
		return
	}
	if queryVerb.MatchString(obj.Name()) {
		if at := queryShape(obj.Name(), sig); at >= 0 {
			args := c.Common().Args
			if !c.Common().IsInvoke() {
				at++
			}
			if at < len(args) {
				u := &use{kind: knowledge.SQL, attr: "shape", sink: name, call: c, pos: c.Pos(), text: fn.eval(args[at], c)}
				if list := variadic(c.Common()); list != nil {
					u.values = []*node{fn.eval(list, c)}
				}
				fn.add(u)
			}
		}
		return
	}
	if logVerb.MatchString(obj.Name()) && loggerLike(sig.Recv().Type()) {
		fn.logShape(c, name, obj)
	}
}

// queryShape returns the index of the text in the parameters, or -1: the last
// string before the variadic ...any. A context or a destination may precede.
func queryShape(name string, sig *types.Signature) int {
	n := sig.Params().Len()
	if n == 0 {
		return -1
	}
	if strings.HasPrefix(name, "Prepare") {
		if kindOf(sig.Params().At(n-1).Type()) == "string" && n <= 2 {
			return n - 1
		}
		return -1
	}
	if !sig.Variadic() || n < 2 || n > 4 {
		return -1
	}
	list, ok := sig.Params().At(n - 1).Type().(*types.Slice)
	if !ok {
		return -1
	}
	if i, ok := list.Elem().Underlying().(*types.Interface); !ok || i.NumMethods() > 0 {
		return -1
	}
	if kindOf(sig.Params().At(n-2).Type()) == "string" {
		return n - 2
	}
	return -1
}

var logVerb = regexp.MustCompile(`^(Trace|Debug|Info|Print|Warn|Warning|Error|Err|Fatal|Panic|DPanic|Critical|Notice|Log)(f|ln|w|s|S|Context|Ctx|fContext|Contextf|Fields|Msg)?$`)

// loggerLike reports whether the type is named like a logger.
func loggerLike(t types.Type) bool {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok {
		return false
	}
	name := strings.ToLower(named.Obj().Name())
	return strings.Contains(name, "log") && !strings.Contains(name, "login") && !strings.Contains(name, "catalog") &&
		!strings.Contains(name, "dialog") || name == "entry" || name == "sugar"
}

func (fn *function) logShape(c ssa.CallInstruction, name string, obj *types.Func) {
	args := c.Common().Args
	if !c.Common().IsInvoke() {
		args = args[1:]
	}
	u := &use{kind: knowledge.Log, sink: name, call: c, pos: c.Pos()}
	sig := obj.Signature()
	for i, a := range args {
		if i+2 == len(args) && sig.Variadic() && strings.Contains(obj.Name(), "f") && kindOf(a.Type()) == "string" {
			f := &node{kind: kFormat, x: []*node{fn.eval(a, c), fn.eval(args[i+1], c)}, pos: c.Pos()}
			u.values = append(u.values, f)
			break
		}
		if k := kindOf(a.Type()); k != "struct" || i > 0 {
			u.values = append(u.values, fn.eval(a, c))
		}
	}
	if len(u.values) > 0 {
		fn.add(u)
	}
}
