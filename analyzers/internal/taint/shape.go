package taint

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// queryVerb names methods that run SQL, whatever the library.
var queryVerb = lazyregexp.New(`^(Must)?(Exec|Query|QueryRow|QueryRows|Queryx|QueryRowx|Get|Select|Prepare|Preparex|Raw|RawQuery|NamedExec|NamedQuery)(Context|Ctx)?$`)

// shapeSink records a call of code that cannot be seen whose name and shape
// say that it runs SQL or writes a log: (ctx, text, ...any).
func (fn *function) shapeSink(c ssa.CallInstruction, name string, obj *types.Func) {
	sig := obj.Signature()
	if queryVerb.MatchString(obj.Name()) {
		if at := queryShape(obj.Name(), sig); at >= 0 {
			if args := passed(c.Common(), sig); at < len(args) {
				u := &use{kind: knowledge.SQL, attr: "shape", sink: name, call: c, pos: c.Pos(), text: fn.eval(args[at], c)}
				if list := variadic(c.Common()); list != nil {
					u.values = []*node{fn.eval(list, c)}
				}
				fn.add(u)
			}
		}
		return
	}
	if writesLog(obj) && !fn.listed(name) {
		fn.logShape(c, name, obj)
	}
}

// listed reports whether the knowledge files say what a function does: its name
// is then not asked.
func (fn *function) listed(name string) bool { return len(fn.e.base.Lookup(name)) > 0 }

// shapeQuery returns what comes out of such a call, as of one that is known to
// run SQL: its error may hold what went in.
func (fn *function) shapeQuery(c *ssa.Call, obj *types.Func) *node {
	if obj == nil || !queryVerb.MatchString(obj.Name()) {
		return nil
	}
	at, args, list := queryShape(obj.Name(), obj.Signature()), passed(&c.Call, obj.Signature()), variadic(&c.Call)
	if list == nil || at < 0 || at >= len(args) {
		return nil
	}
	text := fn.eval(args[at], c)
	if !fn.e.statement(text) {
		return nil
	}
	return &node{kind: kQuery, name: shortName(obj.FullName()), x: []*node{text, fn.eval(list, c), none}, pos: c.Pos()}
}

// queryOf returns what is known of a query that is one of several, such as one
// that conditions are added to where a filter has them: it binds what any does.
func queryOf(n *node) *node {
	if n.kind != kAlt {
		return n
	}
	var found, bound []*node
	walk(n, func(n *node) bool {
		if n.kind == kQuery {
			found = append(found, n)
			bound = append(bound, (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(n.x[1])...)
		}
		return n.kind == kAlt
	})
	switch len(found) {
	case 0:
		return n
	case 1:
		return found[0]
	}
	return &node{kind: kQuery, name: found[0].name, x: []*node{none, {kind: kList, x: distinct(bound)}, none}, pos: found[0].pos}
}

// message returns the text of an error: of a driver's error, it shows no detail.
func (fn *function) message(c *ssa.Call) *node {
	n := fn.eval(c.Call.Value, c)
	if n.kind == kNone || n.kind == kConst {
		return n
	}
	return &node{kind: kSame, typ: "error", x: []*node{n}, pos: c.Pos()}
}

// statement reports whether the text is SQL in one of its variants.
func (e *engine) statement(text *node) bool {
	return slices.ContainsFunc(variants(text), func(ps []piece) bool {
		parts, _ := partsOf(ps)
		shape := sqlshape.Context{Lexicon: e.lexicon, Schema: e.schema}.Analyze(parts)
		return shape.OK && shape.Command != ""
	})
}

// queryShape returns the index of the text in the parameters, or -1: the last
// string before the variadic ...any. A context or a destination may precede.
func queryShape(name string, sig *types.Signature) int {
	n := sig.Params().Len()
	if n == 0 {
		return -1
	}
	if strings.HasPrefix(name, "Prepare") {
		if kindOf(sig.Params().At(n-1).Type()) == "string" && n <= 2 {
			return n - 1
		}
		return -1
	}
	if !sig.Variadic() || n < 2 || n > 4 {
		return -1
	}
	list, ok := sig.Params().At(n - 1).Type().(*types.Slice)
	if !ok {
		return -1
	}
	if i, ok := list.Elem().Underlying().(*types.Interface); !ok || i.NumMethods() > 0 {
		return -1
	}
	if kindOf(sig.Params().At(n-2).Type()) == "string" {
		return n - 2
	}
	return -1
}
