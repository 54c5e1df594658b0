package taint

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/typename"
)

// Limits that keep summaries small: a result that is composed of more is
// described by what it is computed from, and no more uses are passed upwards.
const (
	maxResultNodes  = 400
	maxUses         = 32
	maxEffects      = 8
	maxImplementers = 4
)

// summaryOf returns what the called function does and the arguments to put in
// for its parameters, or nil if its code cannot be seen.
func (fn *function) summaryOf(c ssa.CallInstruction, obj *types.Func) (*summary, []*node) {
	common := c.Common()
	var s *summary
	var bindings []ssa.Value
	if s, args := fn.valueSummary(c); s != nil {
		return s, args
	}
	if f := common.StaticCallee(); f != nil {
		if f.Origin() != nil {
			f = f.Origin()
		}
		if mc, ok := common.Value.(*ssa.MakeClosure); ok && !boundMethod(mc) {
			bindings = mc.Bindings
		}
		switch {
		case f.Blocks != nil && f.Pkg != nil && f.Pkg.Pkg == fn.e.pass.Pkg:
			s = fn.e.summarize(f)
		case obj != nil:
			s = fn.e.imported(obj)
		}
	} else if common.IsInvoke() {
		if s = fn.e.implementers(common); s == nil && obj != nil {
			if s = fn.e.imported(obj); s == nil {
				s = fn.e.elsewhere(common)
			}
		}
	}
	if s == nil {
		return nil, nil
	}
	var args []*node
	for _, a := range arguments(common) {
		args = append(args, fn.eval(a, c))
	}
	for _, b := range bindings {
		args = append(args, fn.eval(b, c))
	}
	return s, args
}

// summarize returns the summary of a function of this package, or nil while
// that function is being summarised: recursion is cut there.
func (e *engine) summarize(f *ssa.Function) *summary {
	fn := e.function(f)
	if fn.summary != nil || fn.busy {
		return fn.summary
	}
	fn.busy = true
	s := &summary{fluent: returnsFirst(f)}
	fn.results(s)
	fn.effects(s)
	fn.collect()
	for _, u := range fn.uses {
		// What is reported here needs no report in the callers.
		reported := e.judge(fn, u)
		if len(s.uses) < maxUses && u.open(reported) {
			s.uses = append(s.uses, u.without(reported))
		}
		if u.raw != nil && len(reported) == 0 && len(s.lent) < maxUses {
			s.lent = append(s.lent, u.raw)
		}
	}
	fn.busy = false
	fn.summary = s
	return s
}

// returnsFirst reports whether a method returns the very pointer it was called
// on, as the methods of builders do.
func returnsFirst(f *ssa.Function) bool {
	sig := f.Signature
	if sig.Recv() == nil || sig.Results().Len() != 1 || !reference(sig.Recv().Type()) || !types.Identical(sig.Results().At(0).Type(), sig.Recv().Type()) {
		return false
	}
	for _, b := range f.Blocks {
		ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) != 1 {
			continue
		}
		v := ret.Results[0]
		if c, ok := v.(*ssa.Call); ok && len(c.Call.Args) > 0 && c.Call.Args[0] == f.Params[0] {
			continue // return q.other(…), taken to do the same
		}
		if v != f.Params[0] {
			return false
		}
	}
	return true
}

// fluent reports whether the call returns the pointer it was called on.
func (fn *function) fluent(c *ssa.Call) bool {
	if known, ok := fn.chains[c]; ok {
		return known
	}
	is := false
	f := c.Call.StaticCallee()
	if f != nil && f.Origin() != nil {
		f = f.Origin()
	}
	if f != nil && f.Signature.Recv() != nil && len(c.Call.Args) > 0 && types.Identical(c.Type(), c.Call.Args[0].Type()) {
		if f.Blocks != nil {
			is = returnsFirst(f)
		} else if _, obj := callee(&c.Call); obj != nil {
			s := fn.e.imported(obj)
			is = s != nil && s.fluent
		}
	}
	fn.chains[c] = is
	return is
}

// open reports whether what goes still depends on a caller.
func (u *use) open(reported map[*node]bool) bool {
	open := false
	look := func(n *node) bool {
		open = open || n.kind == kParam && !reported[n]
		return !open && !reported[n]
	}
	if u.text != nil {
		walk(u.text, look)
	}
	for _, v := range u.values {
		walk(v, look)
	}
	return open
}

// without returns the use as callers see it.
func (u *use) without(reported map[*node]bool) *use {
	out := *u
	out.raw = nil
	out.text = replace(u.text, reported)
	out.values = nil
	for _, v := range u.values {
		out.values = append(out.values, replace(v, reported))
	}
	return &out
}

