package taint

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// flatten appends the parts of an expression of text and notes its leaves.
func (f *fixer) flatten(x ast.Expr, parts []sqlshape.Part) ([]sqlshape.Part, bool) {
	x = ast.Unparen(x)
	if text, ok := f.constant(x); ok && !isSum(x) {
		return f.fixed(parts, x, x, text), true
	}
	switch n := x.(type) {
	case *ast.BinaryExpr:
		if n.Op != token.ADD {
			return nil, false
		}
		parts, ok := f.flatten(n.X, parts)
		if !ok {
			return nil, false
		}
		return f.flatten(n.Y, parts)
	case *ast.CallExpr:
		switch f.function(n) {
		case "fmt.Sprintf":
			return f.format(n, parts)
		case "strconv.Itoa":
			// A number is bound as a number.
			return f.add(parts, n, hole{expr: n.Args[0], printed: n}, 'd'), true
		case "strconv.FormatInt":
			if base := f.e.pass.TypesInfo.Types[n.Args[1]].Value; base != nil && base.ExactString() == "10" {
				return f.add(parts, n, hole{expr: n.Args[0], printed: n}, 'd'), true
			}
		case "strings.ReplaceAll":
			// Doubled quotes are what binding makes unnecessary.
			old, _ := f.constant(n.Args[1])
			if doubled, _ := f.constant(n.Args[2]); old == "'" && doubled == "''" {
				return f.add(parts, n, hole{expr: n.Args[0]}, 0), true
			}
			return nil, false
		case "strings.Join", "strings.Replace", "strings.Repeat", "(*strings.Replacer).Replace", "strconv.Quote":
			return nil, false // not one value, or not as it was
		case "github.com/lib/pq.QuoteLiteral":
			parts = f.add(parts, n, hole{expr: n.Args[0]}, 0)
			parts[len(parts)-1].Quoted = true
			return parts, true
		}
	}
	if call, ok := x.(*ast.CallExpr); ok && quoting.MatchString(f.function(call)) {
		return nil, false
	}
	return f.add(parts, x, hole{expr: x}, 0), true
}

// quoting names functions that make a value fit for the text; bound, it would
// not be the value any more.
var quoting = lazyregexp.New(`(?i)quot|escap|saniti[sz]e`)

func isSum(x ast.Expr) bool {
	_, ok := x.(*ast.BinaryExpr)
	return ok
}

func (f *fixer) add(parts []sqlshape.Part, at ast.Expr, h hole, verb rune) []sqlshape.Part {
	f.leaves = append(f.leaves, leaf{at.Pos(), at.End(), "", len(f.holes)})
	p := sqlshape.Part{Hole: true, ID: len(f.holes), Verb: verb}
	if b, ok := f.e.pass.TypesInfo.TypeOf(h.expr).Underlying().(*types.Basic); ok {
		p.Numeric = b.Info()&types.IsNumeric != 0
	}
	f.holes = append(f.holes, h)
	return append(parts, p)
}

// fixed appends the constant text of x. A named constant keeps its name,
// unless the fixer has to get at its text.
func (f *fixer) fixed(parts []sqlshape.Part, at, x ast.Expr, text string) []sqlshape.Part {
	named := false
	ast.Inspect(x, func(n ast.Node) bool {
		_, ok := n.(*ast.Ident)
		named = named || ok
		return !named
	})
	if !named || f.fold {
		f.leaves = append(f.leaves, leaf{at.Pos(), at.End(), text, -1})
		return append(parts, sqlshape.Text(text))
	}
	h := hole{expr: x}
	if at != x {
		h.verb = "%s"
	}
	parts = f.add(parts, at, h, 's')
	parts[len(parts)-1].Choices = []string{text}
	return parts
}

func (f *fixer) constant(x ast.Expr) (string, bool) {
	if v := f.e.pass.TypesInfo.Types[x].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v), true
	}
	return "", false
}

func (f *fixer) function(c *ast.CallExpr) string {
	var id *ast.Ident
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.SelectorExpr:
		id = fun.Sel
	case *ast.Ident:
		id = fun
	default:
		return ""
	}
	if fn, ok := f.e.pass.TypesInfo.Uses[id].(*types.Func); ok {
		return fn.FullName()
	}
	return ""
}

