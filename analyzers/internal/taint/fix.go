package taint

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/analyzers/internal/typename"
)

// A fixer moves values out of the expression that composes SQL text and into
// the arguments of the call that runs it. It works on the syntax, where the
// whole text is one expression: written as the argument, or kept in a variable
// that nothing else puts into a database.
type fixer struct {
	e      *engine
	file   *ast.File
	call   *ast.CallExpr // gets the text
	target *ast.CallExpr // gets the arguments: call, or what runs the statement that it prepares
	first  int           // the index of the first bound argument of target
	text   ast.Expr      // composes the text
	inline bool          // text is an argument of target: nothing happens between the two
	fold   bool          // named constants are taken by their text
	leaves []leaf        // of text, in order
	holes  []hole        // by ID
}

// A leaf is an operand of the text: a constant, or one hole.
type leaf struct {
	pos, end token.Pos
	text     string
	hole     int // -1: constant
}

// A hole is an expression whose value gets into the text.
type hole struct {
	expr     ast.Expr // the value
	printed  ast.Expr // how it becomes text, such as strconv.Itoa(expr); or nil
	verb     string   // of a format, or ""
	inQuotes bool
}

// fix returns the fix for what is between pos and end, or nothing. A text gets
// one fix, however many findings it has.
func (e *engine) fix(u *use, pos, end token.Pos) []analysis.SuggestedFix {
	style := placeholderStyle(u)
	if u.via || style != sqlshape.Dollar && style != sqlshape.Question || !u.pos.IsValid() {
		return nil
	}
	f := &fixer{e: e}
	if !f.locate(u, pos, end) || e.fixed[f.text.Pos()] {
		return nil
	}
	for _, f.fold = range []bool{false, true} {
		if edits := f.rewrite(e.context(u), style); edits != nil {
			e.fixed[f.text.Pos()] = true
			return []analysis.SuggestedFix{{Message: "Bind the value as a parameter", TextEdits: edits}}
		}
	}
	return nil
}

// rewrite returns the edits that bind all values of the text, or nil.
func (f *fixer) rewrite(context sqlshape.Context, style sqlshape.Style) []analysis.TextEdit {
	f.leaves, f.holes = nil, nil
	parts, ok := f.flatten(f.text, nil)
	if !ok || f.comments() {
		return nil
	}
	var ids []int
	for _, h := range context.Analyze(parts).Holes {
		f.holes[h.ID].inQuotes = h.InQuotes
		if h.Role.IsValue() {
			if !f.movable(f.holes[h.ID].expr) {
				return nil
			}
			ids = append(ids, h.ID)
		}
	}
	r := context.Rewrite(parts, ids, style)
	if !r.OK || r.Existing != len(f.target.Args)-f.first {
		return nil
	}
	return f.edits(r)
}

// placeholderStyle returns how the text that u runs writes placeholders.
func placeholderStyle(u *use) sqlshape.Style {
	switch u.style {
	case "question":
		return sqlshape.Question
	case "colon":
		return sqlshape.Colon
	case "at":
		return sqlshape.At
	}
	if u.attr != "shape" {
		return sqlshape.Dollar
	}
	// Have: somebody's interface. What it returns tells which driver is behind.
	results := u.call.Common().Signature().Results()
	for i := range results.Len() {
		if n := typename.Named(results.At(i).Type()); n != nil && n.Obj().Pkg() != nil {
			if path := n.Obj().Pkg().Path(); path == "database/sql" || strings.HasPrefix(path, "github.com/jackc/") {
				return sqlshape.Dollar
			}
		}
	}
	return sqlshape.StyleNone
}

// locate finds the call, the text and what gets the arguments.
func (f *fixer) locate(u *use, pos, end token.Pos) bool {
	f.call, f.file = f.e.callAt(u.pos), f.e.fileOf(u.pos)
	if f.call == nil || f.call.Ellipsis.IsValid() {
		return false
	}
	for i, a := range f.call.Args {
		text := ast.Unparen(a)
		if id, ok := text.(*ast.Ident); ok {
			text = f.initial(id)
		}
		if text == nil || pos < text.Pos() || end > text.End() {
			continue
		}
		f.text = text
		f.inline = text == ast.Unparen(a)
		return f.receiver(i)
	}
	return false
}

