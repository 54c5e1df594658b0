package taint

import (
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
)

// applyCall returns the content of loc after a call that got its address.
func (fn *function) applyCall(loc location, steps []step, w write, c ssa.CallInstruction, before func() *node) *node {
	common := c.Common()
	if mc, ok := common.Value.(*ssa.MakeClosure); ok && captures(mc, w.arg) {
		var args []*node
		for _, a := range common.Args {
			args = append(args, fn.eval(a, c))
		}
		return fn.applyClosure(loc, steps, w, mc, c, args, before)
	}
	if b, ok := common.Value.(*ssa.Builtin); ok && b.Name() == "copy" {
		return alternatives(c.Pos(), []*node{fn.eval(common.Args[1], c), before()})
	}
	if s, args := fn.valueSummary(c); s != nil {
		return fn.applyEffects(loc, steps, w, c, s, args, before)
	}
	name, obj := callee(common)
	if obj == nil {
		return fn.unknownWrite(loc, steps, before(), c.Pos())
	}
	if w.path == loc.path && len(common.Args) > 0 {
		if n := fn.appended(c, name, w, before); n != nil {
			return n
		}
	}
	for _, e := range fn.e.base.Lookup(name) {
		if e.Kind == knowledge.Scan {
			return fn.read(loc, steps, before(), c.Pos())
		}
	}
	if s, args := fn.summaryOf(c, obj); s != nil {
		return fn.applyEffects(loc, steps, w, c, s, args, before)
	}
	return fn.unknownWrite(loc, steps, before(), c.Pos())
}

func captures(mc *ssa.MakeClosure, v ssa.Value) bool {
	for _, b := range mc.Bindings {
		if b == v {
			return true
		}
	}
	return false
}

// appended handles the functions that append text to a builder or a writer.
func (fn *function) appended(c ssa.CallInstruction, name string, w write, before func() *node) *node {
	args := c.Common().Args
	if n := fn.executed(c, name, w); n != nil {
		return &node{kind: kConcat, appended: true, x: []*node{before(), n}, pos: c.Pos()}
	}
	if args[0] != w.arg {
		return nil
	}
	add := func(n *node) *node {
		return &node{kind: kConcat, appended: true, x: []*node{before(), n}, pos: c.Pos()}
	}
	switch name {
	case "fmt.Fprintf":
		return add(&node{kind: kFormat, x: []*node{fn.eval(args[1], c), fn.eval(args[2], c)}, pos: c.Pos()})
	case "fmt.Fprint", "fmt.Fprintln":
		return add(&node{kind: kJoin, x: []*node{fn.eval(args[1], c), literal(" ")}, pos: c.Pos()})
	case "io.WriteString":
		return add(fn.eval(args[1], c))
	case "(*strings.Builder).Reset", "(*bytes.Buffer).Reset":
		return literal("")
	case "(net/url.Values).Set", "(net/url.Values).Add":
		return fn.setParameter(c, before())
	}
	for _, e := range fn.e.base.Lookup(name) {
		if e.Kind == knowledge.Append && len(args) > 1 {
			return add(fn.eval(args[1], c))
		}
	}
	return nil
}

// applyEffects applies what the summary says of the argument.
func (fn *function) applyEffects(loc location, steps []step, w write, c ssa.CallInstruction, s *summary, args []*node, before func() *node) *node {
	rest := strings.TrimPrefix(loc.path, w.path)
	field := ""
	if rest != "" {
		if depth(rest) != 1 || len(steps) == 0 || steps[0].field < 0 {
			return before()
		}
		if f := fieldOf(steps[0].t, steps[0].field); f != nil {
			field = f.Name()
		}
	}
	content := before()
	for i, a := range arguments(c.Common()) {
		if a != w.arg {
			continue
		}
		args = append([]*node(nil), args...)
		if i < len(args) {
			args[i] = content
			if field != "" {
				args[i] = &node{kind: kWith, name: field, x: []*node{none, content}}
			}
		}
		for _, effect := range s.effects {
			if effect.param != i {
				continue
			}
			value := func() *node { return fn.e.substitute(effect.value, args, c.Pos()) }
			switch {
			case effect.field == field:
				return value()
			case field == "":
				content = &node{kind: kWith, name: effect.field, x: []*node{content, value()}}
			}
		}
	}
	return content
}

// applyClosure returns the content of loc after closure mc ran, which captured
// it, with the given arguments.
func (fn *function) applyClosure(loc location, steps []step, w write, mc *ssa.MakeClosure, at ssa.Instruction, args []*node, before func() *node) *node {
	f, ok := mc.Fn.(*ssa.Function)
	if !ok || f.Blocks == nil || len(f.FreeVars) != len(mc.Bindings) {
		return before()
	}
	inner := fn.e.function(f)
	for i, b := range mc.Bindings {
		if b != w.arg {
			continue
		}
		to := location{f.FreeVars[i], strings.TrimPrefix(loc.path, w.path)}
		writes := inner.writesTo(to.base)
		if !writes.overlap(to.path) {
			return before()
		}
		n := inner.atReturns(to, steps, writes)
		all := make([]*node, len(f.Params)+len(f.FreeVars))
		for j, p := range f.Params {
			if j < len(args) {
				all[j] = args[j]
			} else {
				c := *inner.define(p)
				c.kind = kLeaf
				all[j] = &c
			}
		}
		for j, other := range mc.Bindings {
			if j == i {
				all[len(f.Params)+j] = before()
			} else {
				all[len(f.Params)+j] = fn.eval(other, at)
			}
		}
		return fn.e.substitute(n, all, at.Pos())
	}
	return before()
}

// atReturns returns what loc holds when the function returns.
func (fn *function) atReturns(loc location, steps []step, writes *writeIndex) *node {
	var xs []*node
	for _, b := range fn.f.Blocks {
		if ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); ok {
			xs = append(xs, fn.before(loc, steps, writes, b, fn.order[ret]))
		}
	}
	return alternatives(token.NoPos, xs)
}

// unknownWrite returns the content of loc after code that cannot be seen got
// its address: what was set before counts, and an unset variable is known by
// its name from then on.
func (fn *function) unknownWrite(loc location, steps []step, before *node, pos token.Pos) *node {
	if before.kind == kConst && before.text == "" {
		return fn.read(loc, steps, before, pos)
	}
	return before
}

// read returns a node for what was read into loc.
func (fn *function) read(loc location, steps []step, before *node, pos token.Pos) *node {
	if len(steps) > 0 {
		return fn.initial(loc, steps)
	}
	if a, ok := loc.base.(*ssa.Alloc); ok {
		return fn.leaf(a.Comment, a.Type().Underlying().(interface{ Elem() types.Type }).Elem(), pos)
	}
	return before
}
