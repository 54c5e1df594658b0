// Package typename names types as the tables of the analyzers do.
package typename

import "go/types"

// Of returns the qualified name of a type or of what it points to, such as
// "net/http.Request"; "" if it has no name or, as error, no package. t may be
// nil.
func Of(t types.Type) string {
	n := Named(t)
	if n == nil || n.Obj().Pkg() == nil {
		return ""
	}
	return n.Obj().Pkg().Path() + "." + n.Obj().Name()
}

// Named returns the named type that t is or points to, or nil; t may be nil.
func Named(t types.Type) *types.Named {
	n, _ := types.Unalias(Deref(t)).(*types.Named)
	return n
}

// Deref returns what t points to, or t itself.
func Deref(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
