package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/typename"
)

// printers are the methods by which a type decides what is printed of it, in
// the order in which they are believed.
var printers = []string{"LogValue", "Error", "String"}

// ownPrint returns what a value prints by its own method, where the code of
// that can be seen; otherwise n. What is converted to an interface with
// methods of its own is not about to be printed.
func (fn *function) ownPrint(v *ssa.MakeInterface, n *node) *node {
	if i, ok := v.Type().Underlying().(*types.Interface); !ok || i.NumMethods() > 1 || n.kind == kConst {
		return n
	}
	t := types.Unalias(v.X.Type())
	named := typename.Named(t)
	if named == nil || named.Obj().Pkg() == nil || driverError(t) {
		return n
	}
	methods := types.NewMethodSet(t)
	for _, name := range printers {
		selection := methods.Lookup(named.Obj().Pkg(), name)
		if selection == nil {
			continue
		}
		m, ok := selection.Obj().(*types.Func)
		if !ok || m.Signature().Params().Len() != 0 || m.Signature().Results().Len() != 1 {
			return n
		}
		var s *summary
		if m.Pkg() == fn.e.pass.Pkg {
			if f := fn.f.Prog.FuncValue(m.Origin()); f != nil && f.Blocks != nil {
				s = fn.e.summarize(f)
			}
		} else {
			s = fn.e.imported(m)
		}
		if s == nil || len(s.results) != 1 {
			return n
		}
		printed := fn.e.substitute(s.results[0], []*node{n}, v.Pos())
		if printed == none || printed.kind == kConst {
			return printed
		}
		// The type has decided: a key it is logged under says nothing more.
		typ := "own"
		if name == "Error" {
			typ = "error"
		}
		return &node{kind: kThrough, typ: typ, x: []*node{printed}, pos: v.Pos()}
	}
	return n
}
