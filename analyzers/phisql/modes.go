package phisql

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
)

// A handle is a function that opens a database handle whose queries go out with
// the values in their text. What each of them sends is held against a server by
// the proof in package knowledge.
type handle struct {
	fact    string
	dialect int // 1 + the index of the argument that names the database, or 0 where it is always PostgreSQL
}

var handles = map[string]handle{
	"github.com/uptrace/bun.NewDB":                        {"bun writes bound values into the SQL text", 2},
	"github.com/uptrace/bun/driver/pgdriver.NewConnector": {"pgdriver writes bound values into the SQL text", 0},
	"github.com/go-pg/pg.Connect":                         {"go-pg writes bound values into the SQL text", 0},
	"github.com/go-pg/pg/v9.Connect":                      {"go-pg writes bound values into the SQL text", 0},
	"github.com/go-pg/pg/v10.Connect":                     {"go-pg writes bound values into the SQL text", 0},
	"github.com/gocraft/dbr.Open":                         {"dbr writes bound values into the SQL text", 1},
	"github.com/gocraft/dbr/v2.Open":                      {"dbr writes bound values into the SQL text", 1},
	goqu + ".New":                                         {"goqu writes values into the SQL text unless a query is Prepared", 1},
	goqu + ".Dialect":                                     {"goqu writes values into the SQL text unless a query is Prepared", 1},
}

const goqu = "github.com/doug-martin/goqu/v9"

const simpleFact = "pgx's simple protocol writes bound values into the SQL text"

// preferSimple are the structs whose field PreferSimpleProtocol turns pgx's
// simple protocol on.
var preferSimple = map[string]string{
	"gorm.io/driver/postgres.Config":     "gorm's PreferSimpleProtocol writes bound values into the SQL text",
	"github.com/jackc/pgx/v4.ConnConfig": simpleFact,
	"github.com/jackc/pgx.ConnConfig":    simpleFact,
}

// A modeCheck looks for modes of drivers that write values into the text.
type modeCheck struct {
	pass   *analysis.Pass
	info   *types.Info
	health func() bool
}

// checkModes reports each place that opens a handle in such a mode. Health is
// asked before the first report: whether the program has health data at all.
func checkModes(pass *analysis.Pass, health func() bool) {
	c := &modeCheck{pass: pass, info: pass.TypesInfo, health: health}
	in := pass.ResultOf[own.Syntax].(*inspector.Inspector)
	if in == nil {
		return // a dependency
	}
	for cur := range in.Root().Preorder((*ast.CallExpr)(nil), (*ast.Ident)(nil), (*ast.BasicLit)(nil), (*ast.KeyValueExpr)(nil), (*ast.AssignStmt)(nil)) {
		switch n := cur.Node().(type) {
		case *ast.CallExpr:
			c.open(n)
		case *ast.Ident:
			c.mode(cur, n)
		case *ast.BasicLit:
			c.setting(cur, n)
		case *ast.KeyValueExpr:
			if lit, ok := cur.Parent().Node().(*ast.CompositeLit); ok {
				if key, ok := n.Key.(*ast.Ident); ok {
					c.prefers(lit, key, n.Value, n)
				}
			}
		case *ast.AssignStmt:
			for i, lhs := range n.Lhs {
				if sel, ok := lhs.(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) {
					c.prefers(sel.X, sel.Sel, n.Rhs[i], n)
				}
			}
		}
	}
}

func (c *modeCheck) report(n ast.Node, severity rules.Severity, fact string, fixes ...analysis.SuggestedFix) {
	if strings.HasSuffix(c.pass.Fset.File(n.Pos()).Name(), "_test.go") || !c.health() {
		return
	}
	r := clientSideInterpolation
	category := r.ID
	if severity < r.Severity {
		category += "/" + severity.String()
	}
	c.pass.Report(analysis.Diagnostic{
		Pos: n.Pos(), End: n.End(), Category: category, Message: r.ID + " " + fact, URL: r.HelpURI(), SuggestedFixes: fixes,
	})
}

// open judges calls that open a handle.
func (c *modeCheck) open(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil {
		return
	}
	name := fn.FullName()
	if strings.HasPrefix(name, "(*"+goqu) && fn.Name() == "ToSQL" && !c.dialects() && !c.prepares() {
		c.report(call, rules.High, handles[goqu+".Dialect"].fact)
		return
	}
	h, ok := handles[name]
	if !ok || h.dialect > 0 && !c.postgres(call, h.dialect-1) {
		return
	}
	if strings.HasSuffix(name, "pgdriver.NewConnector") && c.imports("github.com/uptrace/bun") {
		return // it is bun's handle that is reported
	}
	if strings.Contains(name, "/goqu/") && c.prepares() {
		return
	}
	c.report(call, rules.High, h.fact)
}

// postgres reports whether the argument names PostgreSQL: by a constant, or as
// bun's dialect.
func (c *modeCheck) postgres(call *ast.CallExpr, index int) bool {
	if index >= len(call.Args) {
		return false
	}
	tv := c.info.Types[call.Args[index]]
	if tv.Value != nil && tv.Value.Kind() == constant.String {
		switch constant.StringVal(tv.Value) {
		case "postgres", "pgx", "pg", "pgx/v4", "pgx/v5", "cloudsqlpostgres":
			return true
		}
		return false
	}
	return strings.HasPrefix(typename.Of(tv.Type), "github.com/uptrace/bun/dialect/pgdialect.")
}

func (c *modeCheck) imports(path string) bool {
	for _, p := range c.pass.Pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}

// dialects reports whether the package opens goqu for a database, where it is
// reported. Without, queries are made of the package's functions.
func (c *modeCheck) dialects() bool {
	return c.usesGoqu("New", "Dialect")
}

