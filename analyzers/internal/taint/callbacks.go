package taint

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A loan is a function literal that was handed to a function.
type loan struct {
	f        *ssa.Function
	bindings []ssa.Value
}

// loans returns the function literals among the arguments of a call: code that
// cannot be seen probably calls them.
func loans(c *ssa.CallCommon) []loan {
	var out []loan
	for _, a := range c.Args {
		if t, ok := a.(*ssa.ChangeType); ok {
			a = t.X
		}
		switch a := a.(type) {
		case *ssa.Function:
			if a.Parent() != nil && a.Blocks != nil {
				out = append(out, loan{a, nil})
			}
		case *ssa.MakeClosure:
			if f, ok := a.Fn.(*ssa.Function); ok && !boundMethod(a) && f.Blocks != nil && len(f.FreeVars) == len(a.Bindings) {
				out = append(out, loan{f, a.Bindings})
			}
		}
	}
	return out
}

// lentErrors returns what the errors of the function literals are that were
// handed to an unknown function: retry.Do(func() error { … }) returns them.
func (fn *function) lentErrors(c ssa.CallInstruction, but *ssa.Function) *node {
	var xs []*node
	for _, l := range loans(c.Common()) {
		f := l.f
		r := f.Signature.Results()
		if f == but || r.Len() == 0 || kindOf(r.At(r.Len()-1).Type()) != "error" {
			continue
		}
		s := fn.e.summarize(f)
		if s == nil || len(s.results) != r.Len() {
			continue
		}
		if n := fn.e.substitute(s.results[r.Len()-1], fn.lentArgs(l, c, nil), c.Pos()); n != none {
			xs = append(xs, n)
		}
	}
	return alternatives(c.Pos(), xs)
}

// lentArgs returns what to put in for the parameters and the captured
// variables of a function literal: parameters are known by their names only,
// and an error is what the other literals return.
func (fn *function) lentArgs(l loan, c ssa.CallInstruction, failed *node) []*node {
	inner := fn.e.function(l.f)
	var args []*node
	for _, p := range l.f.Params {
		if failed != nil && failed != none && types.Identical(p.Type(), types.Universe.Lookup("error").Type()) {
			args = append(args, failed)
			continue
		}
		n := *inner.define(p)
		n.kind = kLeaf
		args = append(args, &n)
	}
	for _, b := range l.bindings {
		args = append(args, fn.eval(b, c))
	}
	return args
}

// collectLent records what the function literals that are handed to an unknown
// function let go of this function's parameters. What is known where a literal
// stands was judged there.
func (fn *function) collectLent(c ssa.CallInstruction) {
	for _, l := range loans(c.Common()) {
		s := fn.e.summarize(l.f)
		if s == nil || len(s.lent) == 0 {
			continue
		}
		fn.lift(s.lent, fn.lentArgs(l, c, fn.lentErrors(c, l.f)), c)
	}
}

func outermost(f *ssa.Function) *ssa.Function {
	for f.Parent() != nil {
		f = f.Parent()
	}
	return f
}

// capturesParam reports whether n holds a variable that the function literal
// captured, or an error that it is given.
func (fn *function) capturesParam(n *node) bool {
	found := false
	walk(n, func(n *node) bool {
		if n.kind == kParam {
			found = found || n.index >= len(fn.f.Params) || n.typ == "error"
		}
		return !found
	})
	return found
}
