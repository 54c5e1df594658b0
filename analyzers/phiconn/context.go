package phiconn

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// elsewhere matches names that keep a setting away from production, and
// production's own, for conditions that deny it.
var (
	elsewhere  = lazyregexp.New(`(?i)(^|[^a-z])(is|in|for|use|run)?(test|testing|tests|local|localhost|dev|development|ci)([^a-z]|$)|([a-z_]|^)(Test|Local|Dev(elopment)?)(ing|s|Mode|Env)?([A-Z_]|$)|^(test|local|dev)[A-Z_]`)
	production = lazyregexp.New(`(?i)prod(uction)?`)
)

// most returns how severe a setting at cur can be: low where a condition or a
// name keeps it to tests and the developer's machine, medium where it is a
// default that the environment can change.
func (c *checker) most(cur inspector.Cursor) rules.Severity {
	if c.awayFromProduction(cur) {
		return rules.Low
	}
	if c.isDefault(cur) {
		return rules.Medium
	}
	return rules.High
}

// awayFromProduction recognises "if isTesting { … }", "if env == \"local\" { … }",
// "if env != \"production\" { … }", the same in a switch, and const localDSN.
func (c *checker) awayFromProduction(cur inspector.Cursor) bool {
	at := cur.Node().Pos()
	for up := cur; up.Node() != nil; up = up.Parent() {
		switch n := up.Node().(type) {
		case *ast.IfStmt:
			inBody := n.Body.Pos() <= at && at < n.Body.End()
			if inBody && c.condition(n.Cond, elsewhere, production) || !inBody && n.Else != nil && at >= n.Else.Pos() && c.condition(n.Cond, production, elsewhere) {
				return true
			}
		case *ast.CaseClause:
			for _, e := range n.List {
				if c.says(e, elsewhere) && at >= n.Colon {
					return true
				}
			}
		case *ast.ValueSpec:
			if len(n.Names) > 0 && elsewhere.MatchString(n.Names[0].Name) {
				return true
			}
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && elsewhere.MatchString(id.Name) {
				return true
			}
		case *ast.FuncDecl:
			return elsewhere.MatchString(strings.TrimPrefix(n.Name.Name, "Test")) // TestConnection is no test
		}
	}
	return false
}

// condition reports whether a condition holds where a name matches yes, or
// does not hold where it matches no.
func (c *checker) condition(e ast.Expr, yes, no *lazyregexp.Regexp) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && c.condition(e.X, no, yes)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return c.condition(e.X, yes, no) || c.condition(e.Y, yes, no)
		case token.LOR:
			return c.condition(e.X, yes, no) && c.condition(e.Y, yes, no)
		case token.EQL:
			return c.says(e.X, yes) || c.says(e.Y, yes)
		case token.NEQ:
			return c.says(e.X, no) || c.says(e.Y, no)
		}
		return false
	}
	return c.says(e, yes)
}

// says reports whether a constant's text or a name matches; of a call such as
// os.Getenv("ENV") or cfg.IsLocal() that is the function's name.
func (c *checker) says(e ast.Expr, re *lazyregexp.Regexp) bool {
	if s, ok := c.constant(e); ok {
		return re.MatchString(s)
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return re.MatchString(e.Name)
	case *ast.SelectorExpr:
		return re.MatchString(e.Sel.Name)
	case *ast.CallExpr:
		return len(e.Args) == 0 && c.says(e.Fun, re)
	}
	return false
}

// fallback matches functions that take a value for when nothing else is set,
// and names of such values.
var (
	fallback    = lazyregexp.New(`(?i)env|default|fallback|coalesce|lookup|^or$`)
	defaultName = lazyregexp.New(`(?i)default|fallback`)
	cliFlag     = lazyregexp.New(`/cli(/v[0-9]+)?\.\w+Flag$`)
	foundName   = lazyregexp.New(`^(ok|exists?|found|set|present)$`)
)

// isDefault recognises getenv("X", value), flag.String("x", value, …),
// viper.SetDefault, "if x == \"\" { x = value }" and const defaultX.
func (c *checker) isDefault(cur inspector.Cursor) bool {
	switch n := cur.Parent().Node().(type) {
	case *ast.CallExpr:
		fn, _ := typeutil.Callee(c.info, n).(*types.Func)
		if fn == nil || setter(fn.Name()) {
			return false
		}
		return len(n.Args) > 1 && fallback.MatchString(fn.Name()) || isFlag(fn)
	case *ast.ValueSpec:
		return len(n.Names) > 0 && defaultName.MatchString(n.Names[0].Name)
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		return ok && (key.Name == "Default" || key.Name == "Value" && c.isFlagLiteral(cur.Parent().Parent()))
	case *ast.AssignStmt:
		return c.ifEmpty(cur, n)
	}
	return false
}

func isFlag(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "flag", "github.com/spf13/pflag":
		return true
	}
	return false
}

// isFlagLiteral recognises &cli.StringFlag{Name: …, Value: …}.
func (c *checker) isFlagLiteral(cur inspector.Cursor) bool {
	lit, ok := cur.Node().(*ast.CompositeLit)
	return ok && cliFlag.MatchString(typename.Of(c.info.TypeOf(lit)))
}

// ifEmpty reports whether an assignment stands directly below a condition that
// found its variable empty, or unset.
func (c *checker) ifEmpty(cur inspector.Cursor, n *ast.AssignStmt) bool {
	block := cur.Parent().Parent()
	outer, ok := block.Parent().Node().(*ast.IfStmt)
	if !ok || block.Node() != ast.Node(outer.Body) {
		return false
	}
	switch cond := ast.Unparen(outer.Cond).(type) {
	case *ast.UnaryExpr:
		id, ok := cond.X.(*ast.Ident)
		return ok && cond.Op == token.NOT && foundName.MatchString(id.Name)
	case *ast.BinaryExpr:
		obj := object(c.info, n.Lhs[0])
		return cond.Op == token.EQL && obj != nil && (object(c.info, cond.X) == obj || object(c.info, lenOf(cond.X)) == obj)
	}
	return false
}

// lenOf returns x of len(x), and anything else as it is.
func lenOf(e ast.Expr) ast.Expr {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok && len(call.Args) == 1 {
		return call.Args[0]
	}
	return e
}
