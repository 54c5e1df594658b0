package taint

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// entBuilders are the ends of the names of the builders that ent generates for
// each table.
var entBuilders = []string{"Create", "CreateBulk", "Update", "UpdateOne", "Upsert", "UpsertOne"}

// saved returns the error of a builder that ent generated: what its setters
// were given, in the chain of calls, is bound to the query. Nil for any other.
func (fn *function) saved(c *ssa.Call, obj *types.Func, t types.Type) *node {
	if obj == nil || kindOf(t) != "error" || obj.Name() != "Save" && obj.Name() != "Exec" || obj.Signature().Recv() == nil || c.Call.IsInvoke() {
		return nil
	}
	builder := elementType(obj.Signature().Recv().Type())
	if builder == nil || !slices.ContainsFunc(entBuilders, func(end string) bool { return strings.HasSuffix(builder.Obj().Name(), end) }) ||
		!slices.ContainsFunc(obj.Pkg().Imports(), func(p *types.Package) bool { return strings.HasPrefix(p.Path(), "entgo.io/ent/dialect") }) {
		return nil
	}
	var bound []*node
	for v := c.Call.Args[0]; ; {
		set, ok := v.(*ssa.Call)
		if !ok || set.Call.IsInvoke() || len(set.Call.Args) == 0 || !types.Identical(set.Type(), v.Type()) {
			break
		}
		for _, a := range set.Call.Args[1:] {
			bound = append(bound, fn.eval(a, set))
		}
		v = set.Call.Args[0]
	}
	name := builder.Obj().Name() + "." + obj.Name()
	return &node{kind: kQuery, name: name, x: []*node{none, {kind: kList, x: bound}, none}, pos: c.Pos()}
}