// format appends the parts of a call of Sprintf. It counts as one leaf for
// each part, all at the place of the call.
func (f *fixer) format(c *ast.CallExpr, parts []sqlshape.Part) ([]sqlshape.Part, bool) {
	s, ok := f.constant(c.Args[0])
	if !ok || c.Ellipsis.IsValid() {
		return nil, false
	}
	text := func(s string) {
		parts = append(parts, sqlshape.Text(s))
		f.leaves = append(f.leaves, leaf{c.Pos(), c.End(), s, -1})
	}
	for at := 1; ; {
		before, v, rest, found := cutVerb(s, len(c.Args)-1)
		if !found {
			text(before)
			return parts, at == len(c.Args)
		}
		s = rest
		if v.verb == '%' {
			text(before + "%")
			continue
		}
		text(before)
		if v.stars > 0 || v.index > 0 || v.bad || at >= len(c.Args) {
			return nil, false
		}
		plain := len(v.text) == len("%s")
		if constant, ok := f.constant(c.Args[at]); ok && plain && (v.verb == 's' || v.verb == 'v') {
			parts = f.fixed(parts, c, c.Args[at], constant)
		} else {
			if parts, ok = f.verb(c, c.Args[at], v.text, parts); !ok {
				return nil, false
			}
			if !plain {
				parts[len(parts)-1].Verb = 'x' // a width: not the value itself
			}
		}
		at++
	}
}

// verb appends the hole of one argument of a format. What is done to the value
// on the way is seen as in a sum.
func (f *fixer) verb(call *ast.CallExpr, x ast.Expr, verb string, parts []sqlshape.Part) ([]sqlshape.Part, bool) {
	letter := rune(verb[len(verb)-1])
	if _, ok := ast.Unparen(x).(*ast.CallExpr); !ok || letter != 's' && letter != 'v' {
		return f.add(parts, call, hole{expr: x, verb: verb}, letter), true
	}
	before := len(f.holes)
	parts, ok := f.flatten(x, parts)
	if !ok || len(f.holes) != before+1 {
		return nil, false // a text inside the text
	}
	f.leaves[len(f.leaves)-1].pos, f.leaves[len(f.leaves)-1].end = call.Pos(), call.End()
	f.holes[before].verb = verb
	return parts, true
}

// edits writes the new text and the new arguments; nil if that cannot be done.
func (f *fixer) edits(r *sqlshape.Rewrite) []analysis.TextEdit {
	from, to := f.unchanged(r)
	pos, end := f.text.Pos(), f.text.End()
	if from > 0 {
		pos = f.leaves[from].pos
	}
	if to < len(f.leaves) {
		end = f.leaves[to-1].end
	}
	text, ok := f.newText(f.between(r.Parts, from, to))
	if !ok {
		return nil
	}
	edits := []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(text)}}
	// Arguments are inserted where the style wants them: behind the others for
	// $n, in the order of the text for ?.
	for i, a := range r.Args {
		arg, ok := f.argument(a)
		if !ok {
			return nil
		}
		at := f.first + a.Index - i // among the arguments that are there
		if at < len(f.target.Args) {
			edits = append(edits, analysis.TextEdit{Pos: f.target.Args[at].Pos(), End: f.target.Args[at].Pos(), NewText: []byte(arg + ", ")})
			continue
		}
		edits = append(edits, f.appended(i, arg))
	}
	return merge(append(edits, f.imports(r)...))
}

// appended inserts an argument behind the last one, in front of a comma that
// may stand there already.
func (f *fixer) appended(i int, arg string) analysis.TextEdit {
	at := f.target.Rparen
	sep := ", "
	if n := len(f.target.Args); n > 0 {
		at = f.target.Args[n-1].End()
	} else if i == 0 {
		sep = ""
	}
	return analysis.TextEdit{Pos: at, End: at, NewText: []byte(sep + arg)}
}

// merge joins edits at the same place, as drivers do not keep their order, and
// an insertion with the replacement it follows.
func merge(edits []analysis.TextEdit) []analysis.TextEdit {
	var out []analysis.TextEdit
next:
	for _, e := range edits {
		for i := range out {
			if e.Pos == e.End && (out[i].Pos == e.Pos && out[i].End == e.End || out[i].End == e.Pos && out[i].Pos < out[i].End) {
				out[i].NewText = append(out[i].NewText, e.NewText...)
				continue next
			}
		}
		out = append(out, e)
	}
	return out
}