func (fn *function) results(s *summary) {
	sig := fn.f.Signature
	for i := range sig.Results().Len() {
		var xs []*node
		t := sig.Results().At(i).Type()
		for _, b := range fn.f.Blocks {
			ret, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return)
			if ok && i < len(ret.Results) && kindOf(t) != "bool" {
				xs = append(xs, fn.eval(ret.Results[i], ret))
			}
		}
		n := alternatives(token.NoPos, xs)
		if kindOf(t) == "struct" && !logAttribute(t) && !composedStruct(n) {
			n = none
		}
		s.results = append(s.results, collapse(n))
	}
}

// composedStruct reports whether a struct is known in more than its type.
func composedStruct(n *node) bool {
	found := false
	walk(n, func(n *node) bool {
		found = found || n.kind == kWith || n.kind == kConcat || n.kind == kQuery
		return !found
	})
	return found
}

// collapse bounds the size of a description.
func collapse(n *node) *node {
	size := 0
	walk(n, func(*node) bool { size++; return size <= maxResultNodes })
	if size <= maxResultNodes {
		return n
	}
	return through(n.pos, leavesOf(n, maxResultNodes/4)...)
}

// leavesOf returns the first values that n is computed from. An error stays
// one: of what went into a query, it shows less than a text would.
func leavesOf(n *node, most int) []*node {
	var leaves []*node
	walk(n, func(n *node) bool {
		if len(leaves) >= most {
			return false
		}
		switch n.kind {
		case kParam, kLeaf, kField, kElem:
			leaves = append(leaves, n)
			return false
		case kQuery, kError:
			var below []*node
			for _, x := range n.x {
				below = append(below, leavesOf(x, most-len(leaves)-1)...)
			}
			most = max(most-len(below), len(leaves)+1)
			m := *n
			if m.x = []*node{through(n.pos, below...)}; n.kind == kQuery {
				m.x = []*node{none, {kind: kList, x: below}, none}
			}
			leaves = append(leaves, &m)
			return false
		}
		return true
	})
	return leaves
}

// effects finds what the function leaves in what its parameters point to.
func (fn *function) effects(s *summary) {
	for i, p := range fn.f.Params {
		if k := kindOf(p.Type()); !reference(p.Type()) && k != "other" && k != code {
			continue
		}
		seen := map[string]bool{}
		for _, w := range fn.writesTo(p).all {
			if seen[w.path] || depth(w.path) > 1 || len(s.effects) >= maxEffects {
				continue
			}
			seen[w.path] = true
			var steps []step
			field := ""
			if w.path != "" {
				if w.arg == nil {
					continue
				}
				_, steps = fn.locate(w.arg)
				if len(steps) != 1 || steps[0].field < 0 {
					continue
				}
				f := fieldOf(steps[0].t, steps[0].field)
				if f == nil {
					continue
				}
				field = f.Name()
			}
			loc := location{p, w.path}
			before := fn.initial(loc, steps)
			after := fn.atReturns(loc, steps, fn.writesTo(p))
			if after != before && after != none && !sameParam(after, i) {
				s.effects = append(s.effects, effect{i, field, collapse(after)})
			}
		}
	}
}

// sameParam reports whether n is just parameter i, or a field of it.
func sameParam(n *node, i int) bool {
	if n.kind == kField {
		n = n.x[0]
	}
	return n.kind == kParam && n.index == i
}

// collect finds the calls of the function that let values go.
func (fn *function) collect() {
	for _, b := range fn.f.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case ssa.CallInstruction:
				fn.collectCall(instr)
			case *ssa.Panic:
				fn.add(&use{kind: knowledge.Panic, sink: "panic", call: nil, pos: instr.Pos(), values: []*node{fn.eval(instr.X, instr)}})
			}
		}
	}
}

func (fn *function) add(u *use) {
	if u.home == nil {
		u.home = outermost(fn.f)
	}
	if fn.f.Parent() != nil && u.kind != knowledge.SQL && slices.ContainsFunc(u.values, fn.capturesParam) {
		raw := *u
		raw.values = slices.Clone(u.values)
		u.raw = &raw
	}
	if u.text != nil {
		u.text = fn.close(u.text)
	}
	for i, v := range u.values {
		u.values[i] = fn.close(v)
	}
	fn.uses = append(fn.uses, u)
	fn.queries = fn.queries || u.kind == knowledge.SQL && len(u.values) > 0 && !u.via
}

func (fn *function) collectCall(c ssa.CallInstruction) {
	common := c.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		fn.printed(c, b)
		return
	}
	fn.collectLent(c)
	name, obj := callee(common)
	if obj == nil {
		if f, _ := fn.closureOf(common.Value); f == nil {
			return
		}
	}
	listed := false
	if obj != nil {
		fn.errorText(c, name)
		listed = fn.listedSink(c, name, obj)
	}
	if listed {
		return
	}
	s, args := fn.summaryOf(c, obj)
	if s == nil {
		if obj != nil {
			fn.shapeSink(c, name, obj)
			fn.shapeOutlet(c, name, obj)
		}
		return
	}
	if len(s.uses) == 0 && obj != nil {
		if common.IsInvoke() {
			fn.shapeSink(c, name, obj)
		} else if levelled(obj) {
			fn.logShape(c, name, obj) // into a channel or a buffer, say, that another function writes
		}
	}
	fn.lift(s.uses, args, c)
	if len(s.lent) > 0 && obj == nil { // func() { … }(), go and defer
		fn.lift(s.lent, args, c)
	}
}

