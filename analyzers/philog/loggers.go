package philog

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
)

// A loggerCall is a function that turns on a logger of statements and values.
type loggerCall struct {
	fact string
	// off is the option, a function of the same package, without which the
	// values are printed.
	off string
	// flag says that a constant false as first argument turns it off.
	flag bool
}

// loggerCalls are held against the libraries by the test of package knowledge
// that prints what each of them writes.
var loggerCalls = map[string]loggerCall{
	"github.com/simukti/sqldb-logger.OpenDriver":                   {fact: "sqldb-logger writes the arguments of statements", off: "WithLogArguments"},
	"github.com/exaring/otelpgx.WithIncludeQueryParameters":        {fact: "otelpgx puts the arguments of statements into spans"},
	"github.com/uptrace/opentelemetry-go-extra/otelgorm.NewPlugin": {fact: "otelgorm puts the values of statements into spans", off: "WithoutQueryVariables"},
	"gorm.io/plugin/opentelemetry/tracing.NewPlugin":               {fact: "gorm's tracing plugin puts the values of statements into spans", off: "WithoutQueryVariables"},
	"(*xorm.io/xorm.Engine).ShowSQL":                               {fact: "xorm writes statements with their arguments", flag: true},
	"(*github.com/jinzhu/gorm.DB).LogMode":                         {fact: "gorm writes every statement with its values", flag: true},
	"entgo.io/ent/dialect.Debug":                                   {fact: "ent's debug driver writes the arguments of statements"},
	"entgo.io/ent/dialect.DebugWithContext":                        {fact: "ent's debug driver hands on the arguments of statements"},
	"github.com/uptrace/bun/extra/bundebug.NewQueryHook":           {fact: "bundebug writes failed statements with their values"},
	"(*gorm.io/gorm.DB).Debug":                                     {fact: "Debug writes statements with their values"},
	"(gorm.io/gorm/logger.Interface).LogMode":                      {},
	"gorm.io/gorm.Open":                                            {},
}

// loggerCheck looks for configurations of query loggers in one package.
type loggerCheck struct {
	pass *analysis.Pass
	// filtered: the package has a gorm logger that leaves values out, so that
	// Debug may well go through it.
	filtered bool
}

func checkLoggers(pass *analysis.Pass) {
	c := &loggerCheck{pass: pass}
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.CompositeLit)(nil)}, func(n ast.Node) {
		if lit := n.(*ast.CompositeLit); c.typeName(lit) == "gorm.io/gorm/logger.Config" && c.isTrue(field(lit, "ParameterizedQueries")) {
			c.filtered = true
		}
	})
	in.Preorder([]ast.Node{(*ast.CompositeLit)(nil), (*ast.CallExpr)(nil)}, func(n ast.Node) {
		if strings.HasSuffix(pass.Fset.File(n.Pos()).Name(), "_test.go") {
			return
		}
		switch n := n.(type) {
		case *ast.CompositeLit:
			c.literal(n)
		case *ast.CallExpr:
			c.call(n)
		}
	})
}

// report reports a fact. Loggers that write only what fails or is slow are
// one severity below those that write everything.
func (c *loggerCheck) report(n ast.Node, severity rules.Severity, fact string, fixes ...analysis.SuggestedFix) {
	r := queryLoggerPrintsValues
	category := r.ID
	if severity < r.Severity {
		category += "/" + severity.String()
	}
	c.pass.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category, Message: r.ID + " " + fact, URL: r.HelpURI(), SuggestedFixes: fixes,
	})
}

func (c *loggerCheck) literal(lit *ast.CompositeLit) {
	switch c.typeName(lit) {
	case "gorm.io/gorm/logger.Config":
		// Without a level it writes nothing.
		value := field(lit, "LogLevel")
		level, known := c.level(value)
		if value == nil || known && level <= gormSilent || field(lit, "ParameterizedQueries") != nil && !c.isFalse(field(lit, "ParameterizedQueries")) {
			return
		}
		c.gorm(lit, level, parameterize(lit))
	case "github.com/jackc/pgx/v5/tracelog.TraceLog":
		value := field(lit, "LogLevel")
		level, known := c.level(value)
		switch {
		case value == nil || known && level <= pgxNone:
		case level >= pgxInfo:
			c.report(lit, rules.High, "pgx's tracelog writes every statement's arguments")
		default:
			c.report(lit, rules.Medium, "pgx's tracelog writes the arguments of statements that fail")
		}
	}
}

// Levels from which gorm and pgx write nothing or everything.
const (
	gormSilent, gormInfo = 1, 4
	pgxNone, pgxInfo     = 1, 4
)

func (c *loggerCheck) gorm(n ast.Node, level int64, fixes ...analysis.SuggestedFix) {
	if level >= gormInfo {
		c.report(n, rules.High, "gorm writes every statement with its values", fixes...)
		return
	}
	c.report(n, rules.Medium, "gorm writes slow and failed statements with their values", fixes...)
}

