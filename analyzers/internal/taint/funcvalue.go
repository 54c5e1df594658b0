package taint

import (
	"strings"

	"golang.org/x/tools/go/ssa"
)

// closureOf returns the function that a function value is, and what it
// captured, where that is plain to see: a function literal, or the result of a
// function of this package that returns one.
func (fn *function) closureOf(v ssa.Value) (*ssa.Function, []*node) {
	switch v := v.(type) {
	case *ssa.MakeClosure:
		f, _ := v.Fn.(*ssa.Function)
		if f == nil || boundMethod(v) {
			return nil, nil
		}
		var captured []*node
		for _, b := range v.Bindings {
			captured = append(captured, fn.eval(b, v))
		}
		return f, captured
	case *ssa.ChangeType:
		return fn.closureOf(v.X)
	case *ssa.Call:
		return fn.returnedClosure(v)
	}
	return nil, nil
}

// returnedClosure is closureOf the result of a call, as of
// func eq(column string) func(value string) string.
func (fn *function) returnedClosure(c *ssa.Call) (*ssa.Function, []*node) {
	maker := c.Call.StaticCallee()
	if maker == nil {
		return nil, nil
	}
	if maker.Origin() != nil {
		maker = maker.Origin()
	}
	closure := fn.e.onlyClosure(maker)
	if closure == nil {
		return nil, nil
	}
	// What the closure captured belongs to the maker, whose parameters are the
	// arguments of the call.
	var args []*node
	for _, a := range arguments(&c.Call) {
		args = append(args, fn.eval(a, c))
	}
	if mc, ok := c.Call.Value.(*ssa.MakeClosure); ok && !boundMethod(mc) {
		for _, b := range mc.Bindings {
			args = append(args, fn.eval(b, c))
		}
	}
	inner := fn.e.function(maker)
	var captured []*node
	for _, b := range closure.Bindings {
		captured = append(captured, fn.e.substitute(inner.eval(b, closure), args, c.Pos()))
	}
	f, _ := closure.Fn.(*ssa.Function)
	return f, captured
}

// onlyClosure returns the function literal that a function of this package
// returns, if it returns nothing else.
func (e *engine) onlyClosure(maker *ssa.Function) *ssa.MakeClosure {
	if maker.Blocks == nil || maker.Pkg == nil || maker.Pkg.Pkg != e.pass.Pkg || maker.Signature.Results().Len() != 1 {
		return nil
	}
	var closure *ssa.MakeClosure
	for _, b := range maker.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok {
			continue
		}
		v := ret.Results[0]
		if t, ok := v.(*ssa.ChangeType); ok {
			v = t.X
		}
		mc, ok := v.(*ssa.MakeClosure)
		if !ok || closure != nil || boundMethod(mc) {
			return nil
		}
		closure = mc
	}
	return closure
}

// valueSummary is summaryOf a call of a function value that another call
// returned.
func (fn *function) valueSummary(c ssa.CallInstruction) (*summary, []*node) {
	common := c.Common()
	if common.IsInvoke() || common.StaticCallee() != nil {
		return nil, nil
	}
	f, captured := fn.closureOf(common.Value)
	if f == nil || f.Blocks == nil {
		return nil, nil
	}
	s := fn.e.summarize(f)
	if s == nil {
		return nil, nil
	}
	var args []*node
	for _, a := range common.Args {
		args = append(args, fn.eval(a, c))
	}
	return s, append(args, captured...)
}

// boundMethod reports whether the closure is a method value: query := db.Query.
func boundMethod(mc *ssa.MakeClosure) bool {
	f, ok := mc.Fn.(*ssa.Function)
	return ok && strings.HasPrefix(f.Synthetic, "bound method wrapper") && len(mc.Bindings) == 1
}

// replacer describes strings.NewReplacer(old, new, …).Replace(text), as far as
// the pairs are known.
func (fn *function) replacer(c *ssa.Call) *node {
	made, ok := c.Call.Args[0].(*ssa.Call)
	if !ok || len(made.Call.Args) != 1 {
		return nil
	}
	if name, _ := callee(&made.Call); name != "strings.NewReplacer" {
		return nil
	}
	pairs := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(fn.eval(made.Call.Args[0], made))
	n := fn.eval(c.Call.Args[1], c)
	for i := 0; i+1 < len(pairs) && i < 64; i += 2 {
		n = &node{kind: kReplace, x: []*node{n, pairs[i], pairs[i+1]}, pos: c.Pos()}
	}
	return n
}
