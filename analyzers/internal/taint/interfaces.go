package taint

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/own"
)

// implementers merges the summaries of the methods of this package that an
// interface call may reach.
func (e *engine) implementers(c *ssa.CallCommon) *summary {
	iface, ok := c.Value.Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	return e.implemented(iface, c.Method.Name())
}

// implemented is implementers for the method of an interface.
func (e *engine) implemented(iface *types.Interface, method string) *summary {
	var all []*summary
	for _, f := range e.impls[method] {
		if !types.Implements(f.Signature.Recv().Type(), iface) {
			continue
		}
		if all = append(all, e.summarize(f)); len(all) > maxImplementers {
			return nil
		}
	}
	return anyOf(all)
}

// exportInterfaces attaches to the methods of the interfaces of this package
// what its own types do there. A service or a repository is an interface and
// the one type behind it, which no other package sees.
func (e *engine) exportInterfaces() {
	if !own.Package(e.pass) {
		return
	}
	scope := e.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		t, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !t.Exported() || t.IsAlias() {
			continue
		}
		iface, ok := t.Type().Underlying().(*types.Interface)
		if named, is := t.Type().(*types.Named); !ok || !is || named.TypeParams().Len() > 0 {
			continue
		}
		for m := range iface.ExplicitMethods() {
			if m.Pkg() != e.pass.Pkg || !m.Exported() {
				continue // promoted from the interface of another package
			}
			if s := e.implemented(iface, m.Name()); s != nil {
				e.export(m, s)
			}
		}
	}
}

// elsewhere returns what the types of imported packages do in a call of an
// interface that this package declares for them.
func (e *engine) elsewhere(c *ssa.CallCommon) *summary {
	named, ok := types.Unalias(c.Value.Type()).(*types.Named)
	if !ok || named.Obj().Pkg() != e.pass.Pkg || e.pass.Module == nil {
		return nil
	}
	if s, known := e.behindMethod[c.Method]; known {
		return s
	}
	var all []*summary
	iface, _ := named.Underlying().(*types.Interface)
	for _, p := range e.pass.Pkg.Imports() {
		if iface != nil && strings.HasPrefix(p.Path()+"/", e.pass.Module.Path+"/") {
			all = append(all, e.behind(iface, c.Method.Name(), p)...)
		}
	}
	var s *summary
	if len(all) <= maxImplementers {
		s = anyOf(all)
	}
	e.behindMethod[c.Method] = s
	return s
}

// behind returns what the types of an imported package do in a method.
func (e *engine) behind(iface *types.Interface, method string, p *types.Package) []*summary {
	var out []*summary
	for _, name := range p.Scope().Names() {
		t, ok := p.Scope().Lookup(name).(*types.TypeName)
		if !ok || t.IsAlias() || types.IsInterface(t.Type()) {
			continue
		}
		if named, is := t.Type().(*types.Named); !is || named.TypeParams().Len() > 0 {
			continue
		}
		pointer := types.NewPointer(t.Type())
		if !types.Implements(pointer, iface) {
			continue
		}
		if selection := types.NewMethodSet(pointer).Lookup(p, method); selection != nil {
			if m, ok := selection.Obj().(*types.Func); ok {
				out = append(out, e.imported(m))
			}
		}
	}
	return out
}

// anyOf returns a summary of functions of which one is called; those that are
// not known are left out.
func anyOf(all []*summary) *summary {
	var merged *summary
	for _, s := range all {
		switch {
		case s == nil:
		case merged == nil:
			merged = s
		default:
			both := &summary{
				effects: append(merged.effects[:len(merged.effects):len(merged.effects)], s.effects...),
				uses:    append(merged.uses[:len(merged.uses):len(merged.uses)], s.uses...),
			}
			for i := range min(len(merged.results), len(s.results)) {
				both.results = append(both.results, alternatives(token.NoPos, []*node{merged.results[i], s.results[i]}))
			}
			merged = both
		}
	}
	return merged
}
