package taint

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/rules/phi"
)

// A Summary is the fact of a function: its results, what it leaves in what its
// parameters point to, and what it lets go, with parameters as symbols. The
// graph is written as a table; nodes name each other by number.
type Summary struct {
	Fluent  bool
	Nodes   []Node
	Results []int32
	Effects []Effect
	Uses    []Use
}

// A Node is one node of the graph; see type node for the meaning.
type Node struct {
	Kind     uint8
	Flags    uint8 // 1: appended
	Index    int32
	Text     string
	Name     string
	Type     string
	Category string
	Tier     int8
	X        []int32
}

// An Effect is what is left in what a parameter points to.
type Effect struct {
	Param int32
	Field string
	Value int32
}

// A Use is a value that goes.
type Use struct {
	Kind, Attr, Sink string
	Text             int32 // -1: none
	Values           []int32
}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// String describes the summary in short, for the tests of facts.
func (s *Summary) String() string {
	var b strings.Builder
	b.WriteString("flows(")
	for i, r := range s.Results {
		for _, p := range s.params(r) {
			fmt.Fprintf(&b, "p%d→r%d ", p, i)
		}
	}
	for _, e := range s.Effects {
		for _, p := range s.params(e.Value) {
			if p != e.Param {
				fmt.Fprintf(&b, "p%d→*p%d ", p, e.Param)
			}
		}
	}
	for _, u := range s.Uses {
		for _, v := range append([]int32{u.Text}, u.Values...) {
			for _, p := range s.params(v) {
				fmt.Fprintf(&b, "p%d→%s ", p, u.Kind)
			}
		}
	}
	return strings.TrimSuffix(b.String(), " ") + ")"
}

// params returns the parameters that node at depends on, in order of discovery.
func (s *Summary) params(at int32) []int32 {
	var out []int32
	seen := map[int32]bool{}
	var rec func(i int32)
	rec = func(i int32) {
		if i < 0 || int(i) >= len(s.Nodes) || seen[i] {
			return
		}
		seen[i] = true
		if n := s.Nodes[i]; kind(n.Kind) == kParam {
			dup := false
			for _, p := range out {
				dup = dup || p == n.Index
			}
			if !dup {
				out = append(out, n.Index)
			}
		}
		for _, x := range s.Nodes[i].X {
			rec(x)
		}
	}
	rec(at)
	return out
}

// export attaches the summary to the function as a fact.
func (e *engine) export(obj *types.Func, s *summary) {
	enc := encoder{index: map[*node]int32{}}
	fact := &Summary{Fluent: s.fluent}
	for _, r := range s.results {
		fact.Results = append(fact.Results, enc.node(r))
	}
	for _, ef := range s.effects {
		fact.Effects = append(fact.Effects, Effect{int32(ef.param), ef.field, enc.node(ef.value)})
	}
	for _, u := range s.uses {
		out := Use{Kind: string(u.kind), Attr: u.attr, Sink: u.sink, Text: -1}
		if u.text != nil {
			out.Text = enc.node(u.text)
		}
		for _, v := range u.values {
			out.Values = append(out.Values, enc.node(v))
		}
		fact.Uses = append(fact.Uses, out)
	}
	fact.Nodes = enc.nodes
	e.pass.ExportObjectFact(obj, fact)
}

type encoder struct {
	nodes []Node
	index map[*node]int32
}

func (enc *encoder) node(n *node) int32 {
	if i, ok := enc.index[n]; ok {
		return i
	}
	i := int32(len(enc.nodes))
	enc.index[n] = i
	out := Node{
		Kind: uint8(n.kind), Index: int32(n.index), Text: n.text, Name: n.name, Type: n.typ,
		Category: string(n.class.Category), Tier: int8(n.class.Tier),
	}
	if n.appended {
		out.Flags |= 1
	}
	enc.nodes = append(enc.nodes, out)
	var x []int32
	for _, c := range n.x {
		x = append(x, enc.node(c))
	}
	enc.nodes[i].X = x
	return i
}

// imported returns the summary of a function of another package, or nil.
func (e *engine) imported(obj *types.Func) *summary {
	obj = obj.Origin()
	if s, ok := e.facts[obj]; ok {
		return s
	}
	var fact Summary
	var s *summary
	if obj.Pkg() != nil && obj.Pkg() != e.pass.Pkg && e.pass.ImportObjectFact(obj, &fact) {
		s = decode(&fact)
	}
	e.facts[obj] = s
	return s
}

func decode(fact *Summary) *summary {
	nodes := make([]*node, len(fact.Nodes))
	for i := range nodes {
		nodes[i] = &node{}
	}
	get := func(i int32) *node {
		if i < 0 || int(i) >= len(nodes) {
			return none
		}
		return nodes[i]
	}
	for i, f := range fact.Nodes {
		n := nodes[i]
		n.kind, n.index, n.text, n.name, n.typ = kind(f.Kind), int(f.Index), f.Text, f.Name, f.Type
		n.appended = f.Flags&1 != 0
		if n.kind == kField && n.typ == queryArgs {
			n.typ = "other" // what a library does with its own statements
		}
		n.class = phi.Class{Category: phi.Category(f.Category), Tier: int(f.Tier)}
		for _, x := range f.X {
			n.x = append(n.x, get(x))
		}
	}
	s := &summary{fluent: fact.Fluent}
	for _, r := range fact.Results {
		s.results = append(s.results, get(r))
	}
	for _, ef := range fact.Effects {
		s.effects = append(s.effects, effect{int(ef.Param), ef.Field, get(ef.Value)})
	}
	for _, u := range fact.Uses {
		out := &use{kind: knowledge.Kind(u.Kind), attr: u.Attr, sink: u.Sink}
		if u.Text >= 0 {
			out.text = get(u.Text)
		}
		for _, v := range u.Values {
			out.values = append(out.values, get(v))
		}
		s.uses = append(s.uses, out)
	}
	return s
}