// unchanged returns how many leaves at the start, and from which on at the
// end, keep their source: constants that are not beside a hole that goes.
func (f *fixer) unchanged(r *sqlshape.Rewrite) (from, to int) {
	to = len(f.leaves)
	if _, ok := f.text.(*ast.BinaryExpr); !ok {
		return 0, to
	}
	kept := map[int]bool{}
	for _, p := range r.Parts {
		if p.Hole {
			kept[p.ID] = true
		}
	}
	// Have: operands of +. Parentheses and formats keep several leaves
	// together, so that only what is outside of them can be left alone.
	single := func(i int) bool {
		l := f.leaves[i]
		return (i == 0 || f.leaves[i-1].end <= l.pos) && (i+1 == len(f.leaves) || l.end <= f.leaves[i+1].pos)
	}
	stays := func(i int) bool { return f.leaves[i].hole < 0 || kept[f.leaves[i].hole] }
	first, last := 0, len(f.leaves)-1
	for first <= last && stays(first) {
		first++
	}
	for last >= first && stays(last) {
		last--
	}
	if first > last || slices.ContainsFunc(f.leaves, f.inParens) {
		return 0, to
	}
	// The constants beside the holes change with them.
	first, last = max(first-1, 0), min(last+1, len(f.leaves)-1)
	for from < first && single(from) {
		from++
	}
	for to-1 > last && single(to-1) {
		to--
	}
	return from, to
}

func (f *fixer) inParens(l leaf) bool {
	in := false
	ast.Inspect(f.text, func(n ast.Node) bool {
		if p, ok := n.(*ast.ParenExpr); ok && p.Pos() <= l.pos && l.end <= p.End() {
			in = true
		}
		return !in
	})
	return in
}

// between cuts the leaves that keep their source off the new parts.
func (f *fixer) between(parts []sqlshape.Part, from, to int) []sqlshape.Part {
	parts = append([]sqlshape.Part(nil), parts...)
	for _, l := range f.leaves[:from] {
		if l.hole >= 0 {
			parts = parts[1:]
			continue
		}
		if l.text == "" {
			continue
		}
		if parts[0].Text = parts[0].Text[len(l.text):]; parts[0].Text == "" {
			parts = parts[1:]
		}
	}
	for i := len(f.leaves) - 1; i >= to; i-- {
		l, last := f.leaves[i], &parts[len(parts)-1]
		switch {
		case l.hole >= 0:
			parts = parts[:len(parts)-1]
		case l.text == "":
		case last.Text == l.text:
			parts = parts[:len(parts)-1]
		default:
			last.Text = last.Text[:len(last.Text)-len(l.text)]
		}
	}
	return parts
}

// newText writes parts as an expression: a constant, a sum, or a format where
// the old text was one or a hole needs its verb.
func (f *fixer) newText(parts []sqlshape.Part) (string, bool) {
	format := false
	for _, p := range parts {
		if !p.Hole {
			continue
		}
		h := f.holes[p.ID]
		t, _ := f.e.pass.TypesInfo.TypeOf(h.expr).(*types.Basic)
		format = format || h.verb != "" && (t == nil || t.Kind() != types.String || h.verb != "%s" && h.verb != "%v")
		if call, ok := f.text.(*ast.CallExpr); ok {
			format = format || f.function(call) == "fmt.Sprintf"
		}
	}
	if format {
		return f.newFormat(parts)
	}
	var operands []string
	for _, p := range parts {
		if p.Hole {
			operands = append(operands, f.printed(p.ID))
		} else {
			operands = append(operands, f.literal(p.Text))
		}
	}
	if len(operands) == 0 {
		return `""`, true
	}
	return strings.Join(operands, " + "), true
}

func (f *fixer) newFormat(parts []sqlshape.Part) (string, bool) {
	name := f.packageName("fmt")
	if name == "" {
		return "", false
	}
	var text strings.Builder
	args := ""
	for _, p := range parts {
		if !p.Hole {
			text.WriteString(strings.ReplaceAll(p.Text, "%", "%%"))
			continue
		}
		verb := f.holes[p.ID].verb
		if verb == "" {
			verb = "%s"
		}
		arg := f.printed(p.ID)
		text.WriteString(verb)
		args += ", " + arg
	}
	return name + ".Sprintf(" + f.literal(text.String()) + args + ")", true
}

// printed returns the source of a hole's value as text.
func (f *fixer) printed(id int) string {
	if h := f.holes[id]; h.printed != nil {
		return f.source(h.printed)
	}
	return f.source(f.holes[id].expr)
}

// packageName returns the name under which the file imports a package, or "".
func (f *fixer) packageName(path string) string {
	for _, spec := range f.file.Imports {
		if pkg := f.e.pass.TypesInfo.PkgNameOf(spec); pkg != nil && pkg.Imported().Path() == path && pkg.Name() != "_" && pkg.Name() != "." {
			return pkg.Name()
		}
	}
	return ""
}

