package philog

import (
	"go/ast"
	"go/types"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
)

// hookEvents are what mappers hand to the hooks of a program, with the fields
// and methods that hold the statement with its values, or the values.
var hookEvents = map[string]map[string]bool{
	"github.com/uptrace/bun.QueryEvent":  {"Query": true, "QueryArgs": true},
	"github.com/go-pg/pg/v10.QueryEvent": {"FormattedQuery": true, "Params": true},
	"github.com/go-pg/pg/v9.QueryEvent":  {"FormattedQuery": true, "Params": true},
	"xorm.io/xorm/contexts.ContextHook":  {"Args": true},
}

// hook judges a function that is given such an event: it reports the first
// statement that hands the text on to a call whose result nobody wants, which
// is one that writes it somewhere.
func (c *loggerCheck) hook(decl *ast.FuncDecl) {
	if decl.Body == nil || decl.Type.Params == nil {
		return
	}
	for _, p := range decl.Type.Params.List {
		for _, name := range p.Names {
			obj := c.pass.TypesInfo.Defs[name]
			if obj == nil {
				continue
			}
			if parts := hookEvents[typename.Of(obj.Type())]; len(parts) > 0 {
				c.hookBody(decl.Body, obj, parts)
			}
		}
	}
}

func (c *loggerCheck) hookBody(body *ast.BlockStmt, event types.Object, parts map[string]bool) {
	carriers := map[types.Object]bool{} // variables that were given a part
	reported := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				id, ok := lhs.(*ast.Ident)
				if !ok || i > 0 && len(n.Rhs) != len(n.Lhs) {
					continue // the error beside a text
				}
				if c.carries(n.Rhs[min(i, len(n.Rhs)-1)], event, parts, carriers) {
					carriers[c.pass.TypesInfo.ObjectOf(id)] = true
				}
			}
		case *ast.ExprStmt:
			if !reported && c.carries(n.X, event, parts, carriers) {
				reported = true
				c.report(n, rules.High, "query hook writes the values of every statement")
			}
		}
		return true
	})
}

// carries reports whether an expression contains a part of the event that is
// not only counted or compared.
func (c *loggerCheck) carries(e ast.Expr, event types.Object, parts map[string]bool, carriers map[types.Object]bool) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "len" {
				return false
			}
		case *ast.BinaryExpr:
			if isBool(c.pass.TypesInfo.TypeOf(n)) {
				return false
			}
		case *ast.SelectorExpr:
			x, ok := ast.Unparen(n.X).(*ast.Ident)
			found = found || ok && c.pass.TypesInfo.ObjectOf(x) == event && parts[n.Sel.Name]
		case *ast.Ident:
			obj := c.pass.TypesInfo.ObjectOf(n)
			found = found || obj != nil && carriers[obj]
		}
		return !found
	})
	return found
}
