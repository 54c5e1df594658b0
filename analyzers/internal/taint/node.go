package taint

import (
	"go/token"
	"slices"

	"github.com/phivet/phivet/rules/phi"
)

// A kind says how a node's value comes about.
type kind uint8

const (
	kNone        kind = iota // nothing that matters is known of it
	kConst                   // the text
	kParam                   // parameter number index of the function
	kLeaf                    // a named value; x: what it was computed from, if known
	kField                   // field name of x[0]
	kElem                    // an element of x[0]; name: the constant key, if any
	kConcat                  // x one after the other; appended: x[1] was appended to x[0]
	kAlt                     // one of x
	kFormat                  // format x[0] with the list x[1] of arguments
	kJoin                    // the elements of list x[0] with x[1] between them
	kList                    // a list: the elements of the first index of x, which are lists, then the others of x
	kReplace                 // x[0] with x[1] replaced by x[2]
	kSame                    // x[0], perhaps cut; text and index say how
	kThrough                 // computed from x in a way that need not keep the text
	kError                   // an error that quotes x; name: who returned it
	kQuery                   // a query error: x[0] the text, x[1] the bound values, x[2] the destinations
	kWith                    // x[0] with field name set to x[1]
	kPlaceholder             // $1 or ?
)

// A node describes a value of the program: where it comes from and, for text,
// how it is composed. Nodes form a graph with cycles (loops that append).
// Parameters stay symbolic, so that one description serves all callers.
type node struct {
	kind     kind
	appended bool      // kConcat: see there
	index    int       // kParam: number; kSame: how to cut; kList: see there
	text     string    // kConst: the text; kSame: what is cut
	name     string    // how the source spells the value, such as patient.SSN
	class    phi.Class // of the value, by its own name and type
	typ      string    // the kind of the value as in phi.Value.Kind
	pos      token.Pos // of the construct; NoPos in facts
	x        []*node
}

// How kSame cuts its operand.
const (
	cutNothing = iota
	cutSuffix  // strings.TrimSuffix(x, text)
	cutSet     // strings.TrimRight or Trim with the set text
	cutTail    // x[:len(x)-n], n in text as that many bytes
	cutPrefix  // strings.TrimPrefix(x, text)
)

var none = &node{kind: kNone}

func literal(text string) *node { return &node{kind: kConst, text: text} }

// replace returns n with the nodes of the set replaced by none, which is what a
// caller is told of values that the callee reported itself.
func replace(n *node, set map[*node]bool) *node {
	if len(set) == 0 || n == nil {
		return n
	}
	memo := map[*node]*node{}
	var rec func(*node) *node
	rec = func(n *node) *node {
		if set[n] {
			return none
		}
		if m := memo[n]; m != nil {
			return m
		}
		if len(n.x) == 0 {
			return n
		}
		c := new(node)
		*c = *n
		memo[n] = c
		c.x = make([]*node, len(n.x))
		for i, x := range n.x {
			c.x[i] = rec(x)
		}
		return c
	}
	return rec(n)
}

// through returns a node for a value computed from xs, or none if nothing in
// xs can matter.
func through(pos token.Pos, xs ...*node) *node {
	var kept []*node
	for _, x := range xs {
		if x != nil && x.kind != kNone && x.kind != kConst && x.kind != kPlaceholder {
			kept = append(kept, x)
		}
	}
	if len(kept) == 0 {
		return none
	}
	return &node{kind: kThrough, x: kept, pos: pos}
}

// alternatives returns a node that is one of xs.
func alternatives(pos token.Pos, xs []*node) *node {
	var kept []*node
	for _, x := range xs {
		seen := false
		for _, k := range kept {
			seen = seen || k == x
		}
		if !seen && x != nil {
			kept = append(kept, x)
		}
	}
	switch len(kept) {
	case 0:
		return none
	case 1:
		return kept[0]
	}
	return &node{kind: kAlt, x: kept, pos: pos}
}

// walk visits n and everything below it once, parents before children, in a
// fixed order, until visit returns false for a node whose children are then
// left out.
func walk(n *node, visit func(*node) bool) {
	walkBy(n, func(n *node) []*node { return n.x }, visit)
}

// walkPrinted is walk without the arguments that a format does not show, such
// as those of %T.
func walkPrinted(n *node, visit func(*node) bool) { walkBy(n, printed, visit) }

func walkBy(n *node, children func(*node) []*node, visit func(*node) bool) {
	seen := map[*node]bool{}
	var rec func(*node)
	rec = func(n *node) {
		if n == nil || seen[n] {
			return
		}
		seen[n] = true
		if !visit(n) {
			return
		}
		for _, x := range children(n) {
			rec(x)
		}
	}
	rec(n)
}

// hasParam reports whether n depends on a parameter.
func hasParam(n *node) bool {
	found := false
	walk(n, func(n *node) bool {
		found = found || n.kind == kParam
		return !found
	})
	return found
}

// substitute returns n with each parameter replaced by the argument of its
// number. Parts that do not depend on parameters are shared, unless they lack
// a position: those get pos, the place of the call.
func substitute(n *node, args []*node, pos token.Pos) *node {
	memo := map[*node]*node{}
	depends := map[*node]bool{}
	markDependent(n, depends)
	var rec func(*node) *node
	rec = func(n *node) *node {
		if n.kind == kParam {
			if n.index < len(args) && args[n.index] != nil {
				return args[n.index]
			}
			return none
		}
		if m := memo[n]; m != nil {
			return m
		}
		if !depends[n] {
			return n
		}
		c := *n
		m := &c
		memo[n] = m
		if !m.pos.IsValid() {
			m.pos = pos
		}
		m.x = make([]*node, len(n.x))
		for i, x := range n.x {
			m.x[i] = rec(x)
		}
		if m.kind == kElem && m.text == "" && known(m.x[0]) {
			v := alternatives(m.pos, m.x[0].x)
			memo[n] = v
			return v
		}
		if m.kind == kField {
			if v := project(m.x[0], m.text); v != nil {
				memo[n] = v
				return v
			}
		}
		return m
	}
	return rec(n)
}

// known reports whether n is a list whose elements are all there.
func known(n *node) bool {
	return n != nil && n.kind == kList && len(n.x) > 0 && !slices.Contains(n.x, nil)
}

// markDependent finds the nodes that substitute has to copy.
func markDependent(root *node, depends map[*node]bool) {
	var order []*node
	parents := map[*node][]*node{}
	walk(root, func(n *node) bool {
		order = append(order, n)
		for _, x := range n.x {
			parents[x] = append(parents[x], n)
		}
		return true
	})
	var work []*node
	for _, n := range order {
		if n.kind == kParam || (!n.pos.IsValid() && n.kind != kConst && n.kind != kNone) {
			depends[n] = true
			work = append(work, n)
		}
	}
	for len(work) > 0 {
		n := work[len(work)-1]
		work = work[:len(work)-1]
		for _, p := range parents[n] {
			if !depends[p] {
				depends[p] = true
				work = append(work, p)
			}
		}
	}
}

// project returns the field name of n where n says what was stored in it, and
// nil otherwise.
func project(n *node, field string) *node {
	for depth := 0; n != nil && (n.kind == kWith || n.kind == kThrough && n.typ == "secrets") && depth < 1000; depth++ {
		if n.kind == kWith && n.name == field {
			return n.x[1]
		}
		n = n.x[0]
	}
	// Have: nothing was stored there. The variable may have started as zero.
	if n != nil && n.kind == kConst && n.text == "" {
		return n
	}
	return nil
}
