package taint

import (
	"bytes"
	"go/ast"
	"go/constant"
	"go/printer"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

// A fixer moves the values out of one expression that composes SQL text and
// into the arguments of the call that runs it. It works on the syntax, and only
// where the expression is the whole text and nothing else uses it.
type fixer struct {
	e     *engine
	file  *ast.File
	call  *ast.CallExpr // runs the text
	text  ast.Expr      // composes it
	parts []sqlshape.Part
	exprs []ast.Expr // of the holes, by ID
}

// fix returns the fix for the construct between pos and end, or nothing.
func (e *engine) fix(u *use, pos, end token.Pos) []analysis.SuggestedFix {
	if u.via || u.attr != "" && u.attr != "where" && u.attr != "having" || !u.pos.IsValid() {
		return nil
	}
	f := &fixer{e: e}
	if !f.locate(u, pos, end) || !f.flatten(f.text, 0) {
		return nil
	}
	style := sqlshape.Dollar
	if u.attr != "" || strings.HasPrefix(u.sink, "(*gorm.io/") {
		style = sqlshape.Question
	}
	context := e.context(u)
	var ids []int
	for _, h := range context.Analyze(f.parts).Holes {
		if !h.Role.IsValue() {
			return nil
		}
		ids = append(ids, h.ID)
	}
	r := context.Rewrite(f.parts, ids, style)
	if !r.OK || r.Existing != f.bound(u) {
		return nil
	}
	return f.edits(r)
}

// locate finds the call and the text in the syntax.
func (f *fixer) locate(u *use, pos, end token.Pos) bool {
	for _, file := range f.e.pass.Files {
		if u.pos < file.FileStart || u.pos >= file.FileEnd || pos < file.FileStart || pos >= file.FileEnd {
			continue
		}
		f.file = file
	}
	if f.file == nil {
		return false
	}
	path, _ := astutil.PathEnclosingInterval(f.file, u.pos, u.pos)
	for _, n := range path {
		if c, ok := n.(*ast.CallExpr); ok && c.Lparen == u.pos {
			f.call = c
			break
		}
	}
	path, _ = astutil.PathEnclosingInterval(f.file, pos, end)
	if f.call == nil || f.call.Ellipsis.IsValid() || len(path) < 2 {
		return false
	}
	text, ok := path[0].(ast.Expr)
	if !ok || text.Pos() != pos || text.End() != end {
		return false
	}
	f.text = text
	for _, a := range f.call.Args {
		if a == text {
			return true
		}
	}
	// Have: the text is assigned to a variable. Nobody else may use that.
	assign, ok := path[1].(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 1 || assign.Tok != token.DEFINE {
		return false
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok {
		return false
	}
	obj := f.e.pass.TypesInfo.Defs[id]
	uses, passed := 0, false
	for used, o := range f.e.pass.TypesInfo.Uses {
		if o == obj && obj != nil {
			uses++
			for _, a := range f.call.Args {
				passed = passed || a == ast.Expr(used)
			}
		}
	}
	return uses == 1 && passed
}

// bound counts the arguments that the call binds already.
func (f *fixer) bound(u *use) int {
	sig, ok := f.e.pass.TypesInfo.TypeOf(f.call.Fun).(*types.Signature)
	if !ok || !sig.Variadic() {
		return -1
	}
	return len(f.call.Args) - (sig.Params().Len() - 1)
}

// flatten turns the expression into parts.
func (f *fixer) flatten(x ast.Expr, verb rune) bool {
	x = ast.Unparen(x)
	if tv := f.e.pass.TypesInfo.Types[x]; tv.Value != nil && tv.Value.Kind() == constant.String {
		f.parts = append(f.parts, sqlshape.Text(constant.StringVal(tv.Value)))
		return true
	}
	switch n := x.(type) {
	case *ast.BinaryExpr:
		if n.Op == token.ADD {
			return f.flatten(n.X, 0) && f.flatten(n.Y, 0)
		}
	case *ast.CallExpr:
		switch f.function(n) {
		case "fmt.Sprintf":
			return f.format(n)
		case "strconv.Itoa":
			// A number is bound as a number.
			x = n.Args[0]
		}
	}
	if !f.plain(x) {
		return false
	}
	f.parts = append(f.parts, sqlshape.Part{Hole: true, ID: len(f.exprs), Verb: verb})
	f.exprs = append(f.exprs, x)
	return true
}

// plain reports whether moving x changes nothing: it calls no function.
func (f *fixer) plain(x ast.Expr) bool {
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CallExpr, *ast.FuncLit, *ast.UnaryExpr:
			ok = false
		}
		return ok
	})
	return ok
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

func (f *fixer) format(c *ast.CallExpr) bool {
	tv := f.e.pass.TypesInfo.Types[c.Args[0]]
	if tv.Value == nil || c.Ellipsis.IsValid() {
		return false
	}
	s, at := constant.StringVal(tv.Value), 1
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 || i == len(s)-1 {
			f.parts = append(f.parts, sqlshape.Text(s))
			return at == len(c.Args)
		}
		f.parts = append(f.parts, sqlshape.Text(s[:i]))
		v := parseVerb(s[i:])
		s = s[i+v.len:]
		if v.verb == '%' {
			f.parts = append(f.parts, sqlshape.Text("%"))
			continue
		}
		if v.len != 2 || at >= len(c.Args) || !strings.ContainsRune("svd", v.verb) || !f.flatten(c.Args[at], v.verb) {
			return false
		}
		at++
	}
}

