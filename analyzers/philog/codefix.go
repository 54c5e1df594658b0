package philog

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/typename"
)

// withCodes returns a pass that adds a fix to findings about logged errors:
// where the driver's own error is at hand, its SQLSTATE is logged instead. That
// tells what went wrong and quotes nothing.
func withCodes(pass *analysis.Pass) *analysis.Pass {
	inner := *pass
	inner.Report = func(d analysis.Diagnostic) {
		if len(d.SuggestedFixes) == 0 && (strings.HasPrefix(d.Category, "PHI205") || strings.HasPrefix(d.Category, "PHI206")) {
			d.SuggestedFixes = codeFix(pass, d)
		}
		pass.Report(d)
	}
	return &inner
}

// A known error is one that a condition around has found to be a driver's.
type knownError struct {
	err    types.Object // the error that was looked at
	target types.Object // the driver's error in it
	code   string       // the expression for its code, as a string
}

// driverErrors are the types whose field Code is the SQLSTATE, with what makes
// a string of it.
var driverErrors = map[string]string{
	"github.com/jackc/pgx/v5/pgconn.PgError": "%s.Code", "github.com/jackc/pgconn.PgError": "%s.Code",
	"github.com/lib/pq.Error": "string(%s.Code)",
}

func codeFix(pass *analysis.Pass, d analysis.Diagnostic) []analysis.SuggestedFix {
	for _, f := range pass.Files {
		if d.Pos < f.FileStart || d.Pos >= f.FileEnd {
			continue
		}
		path, _ := astutil.PathEnclosingInterval(f, d.Pos, d.End)
		var call ast.Node
		for _, n := range path {
			if c, ok := n.(*ast.CallExpr); ok && call == nil {
				call = c
			}
			stmt, ok := n.(*ast.IfStmt)
			if !ok || call == nil || call.Pos() < stmt.Body.Pos() || call.End() > stmt.Body.End() {
				continue
			}
			if known, ok := found(pass.TypesInfo, stmt); ok {
				return replaceError(pass, call, known)
			}
		}
	}
	return nil
}

// found reads "if errors.As(err, &target)", also as part of a conjunction, and
// "if target, ok := err.(*pgconn.PgError); ok".
func found(info *types.Info, stmt *ast.IfStmt) (knownError, bool) {
	if assign, ok := stmt.Init.(*ast.AssignStmt); ok && len(assign.Lhs) == 2 && len(assign.Rhs) == 1 {
		assert, isAssert := assign.Rhs[0].(*ast.TypeAssertExpr)
		ok, isName := ast.Unparen(stmt.Cond).(*ast.Ident)
		second, _ := assign.Lhs[1].(*ast.Ident)
		if isAssert && isName && second != nil && ok.Name == second.Name {
			return known(info, assert.X, assign.Lhs[0])
		}
	}
	conditions := []ast.Expr{stmt.Cond}
	for i := 0; i < len(conditions); i++ {
		switch e := ast.Unparen(conditions[i]).(type) {
		case *ast.BinaryExpr:
			if e.Op == token.LAND {
				conditions = append(conditions, e.X, e.Y)
			}
		case *ast.CallExpr:
			fn := typeutil.StaticCallee(info, e)
			if fn == nil || fn.FullName() != "errors.As" || len(e.Args) != 2 {
				continue
			}
			if u, ok := e.Args[1].(*ast.UnaryExpr); ok && u.Op == token.AND {
				return known(info, e.Args[0], u.X)
			}
		}
	}
	return knownError{}, false
}

func known(info *types.Info, err, target ast.Expr) (knownError, bool) {
	e, ok := err.(*ast.Ident)
	t, isName := target.(*ast.Ident)
	if !ok || !isName {
		return knownError{}, false
	}
	form, ok := driverErrors[typename.Of(info.TypeOf(t))]
	return knownError{info.ObjectOf(e), info.ObjectOf(t), strings.ReplaceAll(form, "%s", t.Name)}, ok
}

// replaceError replaces every use of the error below a call that logs it.
func replaceError(pass *analysis.Pass, root ast.Node, k knownError) []analysis.SuggestedFix {
	var edits []analysis.TextEdit
	ast.Inspect(root, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		for i, arg := range call.Args {
			if !k.is(pass.TypesInfo, arg) {
				continue
			}
			if e, ok := k.edit(pass, call, i); ok {
				edits = append(edits, e)
			}
		}
		return true
	})
	if len(edits) == 0 {
		return nil
	}
	return []analysis.SuggestedFix{{Message: "log the SQLSTATE instead", TextEdits: edits}}
}

// is reports whether an expression is the error, its text, or a field of it
// that quotes values.
func (k knownError) is(info *types.Info, e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		obj := info.ObjectOf(e)
		return obj != nil && (obj == k.err || obj == k.target)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		return ok && info.ObjectOf(x) == k.target && knowledge.DetailFields[e.Sel.Name]
	case *ast.CallExpr:
		sel, ok := e.Fun.(*ast.SelectorExpr)
		return ok && sel.Sel.Name == "Error" && len(e.Args) == 0 && k.is(info, sel.X)
	}
	return false
}

// edit replaces argument number i of a call. What takes an error and nothing
// else gives way to its neighbour that takes a string.
func (k knownError) edit(pass *analysis.Pass, call *ast.CallExpr, i int) (analysis.TextEdit, bool) {
	arg := call.Args[i]
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return analysis.TextEdit{}, false
	}
	fn, _ := pass.TypesInfo.ObjectOf(sel.Sel).(*types.Func)
	if fn == nil || fn.Pkg() == nil {
		return analysis.TextEdit{}, false
	}
	if with, ok := stringTwins[fn.FullName()]; ok && i == len(call.Args)-1 {
		key := `"sqlstate"`
		if len(call.Args) == 2 {
			var b bytes.Buffer
			if err := printer.Fprint(&b, pass.Fset, call.Args[0]); err != nil {
				return analysis.TextEdit{}, false
			}
			key = b.String()
		}
		return analysis.TextEdit{Pos: sel.Sel.Pos(), End: call.End(), NewText: []byte(with + "(" + key + ", " + k.code + ")")}, true
	}
	if !takesText(fn, i) {
		return analysis.TextEdit{}, false
	}
	return analysis.TextEdit{Pos: arg.Pos(), End: arg.End(), NewText: []byte(k.code)}, true
}

// stringTwins are functions that take an error, with the one beside them that
// takes a key and a string.
var stringTwins = map[string]string{
	"go.uber.org/zap.Error": "String", "go.uber.org/zap.NamedError": "String",
	"(*github.com/rs/zerolog.Event).Err": "Str", "(*github.com/rs/zerolog.Event).AnErr": "Str",
	"github.com/sirupsen/logrus.WithError": "WithField", "(*github.com/sirupsen/logrus.Entry).WithError": "WithField",
	"(*github.com/sirupsen/logrus.Logger).WithError": "WithField",
}

// takesText reports whether a function takes a string as argument number i, or
// anything at all.
func takesText(fn *types.Func, i int) bool {
	params := fn.Signature().Params()
	if params.Len() == 0 {
		return false
	}
	t := params.At(min(i, params.Len()-1)).Type()
	if s, ok := t.(*types.Slice); ok && fn.Signature().Variadic() && i >= params.Len()-1 {
		t = s.Elem()
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return u.Empty()
	case *types.Basic:
		return u.Kind() == types.String
	}
	return false
}