func parameterize(lit *ast.CompositeLit) analysis.SuggestedFix {
	text := "ParameterizedQueries: true"
	if len(lit.Elts) > 0 {
		text += ", "
	}
	return analysis.SuggestedFix{
		Message:   "leave the values out: ParameterizedQueries",
		TextEdits: []analysis.TextEdit{{Pos: lit.Lbrace + 1, End: lit.Lbrace + 1, NewText: []byte(text)}},
	}
}

func (c *loggerCheck) call(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	if fn == nil {
		return
	}
	name := fn.Origin().FullName()
	known, ok := loggerCalls[name]
	switch {
	case strings.HasSuffix(name, "/ent.Debug") || strings.HasSuffix(name, "/ent.Client).Debug"):
		c.report(call, rules.High, "ent's debug mode writes the arguments of statements")
	case !ok:
	case name == "gorm.io/gorm.Open":
		c.gormOpen(call)
	case name == "(gorm.io/gorm/logger.Interface).LogMode":
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.gormDefault(sel.X) && len(call.Args) == 1 {
			if level, known := c.level(call.Args[0]); !known || level > gormSilent {
				c.gorm(call, level)
			}
		}
	case name == "(*gorm.io/gorm.DB).Debug" && c.filtered:
	case strings.HasSuffix(name, "bundebug.NewQueryHook"):
		c.bundebug(call, known.fact)
	case known.flag && len(call.Args) > 0 && !c.isTrue(call.Args[0]):
	case known.off != "" && c.option(call, known.off) != nil:
	default:
		c.report(call, rules.High, known.fact)
	}
}

// gormOpen reports the configuration that has no logger, and so gorm's own.
func (c *loggerCheck) gormOpen(call *ast.CallExpr) {
	if call.Ellipsis.IsValid() {
		return
	}
	for _, arg := range call.Args[min(1, len(call.Args)):] {
		u, ok := ast.Unparen(arg).(*ast.UnaryExpr)
		if !ok {
			return // a variable: what it holds is not followed
		}
		lit, ok := u.X.(*ast.CompositeLit)
		if !ok || c.typeName(lit) != "gorm.io/gorm.Config" {
			return
		}
		if l := field(lit, "Logger"); l != nil && !c.gormDefault(l) {
			return
		}
	}
	c.report(call, rules.Medium, "gorm's default logger writes slow and failed statements with their values")
}

func (c *loggerCheck) gormDefault(e ast.Expr) bool {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, ok := c.pass.TypesInfo.ObjectOf(sel.Sel).(*types.Var)
	return ok && v.Name() == "Default" && v.Pkg() != nil && v.Pkg().Path() == "gorm.io/gorm/logger"
}

func (c *loggerCheck) bundebug(call *ast.CallExpr, fact string) {
	if on := c.option(call, "WithEnabled"); on != nil && len(on.Args) == 1 && c.isFalse(on.Args[0]) {
		return
	}
	if verbose := c.option(call, "WithVerbose"); verbose != nil && len(verbose.Args) == 1 && c.isTrue(verbose.Args[0]) {
		c.report(call, rules.High, "bundebug writes every statement with its values")
		return
	}
	c.report(call, rules.Medium, fact)
}

// option returns the argument of call that is a call of the function of that name.
func (c *loggerCheck) option(call *ast.CallExpr, name string) *ast.CallExpr {
	for _, arg := range call.Args {
		option, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok {
			continue
		}
		if fn := typeutil.Callee(c.pass.TypesInfo, option); fn != nil && fn.Name() == name &&
			(name != "WithLogArguments" || len(option.Args) == 1 && !c.isTrue(option.Args[0])) {
			return option
		}
	}
	return nil
}

func (c *loggerCheck) typeName(e ast.Expr) string {
	named, ok := types.Unalias(c.pass.TypesInfo.TypeOf(e)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path() + "." + named.Obj().Name()
}

// level returns the constant value of e; 0 if there is none.
func (c *loggerCheck) level(e ast.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	if v := c.pass.TypesInfo.Types[e].Value; v != nil {
		return constant.Int64Val(constant.ToInt(v))
	}
	return 0, false
}

func (c *loggerCheck) isTrue(e ast.Expr) bool  { return c.isBool(e, true) }
func (c *loggerCheck) isFalse(e ast.Expr) bool { return c.isBool(e, false) }

func (c *loggerCheck) isBool(e ast.Expr, want bool) bool {
	if e == nil {
		return false
	}
	v := c.pass.TypesInfo.Types[e].Value
	return v != nil && v.Kind() == constant.Bool && constant.BoolVal(v) == want
}

// field returns the value that a literal gives a field, or nil.
func field(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}