// edits writes the new text and the new arguments.
func (f *fixer) edits(r *sqlshape.Rewrite) []analysis.SuggestedFix {
	var text strings.Builder
	for _, p := range r.Parts {
		if p.Hole {
			return nil
		}
		text.WriteString(p.Text)
	}
	var args bytes.Buffer
	var kept []ast.Expr
	for i, a := range r.Args {
		if a.Index != r.Existing+i || !f.argument(&args, a) {
			return nil
		}
		for _, p := range a.Pieces {
			if p.Hole {
				kept = append(kept, f.exprs[p.ID])
			}
		}
	}
	edits := []analysis.TextEdit{
		{Pos: f.text.Pos(), End: f.text.End(), NewText: []byte(literalSource(text.String()))},
		{Pos: f.call.Rparen, End: f.call.Rparen, NewText: args.Bytes()},
	}
	edits = append(edits, f.imports(kept)...)
	return []analysis.SuggestedFix{{Message: "Bind the value as a parameter", TextEdits: edits}}
}

func (f *fixer) argument(out *bytes.Buffer, a sqlshape.Arg) bool {
	out.WriteString(", ")
	for i, p := range a.Pieces {
		if i > 0 {
			out.WriteString(" + ")
		}
		if !p.Hole {
			out.WriteString(strconv.Quote(p.Text))
			continue
		}
		x := f.exprs[p.ID]
		if b, ok := f.e.pass.TypesInfo.TypeOf(x).(*types.Basic); len(a.Pieces) > 1 && (!ok || b.Kind() != types.String) {
			return false
		}
		if err := printer.Fprint(out, f.e.pass.Fset, x); err != nil {
			return false
		}
	}
	return true
}

func literalSource(s string) string {
	if !strings.Contains(s, "`") && strings.ContainsAny(s, "\"\n\\") {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// imports removes the imports that only the old expression used.
func (f *fixer) imports(kept []ast.Expr) []analysis.TextEdit {
	count := func(n ast.Node, pkg *types.PkgName) int {
		uses := 0
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && f.e.pass.TypesInfo.Uses[id] == types.Object(pkg) {
				uses++
			}
			return true
		})
		return uses
	}
	var edits []analysis.TextEdit
	for _, spec := range f.file.Imports {
		pkg := f.e.pass.TypesInfo.PkgNameOf(spec)
		if pkg == nil {
			continue
		}
		gone := count(f.text, pkg)
		for _, x := range kept {
			gone -= count(x, pkg)
		}
		if gone == 0 || count(f.file, pkg) > gone {
			continue
		}
		edit := analysis.TextEdit{Pos: spec.Pos(), End: spec.End()}
		for _, d := range f.file.Decls {
			if g, ok := d.(*ast.GenDecl); ok && len(g.Specs) == 1 && g.Specs[0] == ast.Spec(spec) {
				edit.Pos, edit.End = g.Pos(), g.End()
			}
		}
		edits = append(edits, edit)
	}
	return edits
}