// initial returns the expression that a local variable is set to, once, where
// its value goes nowhere else but to a log; otherwise nil.
func (f *fixer) initial(id *ast.Ident) ast.Expr {
	info := f.e.pass.TypesInfo
	obj, ok := info.Uses[id].(*types.Var)
	if !ok || obj.Parent() == nil || obj.Parent() == f.e.pass.Pkg.Scope() || obj.IsField() {
		return nil
	}
	s := setting{info: info, obj: obj}
	ast.Inspect(f.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if len(n.Rhs) == len(n.Lhs) && (n.Tok == token.DEFINE || n.Tok == token.ASSIGN) {
					s.set(lhs, n.Rhs[i])
				} else {
					s.set(lhs, nil)
				}
			}
		case *ast.ValueSpec:
			for i, name := range n.Names {
				if i < len(n.Values) {
					s.set(name, n.Values[i])
				} else if s.is(name) {
					s.uses--
				}
			}
		case *ast.CallExpr:
			if f.prints(n) {
				s.uses -= count(info, n, obj)
			}
		case *ast.Ident:
			if s.is(n) {
				s.uses++
			}
		}
		return true
	})
	if s.sets != 1 || s.uses != 1 || s.value == nil {
		return nil
	}
	return ast.Unparen(s.value)
}

// A setting counts how often a variable is set and used.
type setting struct {
	info       *types.Info
	obj        types.Object
	sets, uses int
	value      ast.Expr
}

func (s *setting) is(id *ast.Ident) bool { return s.info.Defs[id] == s.obj || s.info.Uses[id] == s.obj }

func (s *setting) set(lhs, rhs ast.Expr) {
	if id, ok := lhs.(*ast.Ident); ok && s.is(id) {
		s.sets++
		s.uses--
		s.value = rhs
	}
}

// prints reports whether a call writes a log or standard output.
func (f *fixer) prints(c *ast.CallExpr) bool {
	fn := f.called(c)
	if fn == nil {
		return false
	}
	path := fn.Pkg().Path()
	return path == "log" || path == "log/slog" || path == "fmt" && strings.HasPrefix(fn.Name(), "Print")
}

// called returns the function of another package, or the method, that a call
// names; nil for any other call.
func (f *fixer) called(c *ast.CallExpr) *types.Func {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	fn, ok := f.e.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil {
		return nil
	}
	return fn
}

