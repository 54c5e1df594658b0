package taint

import (
	"go/token"
	"go/types"
	"text/template/parse"

	"golang.org/x/tools/go/ssa"
)

// executed describes what t.Execute(w, data) writes to w, or returns nil where
// the template is not plain to see.
func (fn *function) executed(c ssa.CallInstruction, name string, w write) *node {
	args := c.Common().Args
	switch name {
	case "(*text/template.Template).Execute", "(*text/template.Template).ExecuteTemplate":
	default:
		return nil
	}
	if args[1] != w.arg {
		return nil
	}
	text, ok := fn.templateText(args[0], 0)
	if !ok {
		return nil
	}
	tree := parse.New("sql")
	tree.Mode = parse.SkipFuncCheck
	if _, err := tree.Parse(text, "", "", map[string]*parse.Tree{}); err != nil || tree.Root == nil {
		return nil
	}
	data := args[len(args)-1]
	t := data.Type()
	if m, ok := data.(*ssa.MakeInterface); ok {
		t = m.X.Type()
	}
	dot := thing{fn.eval(data, c), t}
	x := expansion{fn: fn, pos: c.Pos(), root: dot}
	return x.list(tree.Root, dot)
}

// templateText finds the constant text that the template was parsed from:
// template.Must(template.New(name).Parse(text)), or a variable set to that.
func (fn *function) templateText(v ssa.Value, depth int) (string, bool) {
	if depth > 8 {
		return "", false
	}
	switch v := v.(type) {
	case *ssa.Extract:
		return fn.templateText(v.Tuple, depth+1)
	case *ssa.UnOp:
		g, ok := v.X.(*ssa.Global)
		if !ok || v.Op != token.MUL || g.Object() == nil || len(fn.e.stores[g.Object()]) != 1 {
			return "", false
		}
		return fn.templateText(fn.e.stores[g.Object()][0].Val, depth+1)
	case *ssa.Call:
		switch name, _ := callee(&v.Call); name {
		case "text/template.Must":
			return fn.templateText(v.Call.Args[0], depth+1)
		case "(*text/template.Template).Parse":
			if n := fn.e.function(v.Parent()).eval(v.Call.Args[1], v); n.kind == kConst {
				return n.text, true
			}
		}
	}
	return "", false
}

// A thing is a value that a template sees, with its type if that is known.
type thing struct {
	n *node
	t types.Type
}

// An expansion turns a template into a description of its text.
type expansion struct {
	fn   *function
	pos  token.Pos
	root thing
}

// list describes a sequence; of a branch both sides, as either may be there.
func (x *expansion) list(l *parse.ListNode, dot thing) *node {
	if l == nil {
		return literal("")
	}
	out := literal("")
	for _, part := range l.Nodes {
		var n *node
		switch part := part.(type) {
		case *parse.TextNode:
			n = literal(string(part.Text))
		case *parse.ActionNode:
			n = x.pipe(part.Pipe, dot).n
		case *parse.IfNode:
			n = alternatives(x.pos, []*node{x.list(part.List, dot), x.list(part.ElseList, dot)})
		case *parse.WithNode:
			n = alternatives(x.pos, []*node{x.list(part.List, x.pipe(part.Pipe, dot)), x.list(part.ElseList, dot)})
		case *parse.RangeNode:
			n = x.list(part.List, x.element(x.pipe(part.Pipe, dot)))
		default:
			continue
		}
		out = &node{kind: kConcat, x: []*node{out, n}, pos: x.pos}
	}
	return out
}

// pipe describes the value of a pipeline; functions pass what they get.
func (x *expansion) pipe(p *parse.PipeNode, dot thing) thing {
	if p == nil {
		return thing{n: none}
	}
	var values []*node
	var last thing
	for _, cmd := range p.Cmds {
		for _, arg := range cmd.Args {
			last = x.value(arg, dot)
			values = append(values, last.n)
		}
	}
	if len(values) == 1 {
		return last
	}
	return thing{n: through(x.pos, values...)}
}

func (x *expansion) value(n parse.Node, dot thing) thing {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return x.fields(dot, n.Ident)
	case *parse.VariableNode:
		if n.Ident[0] == "$" {
			return x.fields(x.root, n.Ident[1:])
		}
	case *parse.StringNode:
		return thing{n: literal(n.Text)}
	case *parse.NumberNode:
		return thing{n: literal(n.Text)}
	case *parse.PipeNode:
		return x.pipe(n, dot)
	}
	return thing{n: none}
}

func (x *expansion) fields(v thing, names []string) thing {
	for _, name := range names {
		v = x.field(v, name)
	}
	return v
}

func (x *expansion) field(v thing, name string) thing {
	fn := x.fn
	if v.t == nil {
		return thing{n: fn.leaf(name, types.Typ[types.String], x.pos)}
	}
	if m, ok := v.t.Underlying().(*types.Map); ok {
		if known := project(v.n, name); known != nil {
			return thing{known, m.Elem()}
		}
		return thing{fn.leaf(name, m.Elem(), x.pos), m.Elem()}
	}
	obj, index, _ := types.LookupFieldOrMethod(v.t, true, fn.e.pass.Pkg, name)
	if f, ok := obj.(*types.Var); ok && len(index) == 1 {
		return thing{fn.field(v.n, v.t, index[0], x.pos), f.Type()}
	}
	return thing{n: fn.leaf(name, types.Typ[types.String], x.pos)}
}

func (x *expansion) element(v thing) thing {
	e := thing{n: &node{kind: kElem, name: v.n.name, typ: v.n.typ, class: v.n.class, pos: x.pos, x: []*node{v.n}}}
	if known(v.n) {
		e.n = alternatives(x.pos, v.n.x)
	}
	if v.t != nil {
		if t, ok := v.t.Underlying().(interface{ Elem() types.Type }); ok {
			e.t = t.Elem()
		}
	}
	return e
}