// literal writes text in the way that the old text was written.
func (f *fixer) literal(s string) string {
	raw := false
	ast.Inspect(f.text, func(n ast.Node) bool {
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			raw = raw || strings.HasPrefix(l.Value, "`")
		}
		return true
	})
	if !strings.ContainsAny(s, "`\r") && (strings.ContainsAny(s, "\"\\") || raw && strings.Contains(s, "\n")) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// argument writes what is bound for one placeholder.
func (f *fixer) argument(a sqlshape.Arg) (string, bool) {
	if a.Index < 0 {
		return "", false
	}
	var operands []string
	for _, p := range a.Pieces {
		if !p.Hole {
			operands = append(operands, strconv.Quote(p.Text))
			continue
		}
		x, ok := f.value(f.holes[p.ID], len(a.Pieces) > 1)
		if !ok {
			return "", false
		}
		operands = append(operands, x)
	}
	return strings.Join(operands, " + "), true
}

// value writes the value of a hole as an argument. A value that stood in
// quotes was text to the server, which made of it what the column wanted;
// drivers do that with strings only, so numbers are bound as text there.
func (f *fixer) value(h hole, joined bool) (string, bool) {
	src, t := f.source(h.expr), f.e.pass.TypesInfo.TypeOf(h.expr)
	if b, ok := ast.Unparen(h.expr).(*ast.BinaryExpr); ok && joined && b.Op != token.ADD {
		src = "(" + src + ")"
	}
	basic, _ := t.Underlying().(*types.Basic)
	isText := basic != nil && basic.Info()&types.IsString != 0
	switch {
	case isText && types.Unalias(t) == t.Underlying(), isText && !joined && !has(t, "String"):
		return src, true
	case isText && !has(t, "String"):
		return "string(" + src + ")", true
	case !joined && (!h.inQuotes || bindsItself(t)):
		return src, src != ""
	case kindOf(t) == "bytes":
		return "string(" + src + ")", true
	case has(t, "String"):
		return src + ".String()", true
	case h.printed != nil:
		return f.source(h.printed), true
	}
	if name := f.packageName("fmt"); name != "" {
		return name + ".Sprint(" + src + ")", true
	}
	return "", false
}

// bindsItself reports whether drivers know what to do with a value whatever
// the column is: times, types with a Value method, and pointers to values,
// whose text would be an address.
func bindsItself(t types.Type) bool {
	if _, ok := t.Underlying().(*types.Pointer); ok {
		return true
	}
	return kindOf(t) == "time" || has(t, "Value")
}

// has reports whether a value of type t has the method.
func has(t types.Type, method string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, method)
	_, ok := obj.(*types.Func)
	return ok
}

// imports removes the imports that only the old expression used. What is not of
// the standard library stays with a blank name: lib/pq, which quotes literals,
// is a driver that registers itself.
func (f *fixer) imports(r *sqlshape.Rewrite) []analysis.TextEdit {
	info := f.e.pass.TypesInfo
	var used []ast.Expr // what is left of the old expression
	for _, a := range r.Args {
		for _, p := range a.Pieces {
			if p.Hole {
				used = append(used, f.holes[p.ID].expr)
			}
		}
	}
	for _, p := range r.Parts {
		if p.Hole {
			return nil // the rest is still composed
		}
	}
	var edits []analysis.TextEdit
	for _, spec := range f.file.Imports {
		pkg := info.PkgNameOf(spec)
		if pkg == nil {
			continue
		}
		gone := count(info, f.text, pkg)
		for _, x := range used {
			gone -= count(info, x, pkg)
		}
		if gone <= 0 || count(info, f.file, pkg) > gone || f.needs(r, pkg.Imported().Path()) {
			continue
		}
		edit := analysis.TextEdit{Pos: spec.Pos(), End: spec.End()}
		if strings.Contains(spec.Path.Value, ".") {
			edit.NewText = []byte("_ " + spec.Path.Value)
			edits = append(edits, edit)
			continue
		}
		for _, d := range f.file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && len(g.Specs) == 1 && g.Specs[0] == ast.Spec(spec) {
				edit.Pos, edit.End = g.Pos(), g.End()
			}
		}
		edits = append(edits, edit)
	}
	return edits
}

// needs reports whether the new arguments name the package.
func (f *fixer) needs(r *sqlshape.Rewrite, path string) bool {
	for _, a := range r.Args {
		if arg, _ := f.argument(a); strings.Contains(arg, f.packageName(path)+".") {
			return true
		}
	}
	return false
}
