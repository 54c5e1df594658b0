package philog

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
)

// gorm's levels: up to silent nothing is written, from info every statement,
// between them what fails or is slow.
const (
	gormSilent = 1
	gormInfo   = 4
)

const gormConfig = "gorm.io/gorm/logger.Config"

func (c *loggerCheck) gorm(n ast.Node, level int64, fixes ...analysis.SuggestedFix) {
	severity := rules.Medium
	if level >= gormInfo {
		severity = rules.High
	}
	c.report(n, severity, "gorm writes the values of %s", fixes...)
}

// gormLiteral judges logger.Config{…}. Without a level it writes nothing.
func (c *loggerCheck) gormLiteral(lit *ast.CompositeLit) {
	value := field(lit, "LogLevel")
	level, known := c.level(value)
	if value == nil || known && level <= gormSilent || c.parameterized(lit) {
		return
	}
	c.gorm(lit, level, c.parameterize(lit)...)
}

// parameterized reports whether a configuration leaves values out, or may.
func (c *loggerCheck) parameterized(lit *ast.CompositeLit) bool {
	value := field(lit, "ParameterizedQueries")
	return value != nil && !c.isFalse(value) || len(c.assigned[gormConfig+".ParameterizedQueries"]) > 0
}

// parameterize is the fix that sets the field, on a line of its own where the
// others stand on their own.
func (c *loggerCheck) parameterize(lit *ast.CompositeLit) []analysis.SuggestedFix {
	const message = "leave the values out: ParameterizedQueries"
	if value := field(lit, "ParameterizedQueries"); value != nil {
		return []analysis.SuggestedFix{replace(message, value, "true")}
	}
	if len(lit.Elts) == 0 {
		return []analysis.SuggestedFix{edit(message, lit.Lbrace+1, lit.Lbrace+1, "ParameterizedQueries: true")}
	}
	first := lit.Elts[0].Pos()
	separator := " "
	if at := c.pass.Fset.Position(first); at.Line > c.pass.Fset.Position(lit.Lbrace).Line {
		separator = "\n" + strings.Repeat("\t", at.Column-1)
	}
	return []analysis.SuggestedFix{edit(message, first, first, "ParameterizedQueries: true,"+separator)}
}

// gormLevel judges config.LogLevel = … of a logger.Config.
func (c *loggerCheck) gormLevel(n ast.Node, sel *ast.SelectorExpr, value ast.Expr) {
	level, known := c.level(value)
	lit := c.literalOf(sel.X)
	if known && level <= gormSilent || lit == nil || c.parameterized(lit) {
		return
	}
	c.gorm(n, level)
}

// gormCall judges the calls of gorm that a table cannot tell; it reports
// whether that is settled.
func (c *loggerCheck) gormCall(call *ast.CallExpr, name string) bool {
	switch name {
	case "gorm.io/gorm.Open":
		c.gormOpen(call)
	case "(*gorm.io/gorm.DB).Debug":
		return c.filtered
	case "(gorm.io/gorm/logger.Interface).LogMode":
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || len(call.Args) != 1 || !c.gormDefault(sel.X) && !c.gormOwn(sel.X) {
			return true
		}
		if level, known := c.level(call.Args[0]); known && level > gormSilent || !known && c.gormDefault(sel.X) {
			c.gorm(call, level)
		}
	default:
		return false
	}
	return true
}

// gormOpen reports the configuration that has no logger, and so gorm's own.
func (c *loggerCheck) gormOpen(call *ast.CallExpr) {
	if call.Ellipsis.IsValid() || len(c.assigned["gorm.io/gorm.Config.Logger"]) > 0 {
		return
	}
	for _, arg := range call.Args[min(1, len(call.Args)):] {
		lit := c.literalOf(arg)
		if lit == nil || c.typeName(lit) != "gorm.io/gorm.Config" {
			return // what it holds is not known
		}
		if l := field(lit, "Logger"); l != nil && !c.gormDefault(l) && !c.pass.TypesInfo.Types[l].IsNil() {
			return
		}
	}
	c.report(call, rules.Medium, "gorm's default logger writes slow and failed statements with their values")
}

// gormDefault reports whether e is gorm's own logger.
func (c *loggerCheck) gormDefault(e ast.Expr) bool {
	v, ok := c.object(c.resolve(e)).(*types.Var)
	return ok && v.Name() == "Default" && v.Pkg() != nil && v.Pkg().Path() == "gorm.io/gorm/logger"
}

// gormOwn reports whether e is made by logger.New of a configuration that is
// seen and does not leave values out.
func (c *loggerCheck) gormOwn(e ast.Expr) bool {
	call, ok := c.resolve(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 {
		return false
	}
	fn, _ := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "gorm.io/gorm/logger" {
		return false
	}
	lit := c.literalOf(call.Args[1])
	return lit != nil && !c.parameterized(lit)
}
