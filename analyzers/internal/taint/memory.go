package taint

import (
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/rules/phi"
)

// A location is what an address denotes: a field path from a base, the value
// that everything reached through it belongs to. Pointers inside are followed
// without a mark, so s.q and *s.q are one location.
type location struct {
	base ssa.Value
	path string // ".2.0[]", with the numbers of fields and [] or [3] for elements
}

type step struct {
	t     types.Type // of what the field is taken from
	field int        // or -1 for an element
}

// A write is an instruction that may change what a base holds.
type write struct {
	instr ssa.Instruction
	path  string    // what it may change: that path and all below
	arg   ssa.Value // calls: the value through which the base goes in
}

type blockKey struct {
	loc   location
	block *ssa.BasicBlock
}

// locate returns the location that address v denotes, and the steps to it.
func (fn *function) locate(v ssa.Value) (location, []step) {
	var steps []step
	for depth := 0; depth < 64; depth++ {
		switch a := v.(type) {
		case *ssa.FieldAddr:
			steps = append(steps, step{a.X.Type(), a.Field})
			v = a.X
			continue
		case *ssa.IndexAddr:
			steps = append(steps, step{a.X.Type(), -1})
			v = a.X
			continue
		case *ssa.UnOp:
			if a.Op == token.MUL && reference(a.Type()) {
				v = a.X
				continue
			}
		case *ssa.MakeInterface:
			if reference(a.X.Type()) {
				v = a.X
				continue
			}
		case *ssa.ChangeType:
			v = a.X
			continue
		case *ssa.Call:
			if fn.fluent(a) {
				v = a.Call.Args[0]
				continue
			}
		case *ssa.Slice:
			if _, ok := a.X.Type().Underlying().(*types.Pointer); ok {
				v = a.X
				continue
			}
		}
		break
	}
	var path strings.Builder
	for i := len(steps) - 1; i >= 0; i-- {
		if steps[i].field < 0 {
			path.WriteString("[]")
		} else {
			path.WriteString("." + strconv.Itoa(steps[i].field))
		}
	}
	return location{v, path.String()}, steps
}

func reference(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Pointer, *types.Map, *types.Slice:
		return true
	}
	return false
}

// load returns what address v denotes at instruction at.
func (fn *function) load(v ssa.Value, at ssa.Instruction) *node {
	loc, steps := fn.locate(v)
	if g, ok := loc.base.(*ssa.Global); ok {
		return fn.descend(fn.global(g), steps)
	}
	if at == nil || at.Parent() != fn.f {
		return fn.initial(loc, steps)
	}
	writes := fn.writesTo(loc.base)
	if !writes.overlap(loc.path) {
		return fn.initial(loc, steps)
	}
	return fn.before(loc, steps, writes, at.Block(), fn.order[at])
}

// before returns the content of loc just before instruction number index of
// the block.
func (fn *function) before(loc location, steps []step, writes *writeIndex, block *ssa.BasicBlock, index int) *node {
	if w, ok := fn.lastWrite(writes, loc.path, block, index); ok {
		return fn.after(loc, steps, writes, w)
	}
	if block == fn.f.Blocks[0] || defines(block, loc.base) {
		return fn.initial(loc, steps)
	}
	if len(block.Preds) == 1 {
		return fn.atEnd(loc, steps, writes, block.Preds[0])
	}
	key := blockKey{loc, block}
	if n := fn.blocks[key]; n != nil {
		return n
	}
	n := &node{kind: kAlt}
	fn.blocks[key] = n
	for _, pred := range block.Preds {
		if x := fn.atEnd(loc, steps, writes, pred); x != n {
			n.x = append(n.x, x)
		}
	}
	n.x = distinct(n.x)
	return n
}

func (fn *function) atEnd(loc location, steps []step, writes *writeIndex, block *ssa.BasicBlock) *node {
	return fn.before(loc, steps, writes, block, len(block.Instrs))
}

func defines(block *ssa.BasicBlock, base ssa.Value) bool {
	instr, ok := base.(ssa.Instruction)
	return ok && instr.Block() == block
}

// after returns the content of loc just after write w.
func (fn *function) after(loc location, steps []step, writes *writeIndex, w write) *node {
	// One instruction changes one location in one way: remember it, as the
	// identity of nodes is what shares the common parts of alternatives.
	key := writeKey{loc, w.instr}
	if n := fn.afters[key]; n != nil {
		return n
	}
	hold := &node{kind: kAlt}
	fn.afters[key] = hold
	before := func() *node { return fn.before(loc, steps, writes, w.instr.Block(), fn.order[w.instr]) }
	n := fn.apply(loc, steps, w, before)
	// Whoever saw the preliminary node in a cycle reads the final one there.
	if n != hold {
		hold.x = []*node{n}
	}
	fn.afters[key] = n
	return n
}

type writeKey struct {
	loc   location
	instr ssa.Instruction
}

