package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/rules/phi"
)

// parsed names what the error of a call quotes by where the other result goes:
// what is parsed into a date of birth was one. n is the error.
func (fn *function) parsed(c *ssa.Call, index int, n *node) *node {
	sig := c.Call.Signature()
	if index == 0 || index >= sig.Results().Len() || kindOf(sig.Results().At(index).Type()) != "error" || !quotes(n) {
		return n
	}
	name, class := fn.becomes(c)
	if !class.PHI() {
		return n
	}
	value := &node{kind: kLeaf, name: name, typ: "string", class: class, pos: c.Pos(), x: []*node{n}}
	from := ""
	walk(n, func(n *node) bool {
		if n.kind == kError && from == "" {
			from = n.name
		}
		return from == ""
	})
	return &node{kind: kError, name: from, x: []*node{value}, pos: c.Pos()}
}

// quotes reports whether the error quotes a value of which no more is known
// than that.
func quotes(n *node) bool {
	found := false
	walk(n, func(n *node) bool {
		if n.kind == kError {
			found = true
		}
		return !found && n.kind != kQuery
	})
	return found
}

// becomes returns name and class of the variable or the field that the first
// result of a call is stored in.
func (fn *function) becomes(c *ssa.Call) (string, phi.Class) {
	for _, r := range *c.Referrers() {
		x, ok := r.(*ssa.Extract)
		if !ok || x.Index != 0 {
			continue
		}
		if local := fn.names[x]; local != "" {
			if class := fn.e.class(phi.Value{Name: local, Kind: kindOf(x.Type()), Scope: fn.scope()}); class.PHI() {
				return local, class
			}
		}
		return fn.storedIn(x, 0)
	}
	return "", phi.Class{}
}

// storedIn returns name and class of the field that v is stored in, perhaps
// converted or by its address.
func (fn *function) storedIn(v ssa.Value, depth int) (string, phi.Class) {
	if depth > 3 || v.Referrers() == nil {
		return "", phi.Class{}
	}
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.Store:
			if r.Val != v {
				continue
			}
			switch addr := r.Addr.(type) {
			case *ssa.FieldAddr:
				if value, ok := fn.e.fieldValue(addr.X.Type(), addr.Field); ok {
					if class := fn.e.fieldClass(addr.X.Type(), addr.Field, value); class.PHI() {
						return value.Owner + "." + value.Name, class
					}
				}
			case *ssa.Alloc: // a variable of which the address is taken
				if name, class := fn.storedIn(addr, depth+1); class.PHI() {
					return name, class
				}
			}
		case *ssa.Convert, *ssa.ChangeType, *ssa.Phi:
			if name, class := fn.storedIn(r.(ssa.Value), depth+1); class.PHI() {
				return name, class
			}
		case *ssa.UnOp:
			if _, ok := v.Type().Underlying().(*types.Pointer); ok {
				if name, class := fn.storedIn(r, depth+1); class.PHI() {
					return name, class
				}
			}
		}
	}
	return "", phi.Class{}
}