// receiver finds the call that takes the values of a text which is argument i
// of f.call: the call itself, or the one that runs the prepared statement.
func (f *fixer) receiver(i int) bool {
	sig, ok := f.e.pass.TypesInfo.TypeOf(f.call.Fun).(*types.Signature)
	if !ok {
		return false
	}
	if sig.Variadic() {
		n := sig.Params().Len()
		if i < n-2 || !anything(sig.Params().At(n-1).Type()) {
			return false
		}
		f.target, f.first = f.call, i+1
		return true
	}
	sel, ok := ast.Unparen(f.call.Fun).(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(sel.Sel.Name, "Prepare") || i != sig.Params().Len()-1 {
		return false
	}
	f.inline = false
	return f.prepared()
}

// anything reports whether t is []any.
func anything(t types.Type) bool {
	s, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

// prepared finds the one call that runs the statement that f.call prepares.
func (f *fixer) prepared() bool {
	info := f.e.pass.TypesInfo
	path, _ := astutil.PathEnclosingInterval(f.file, f.call.Pos(), f.call.End())
	if len(path) < 2 {
		return false
	}
	assign, ok := path[1].(*ast.AssignStmt)
	if !ok || assign.Tok != token.DEFINE || len(assign.Rhs) != 1 {
		return false
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok || info.Defs[id] == nil {
		return false
	}
	uses := count(info, f.file, info.Defs[id])
	ast.Inspect(f.file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if stmt, ok := sel.X.(*ast.Ident); !ok || info.Uses[stmt] != info.Defs[id] {
			return true
		}
		switch sel.Sel.Name {
		case "Close":
			uses--
		case "Exec", "Query", "QueryRow", "MustExec", "Queryx", "QueryRowx":
			f.target, f.first = call, 0
		case "ExecContext", "QueryContext", "QueryRowContext", "QueryxContext", "QueryRowxContext":
			f.target, f.first = call, 1
		}
		return true
	})
	return uses == 1 && f.target != nil && !f.target.Ellipsis.IsValid()
}

// comments reports whether there are comments in the text, which would be lost.
func (f *fixer) comments() bool {
	for _, g := range f.file.Comments {
		if g.Pos() >= f.text.Pos() && g.End() <= f.text.End() {
			return true
		}
	}
	return false
}

// movable reports whether x has the same value where the arguments are: it
// computes nothing that could differ, and nothing it reads is set in between.
func (f *fixer) movable(x ast.Expr) bool {
	info := f.e.pass.TypesInfo
	ok := true
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if tv := info.Types[n.Fun]; !tv.IsType() && !f.inline && !f.pure(n) {
				ok = false
			}
		case *ast.FuncLit:
			ok = false
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW && n.Op != token.AND
		case *ast.Ident:
			if v, isVar := info.Uses[n].(*types.Var); isVar && !v.IsField() && !f.inline && f.setLater(v) {
				ok = false
			}
		}
		return ok
	})
	return ok
}

// pure reports whether calling twice gives the same: functions of text, and
// getters.
func (f *fixer) pure(c *ast.CallExpr) bool {
	fn := f.called(c)
	if fn == nil {
		return false
	}
	switch path := fn.Pkg().Path(); {
	case fn.Signature().Recv() == nil:
		return path == "strings" || path == "strconv"
	case path == "time":
		return fn.Name() == "Format"
	}
	return len(c.Args) == 0 && (fn.Name() == "String" || strings.HasPrefix(fn.Name(), "Get"))
}

// setLater reports whether a variable, or what it holds, is set between the
// text and the call, or from a place that cannot be seen.
func (f *fixer) setLater(v *types.Var) bool {
	later := v.Parent() == f.e.pass.Pkg.Scope()
	until := f.target.End()
	if f.apart() {
		until = f.file.FileEnd
	}
	hit := func(x ast.Expr) { later = later || x.Pos() < until && f.root(x) == types.Object(v) }
	ast.Inspect(f.file, func(n ast.Node) bool {
		if n == nil || n.End() < f.text.End() {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.TokPos > f.text.End() {
				for _, lhs := range n.Lhs {
					hit(lhs)
				}
			}
		case *ast.IncDecStmt:
			hit(n.X)
		case *ast.UnaryExpr:
			if n.Op == token.AND && n.Pos() > f.text.End() {
				hit(n.X)
			}
		}
		return !later
	})
	return later
}

// apart reports whether the call is in a loop or a function that the text is
// not in: what stands behind the call may then run before it.
func (f *fixer) apart() bool {
	path, _ := astutil.PathEnclosingInterval(f.file, f.target.Pos(), f.target.End())
	for _, n := range path {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			if f.text.Pos() < n.Pos() || f.text.End() > n.End() {
				return true
			}
		}
	}
	return false
}

// root returns the variable that x is, or is a part of.
func (f *fixer) root(x ast.Expr) types.Object {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		case *ast.StarExpr:
			x = y.X
		case *ast.Ident:
			return f.e.pass.TypesInfo.Uses[y]
		default:
			return nil
		}
	}
}

// count returns how often a node names an object.
func count(info *types.Info, n ast.Node, obj types.Object) int {
	uses := 0
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == obj {
			uses++
		}
		return true
	})
	return uses
}

// source returns an expression as it is printed.
func (f *fixer) source(x ast.Expr) string {
	var b bytes.Buffer
	if err := printer.Fprint(&b, f.e.pass.Fset, x); err != nil {
		return ""
	}
	return b.String()
}