// prepares reports whether the package tells goqu to leave values out.
func (c *modeCheck) prepares() bool {
	return c.usesGoqu("Prepared", "SetDefaultPrepared")
}

func (c *modeCheck) usesGoqu(names ...string) bool {
	for id, obj := range c.info.Uses {
		if fn, ok := obj.(*types.Func); ok && slices.Contains(names, id.Name) && fn.Pkg() != nil && fn.Pkg().Path() == goqu {
			return true
		}
	}
	return false
}

// mode judges the uses of pgx's constant. As an argument of a query it is the
// taint analyzer's, which knows what is bound beside it.
func (c *modeCheck) mode(cur inspector.Cursor, id *ast.Ident) {
	if id.Name != "QueryExecModeSimpleProtocol" {
		return
	}
	obj := c.info.Uses[id]
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "github.com/jackc/pgx/v5" {
		return
	}
	if sel, ok := cur.Parent().Node().(*ast.SelectorExpr); ok && sel.Sel == id {
		cur = cur.Parent()
	}
	severity := rules.Medium // where it goes from here is not followed
	switch n := cur.Parent().Node().(type) {
	case *ast.BinaryExpr, *ast.CaseClause:
		return
	case *ast.CompositeLit:
		return // []any{mode, …}, the values of a query
	case *ast.CallExpr:
		if !c.takesMode(n, cur.Node()) {
			return
		}
		severity = rules.High
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "DefaultQueryExecMode" {
			severity = rules.High
		}
	case *ast.AssignStmt:
		if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && sel.Sel.Name == "DefaultQueryExecMode" {
			severity = rules.High
		}
	}
	fix := analysis.SuggestedFix{
		Message:   "send values apart from the text: QueryExecModeExec",
		TextEdits: []analysis.TextEdit{{Pos: id.Pos(), End: id.End(), NewText: []byte("QueryExecModeExec")}},
	}
	c.report(cur.Node(), severity, simpleFact, fix)
}

// takesMode reports whether the argument is passed as a mode, and not as one
// of a query's values.
func (c *modeCheck) takesMode(call *ast.CallExpr, arg ast.Node) bool {
	sig, ok := c.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return false
	}
	for i, a := range call.Args {
		if a == arg && i < sig.Params().Len() {
			return typename.Of(sig.Params().At(i).Type()) == "github.com/jackc/pgx/v5.QueryExecMode"
		}
	}
	return false
}

// settings are the parameters of a connection string that turn the mode on.
var settings = [][2]string{{"default_query_exec_mode", "simple_protocol"}, {"prefer_simple_protocol", "true"}}

// setting judges connection strings, and calls and map entries that set one of
// their parameters.
func (c *modeCheck) setting(cur inspector.Cursor, lit *ast.BasicLit) {
	if lit.Kind != token.STRING || c.looksAt(cur.Parent().Node()) {
		return
	}
	for _, s := range settings {
		if !strings.Contains(lit.Value, s[0]) {
			continue
		}
		if strings.Contains(lit.Value, s[0]+"="+s[1]) {
			c.report(lit, rules.High, simpleFact)
			return
		}
		if value := c.sibling(cur, lit, s[0]); value == s[1] || s[1] == "true" && value == "1" {
			c.report(lit, rules.High, simpleFact)
			return
		}
	}
}

// sibling returns the value that goes with a parameter: the literal is the
// parameter's name or, with the name beside it, its value.
func (c *modeCheck) sibling(cur inspector.Cursor, lit *ast.BasicLit, name string) string {
	text := func(e ast.Expr) string {
		if list, ok := e.(*ast.CompositeLit); ok && len(list.Elts) == 1 {
			e = list.Elts[0] // url.Values{"default_query_exec_mode": {"simple_protocol"}}
		}
		if v := c.info.Types[e].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v)
		}
		return ""
	}
	if text(lit) != name {
		return ""
	}
	switch n := cur.Parent().Node().(type) {
	case *ast.CallExpr:
		for i, a := range n.Args {
			if a == ast.Expr(lit) && i+1 < len(n.Args) {
				return text(n.Args[i+1])
			}
		}
	case *ast.KeyValueExpr:
		if n.Key == ast.Expr(lit) {
			return text(n.Value)
		}
	case *ast.IndexExpr:
		if assign, ok := cur.Parent().Parent().Node().(*ast.AssignStmt); ok && len(assign.Rhs) == 1 {
			return text(assign.Rhs[0])
		}
	}
	return ""
}

// looksAt reports whether a string is only compared or searched for there.
func (c *modeCheck) looksAt(parent ast.Node) bool {
	switch n := parent.(type) {
	case *ast.BinaryExpr:
		return n.Op != token.ADD
	case *ast.CaseClause, *ast.ImportSpec, *ast.Field:
		return true
	case *ast.CallExpr:
		fn := typeutil.Callee(c.info, n)
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "strings"
	}
	return false
}

// prefers judges PreferSimpleProtocol in a literal or an assignment.
func (c *modeCheck) prefers(owner ast.Expr, field *ast.Ident, value ast.Expr, at ast.Node) {
	simple := field.Name == "PreferSimpleProtocol"
	if !simple && field.Name != "SimpleProtocol" {
		return
	}
	v := c.info.Types[value].Value
	if v == nil || v.Kind() != constant.Bool || !constant.BoolVal(v) {
		return
	}
	name := typename.Of(c.info.TypeOf(owner))
	if fact := preferSimple[name]; fact != "" && simple {
		c.report(at, rules.High, fact)
	}
	if name == "github.com/jackc/pgx.QueryExOptions" && !simple {
		c.report(at, rules.Medium, simpleFact)
	}
}