func (fn *function) apply(loc location, steps []step, w write, before func() *node) *node {
	if _, store := w.instr.(*ssa.Store); !store && w.arg != nil && len(w.path) > len(loc.path) {
		return fn.applyInside(loc, w, before)
	}
	switch instr := w.instr.(type) {
	case *ssa.Store:
		if instr.Addr != w.arg { // the address went into a list of arguments
			return fn.unknownWrite(loc, steps, before(), instr.Pos())
		}
		return fn.applyStore(loc, steps, w, fn.eval(instr.Val, instr), before)
	case *ssa.Send:
		return &node{kind: kList, index: 1, x: []*node{before(), fn.eval(instr.X, instr)}, pos: instr.Pos()}
	case *ssa.Select:
		sent := &node{kind: kList, index: 1, x: []*node{before()}, pos: instr.Pos()}
		for _, s := range instr.States {
			if s.Dir == types.SendOnly && s.Chan == w.arg {
				sent.x = append(sent.x, fn.eval(s.Send, instr))
			}
		}
		return sent
	case *ssa.MapUpdate:
		if key := constKey(instr.Key); key != "" && w.path == loc.path {
			return &node{kind: kWith, name: key, x: []*node{before(), fn.keyed(key, fn.eval(instr.Value, instr))}, pos: instr.Pos()}
		}
		return alternatives(instr.Pos(), []*node{before(), fn.eval(instr.Value, instr)})
	case ssa.CallInstruction:
		return fn.applyCall(loc, steps, w, instr, before)
	case *ssa.MakeClosure:
		return fn.applyClosure(loc, steps, w, instr, instr, nil, before)
	}
	return before()
}

func (fn *function) applyStore(loc location, steps []step, w write, val *node, before func() *node) *node {
	switch {
	case w.path == loc.path:
		if strings.HasSuffix(w.path, "[]") {
			return alternatives(w.instr.Pos(), []*node{before(), val})
		}
		return val
	case strings.HasPrefix(loc.path, w.path):
		// A whole was stored of which loc is a part: steps run from the
		// outermost part inwards, the last ones lead from the base to w.
		return fn.descend(val, steps[:len(steps)-depth(w.path)])
	}
	// A part of loc was stored.
	rest := strings.TrimPrefix(w.path, loc.path)
	if strings.HasPrefix(rest, "[]") {
		if rest != "[]" {
			return before()
		}
		prev := before()
		if prev.kind == kConst && prev.text == "" {
			prev = none
		}
		return &node{kind: kList, index: 1, x: []*node{prev, val}}
	}
	store, ok := w.instr.(*ssa.Store)
	if !ok {
		return before()
	}
	if fa, ok := store.Addr.(*ssa.FieldAddr); ok && depth(rest) == 1 {
		if f := fieldOf(fa.X.Type(), fa.Field); f != nil {
			return &node{kind: kWith, name: f.Name(), x: []*node{before(), val}, pos: store.Pos()}
		}
	} else if ok && depth(rest) == 2 {
		return storedURL(store, before, val)
	}
	return before()
}

// applyInside handles a call that changes field w.path of loc.
func (fn *function) applyInside(loc location, w write, before func() *node) *node {
	inner, steps := fn.locate(w.arg)
	if len(steps) == 0 || steps[0].field < 0 || depth(w.path)-depth(loc.path) != 1 {
		return before()
	}
	f := fieldOf(steps[0].t, steps[0].field)
	if f == nil {
		return before()
	}
	value := fn.after(inner, steps, fn.writesTo(inner.base), w)
	return &node{kind: kWith, name: f.Name(), x: []*node{before(), value}, pos: w.instr.Pos()}
}

func depth(path string) int { return strings.Count(path, ".") + strings.Count(path, "[") }

// descend takes the steps, innermost first, from n.
func (fn *function) descend(n *node, steps []step) *node {
	for i := len(steps) - 1; i >= 0; i-- {
		s := steps[i]
		if s.field >= 0 {
			n = fn.field(n, s.t, s.field, n.pos)
			continue
		}
		if n.kind == kList && len(n.x) > 0 {
			n = alternatives(n.pos, n.x)
		} else if n.kind != kConst {
			n = &node{kind: kElem, name: n.name, typ: n.typ, class: n.class, pos: n.pos, x: []*node{n}}
		}
	}
	return n
}

// initial returns what loc holds before any write of this function.
func (fn *function) initial(loc location, steps []step) *node {
	switch base := loc.base.(type) {
	case *ssa.Alloc:
		if len(steps) == 0 {
			return literal("")
		}
		return fn.descend(&node{kind: kLeaf, name: base.Comment, typ: "other", pos: base.Pos()}, steps)
	case *ssa.MakeSlice, *ssa.MakeMap, *ssa.MakeChan:
		return &node{kind: kList, name: fn.nameOf(base, "")}
	case *ssa.FreeVar:
		return fn.descend(fn.captured(base), steps)
	case *ssa.Global:
		return fn.descend(fn.global(base), steps)
	case *ssa.UnOp:
		if base.Op == token.ARROW {
			return fn.descend(fn.define(base), steps)
		}
		return none
	case *ssa.Const:
		return none
	}
	n := fn.define(loc.base)
	if len(steps) > 0 {
		if m := fn.stored(n, steps); m != nil {
			return m
		}
	}
	return fn.descend(n, steps)
}