// lift records the uses of a callee with the arguments put in.
func (fn *function) lift(uses []*use, args []*node, c ssa.CallInstruction) {
	for _, u := range uses {
		if len(fn.uses) > 4*maxUses {
			return
		}
		v := &use{kind: u.kind, attr: u.attr, sink: u.sink, call: c, pos: c.Pos(), via: true, origin: u.origin, home: u.home}
		if !v.origin.IsValid() {
			v.origin = u.pos
		}
		if u.text != nil {
			v.text = fn.e.substitute(u.text, args, c.Pos())
		}
		for _, x := range u.values {
			v.values = append(v.values, fn.e.substitute(x, args, c.Pos()))
		}
		fn.add(v)
	}
}

// textArgument returns the text that a call gets as the parameter, and what is
// bound to it; nil if the argument cannot be text.
func (fn *function) textArgument(c ssa.CallInstruction, obj *types.Func, param string) (text *node, values []*node) {
	v, list := argument(c.Common(), obj, param), variadic(c.Common())
	switch {
	case v == nil:
		return nil, nil
	case list == nil || list != v:
		if !textual(v) {
			return nil, nil
		}
		if list != nil {
			values = []*node{fn.eval(list, c)}
		}
		return fn.eval(v, c), values
	}
	if s, ok := v.Type().Underlying().(*types.Slice); ok && kindOf(s.Elem()) == "string" {
		return fn.eval(v, c), nil // each is text, as the columns of SELECT
	}
	// Have: First(&p, "ssn = ?", ssn), where the first of the list is the text.
	// It may as well be a key or a struct: only composed text is one for sure.
	items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(fn.eval(v, c))
	if len(items) == 0 || items[0].kind != kConst && !composite(items[0]) || items[0].kind == kList {
		return nil, nil
	}
	return items[0], []*node{{kind: kList, x: items[1:]}}
}

// textual reports whether v can be SQL text: gorm's conditions may as well be
// structs and maps, whose values it binds.
func textual(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		v = m.X
	}
	switch k := kindOf(v.Type()); k {
	case "string", "bytes":
		return true
	case "other":
		return types.IsInterface(v.Type())
	}
	return false
}

// errorText records the text of an error that is made here.
func (fn *function) errorText(c ssa.CallInstruction, name string) {
	call, ok := c.(*ssa.Call)
	if !ok {
		return
	}
	switch name {
	case "fmt.Errorf", "errors.New", "github.com/pkg/errors.Errorf", "github.com/pkg/errors.New", "golang.org/x/xerrors.Errorf":
		if n := fn.composed(call, name, 0); n != nil {
			fn.add(&use{kind: knowledge.Panic, sink: name, call: c, pos: c.Pos(), values: []*node{n}})
		}
	}
}

// listedSink records a call of a function that the knowledge files list.
func (fn *function) listedSink(c ssa.CallInstruction, name string, obj *types.Func) bool {
	entries := fn.e.base.Lookup(name)
	found := fn.written(c, name)
	for _, e := range entries {
		switch e.Kind {
		case knowledge.SQL:
			text, values := fn.textArgument(c, obj, e.Param)
			if text == nil {
				continue
			}
			u := &use{kind: e.Kind, attr: e.Attr("fragment"), style: e.Attr("style"), sink: name, call: c, pos: c.Pos(), text: text, values: values}
			if u.attr != "" {
				u.table = fn.chainTable(c)
			}
			fn.add(u)
			found = true
		case knowledge.Log, knowledge.Stdout, knowledge.Panic, knowledge.Telemetry, knowledge.Response, knowledge.URL:
			v := argument(c.Common(), obj, e.Param)
			if v == nil {
				continue
			}
			n := fn.eval(v, c)
			if e.Attr("pairs") == "true" {
				n = fn.pairs(n)
			}
			if key := e.Attr("key"); key != "" {
				n = fn.keyed(constKey(argument(c.Common(), obj, key)), n)
			}
			if e.Attr("format") == "true" {
				if list := variadic(c.Common()); list != nil {
					n = &node{kind: kFormat, x: []*node{n, fn.eval(list, c)}, pos: c.Pos()}
				}
			}
			switch e.Attr("json") {
			case "true":
				n = encoded(n, c.Pos())
			case "structs":
				n = structsEncoded(n)
			}
			u := &use{kind: e.Kind, sink: name, call: c, pos: c.Pos(), values: []*node{fn.outcome(c, n)}}
			if e.Kind == knowledge.URL && typename.Of(v.Type()) == "net/http.Request" {
				u.attr = "request"
			}
			fn.add(u)
			found = true
		}
	}
	return found
}