// captured returns the symbol of a free variable: parameters come first, then
// the free variables in their order.
func (fn *function) captured(v *ssa.FreeVar) *node {
	if n := fn.memo[v]; n != nil {
		return n
	}
	n := none
	for i, fv := range fn.f.FreeVars {
		if fv == v {
			t := v.Type()
			if p, ok := t.Underlying().(*types.Pointer); ok {
				t = p.Elem()
			}
			value := phi.Value{Name: v.Name(), Kind: kindOf(t), Scope: fn.scope()}
			n = &node{kind: kParam, index: len(fn.f.Params) + i, name: v.Name(), typ: value.Kind, class: fn.e.class(value), pos: v.Pos()}
		}
	}
	fn.memo[v] = n
	return n
}

// close replaces the free variables in n by what they held where the closure
// was made, for what is judged inside the closure itself.
func (fn *function) close(n *node) *node {
	mc := fn.e.owners[fn.f]
	if len(fn.f.FreeVars) == 0 || !hasParam(n) {
		return n
	}
	args := make([]*node, len(fn.f.Params)+len(fn.f.FreeVars))
	for i, p := range fn.f.Params {
		args[i] = fn.define(p)
	}
	for i, v := range fn.f.FreeVars {
		at := len(fn.f.Params) + i
		own := *fn.captured(v)
		own.kind = kLeaf
		args[at] = &own
		if own.class.PHI() || mc == nil || i >= len(mc.Bindings) {
			continue
		}
		parent := fn.e.function(mc.Parent())
		if outer := parent.eval(mc.Bindings[i], mc); outer.kind != kConst || outer.text != "" {
			args[at] = fn.detach(parent.close(outer))
		}
	}
	return substitute(n, args, token.NoPos)
}

// detach turns the parameters in n into leaves: they belong to another
// function.
func (fn *function) detach(n *node) *node {
	if !hasParam(n) {
		return n
	}
	args := []*node{}
	walk(n, func(n *node) bool {
		if n.kind == kParam {
			for len(args) <= n.index {
				args = append(args, nil)
			}
			c := *n
			c.kind = kLeaf
			args[n.index] = &c
		}
		return true
	})
	return substitute(n, args, token.NoPos)
}

// global returns the value of a package-level variable: what is stored in it,
// if that is in one place.
func (fn *function) global(g *ssa.Global) *node {
	e := fn.e
	stores := e.stores[g.Object()]
	if g.Object() != nil && len(stores) == 1 && !e.globalBusy[g] {
		e.globalBusy[g] = true
		defer delete(e.globalBusy, g)
		s := stores[0]
		return fn.detach(e.function(s.Parent()).eval(s.Val, s))
	}
	if len(stores) == 0 && g.Pkg != nil && g.Pkg.Pkg == e.pass.Pkg {
		return literal("")
	}
	return fn.leaf(g.Name(), g.Type().Underlying().(*types.Pointer).Elem(), g.Pos())
}

// stored returns what this package stores in the field that steps lead to, if
// it holds text and is set in few places.
func (fn *function) stored(base *node, steps []step) *node {
	last := steps[0]
	if last.field < 0 || base.kind == kWith {
		return nil
	}
	f := fieldOf(last.t, last.field)
	if f == nil || kindOf(f.Type()) != "string" {
		return nil
	}
	stores := fn.e.stores[f]
	if len(stores) == 0 || len(stores) > 6 || fn.e.fieldBusy[f] {
		return nil
	}
	fn.e.fieldBusy[f] = true
	defer delete(fn.e.fieldBusy, f)
	var xs []*node
	for _, s := range stores {
		n := fn.e.function(s.Parent()).eval(s.Val, s)
		if s.Parent() != fn.f {
			n = fn.detach(n)
		}
		// Only composed text is worth following; values have the field's name.
		if n.kind == kConcat || n.kind == kFormat || n.kind == kAlt {
			xs = append(xs, n)
		}
	}
	if len(xs) == 0 {
		return nil
	}
	// Callers know what they have put into a parameter's field themselves.
	if own := fn.descend(base, steps); base.kind == kParam && own.kind == kField && !own.class.PHI() {
		xs = append(xs, own)
	}
	return alternatives(token.NoPos, xs)
}

// writesTo returns the instructions that may change what base holds.
func (fn *function) writesTo(base ssa.Value) *writeIndex {
	if ws, ok := fn.writes[base]; ok {
		return ws
	}
	fn.writes[base] = &writeIndex{} // for what asks while they are looked for
	t := tracker{fn: fn, seen: map[ssa.Value]bool{}}
	t.track(base, "")
	sortWrites(fn, t.writes)
	fn.writes[base] = newWriteIndex(t.writes)
	return fn.writes[base]
}
