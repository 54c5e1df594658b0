package phiconn

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// A sink is a place that takes a whole connection string.
type sink struct {
	text   ast.Expr
	driver dsn.Driver
}

// dsnParams matches the names that functions give to the parameter that takes
// a connection string; urlParams need a library of databases around them.
var (
	dsnParams  = lazyregexp.New(`(?i)^(dsn|data_?source(_?name)?|conn(ection)?_?(str|string|info|url|uri)|(db|database|postgres|pg)_?(url|uri|dsn|conn|conn_?str|string))$`)
	urlParams  = lazyregexp.New(`(?i)^(s?url|uri|rawurl|s|name|opts)$`)
	dbPackages = lazyregexp.New(`(^|[/.-])(sql|pq|pg|pgx|pgxpool|pgconn|pgdriver|postgres|migrate|goose|dbmate|tern)(/v[0-9]+)?$`)
	connecting = lazyregexp.New(`(?i)^(must)?(new|open|connect|dial|parse|register|with|create|init|setup|start)`)
)

// sink returns the connection string that a call passes to a driver.
func (c *checker) sink(call *ast.CallExpr, fn *types.Func) (sink, bool) {
	if fn.Pkg() == nil || call.Ellipsis.IsValid() || !connecting.MatchString(fn.Name()) {
		return sink{}, false
	}
	params := fn.Signature().Params()
	path := fn.Pkg().Path()
	for i := 0; i < params.Len() && i < len(call.Args); i++ {
		name := params.At(i).Name()
		if !isString(params.At(i).Type()) || !dsnParams.MatchString(name) && !(urlParams.MatchString(name) && dbPackages.MatchString(path)) {
			continue
		}
		if name == "name" && path != "github.com/lib/pq" || name == "s" && !strings.Contains(path, "pg") {
			continue // a driver's name; pq.NewListener and pq.ParseURL have a connection string there
		}
		driver, ok := c.driver(call, path, i)
		return sink{call.Args[i], driver}, ok
	}
	if i, ok := variadic[path]; ok && i < len(call.Args) && fn.Name() == "Open" {
		driver, ok := c.driver(call, path, i)
		return sink{call.Args[i], driver}, ok
	}
	return sink{}, false
}

// variadic are the packages whose Open takes the string as one of its
// arguments of any type.
var variadic = map[string]int{"github.com/jinzhu/gorm": 1}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.String
}

// driver returns what an absent sslmode means to the driver of a call, and
// whether the call speaks to PostgreSQL at all.
func (c *checker) driver(call *ast.CallExpr, path string, at int) (dsn.Driver, bool) {
	switch {
	case strings.Contains(path, "/lib/pq"), strings.Contains(path, "golang-migrate"):
		return dsn.PQ, true
	case strings.Contains(path, "/go-pg/"):
		return dsn.GoPG, true
	case strings.Contains(path, "/bun/driver/pgdriver"):
		return dsn.Bun, true
	case strings.Contains(path, "/jackc/"), strings.Contains(path, "gorm.io/driver/postgres"):
		return dsn.PGX, true
	}
	// Have: a driver that is chosen by its name, if one stands before.
	for i := range at {
		name, ok := c.constant(call.Args[i])
		if !ok {
			continue
		}
		switch name = strings.ToLower(name); {
		case name == "pgx" || strings.HasPrefix(name, "pgx/") || name == "pgx5":
			return dsn.PGX, true
		case name == "postgres":
			return dsn.PQ, true
		case strings.Contains(strings.ReplaceAll(name, "-", ""), "cloudsql"):
			return 0, false // encrypts by itself
		case strings.Contains(name, "pg") || strings.Contains(name, "postgres"):
			return dsn.AnyDriver, true
		case strings.Contains(name, "mysql") || strings.Contains(name, "sqlite") || strings.Contains(name, "sqlserver"):
			return 0, false
		}
	}
	return c.guessDriver(), true // the text has to show that it is PostgreSQL's
}

// guessDriver looks which driver the package or what it imports uses: with
// lib/pq alone, an absent sslmode means "require".
func (c *checker) guessDriver() dsn.Driver {
	seen := map[*types.Package]bool{}
	var pq, pgx bool
	var visit func(p *types.Package)
	visit = func(p *types.Package) {
		if seen[p] || len(seen) > 2000 {
			return
		}
		seen[p] = true
		pq = pq || p.Path() == "github.com/lib/pq"
		pgx = pgx || strings.HasPrefix(p.Path(), "github.com/jackc/pgx") || strings.HasPrefix(p.Path(), "github.com/jackc/pgconn")
		for _, dep := range p.Imports() {
			visit(dep)
		}
	}
	visit(c.pass.Pkg)
	if pq && !pgx {
		return dsn.PQ
	}
	return dsn.AnyDriver
}

// connect judges a string that reaches a driver for what it does not say.
func (c *checker) connect(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || c.proxied {
		return
	}
	if s, ok := c.sink(call, fn); ok {
		c.absent(s)
	}
}

func (c *checker) absent(s sink) {
	if c.setsTLS(s.driver) {
		return
	}
	var t text
	c.fold(&t, s.text, 0)
	d, ok := dsn.Parse(t.b.String())
	if !ok || d.Get("sslmode").Set {
		return // what it says is reported where it stands
	}
	if p, ok := d.TLS(s.driver); ok {
		c.report(tlsNotEnforced, p.Severity, s.text.Pos(), s.text.End(), "PostgreSQL connection with "+p.Fact)
	}
}

// setsTLS reports whether the package gives a configuration of that driver,
// which came out of a string, TLS settings of its own: then the string alone
// does not decide.
func (c *checker) setsTLS(driver dsn.Driver) bool {
	for owner, d := range postgresConfig {
		if (d == driver || driver == dsn.AnyDriver) && c.assigned[owner+".TLSConfig"] {
			return true
		}
	}
	return false
}

// option judges the functions by which a driver is configured piece by piece.
func (c *checker) option(cur inspector.Cursor, call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "github.com/uptrace/bun/driver/pgdriver" || c.proxied {
		return
	}
	switch fn.Name() {
	case "WithInsecure":
		if len(call.Args) == 1 && c.isTrue(call.Args[0]) {
			c.report(tlsNotEnforced, min(c.bunReach(cur), c.most(cur)), call.Pos(), call.End(), "PostgreSQL connection WithInsecure: nothing is encrypted",
				replace("use TLS", call.Args[0].Pos(), call.Args[0].End(), "false"))
		}
	case "WithTLSConfig":
		if len(call.Args) == 1 && c.info.Types[call.Args[0]].IsNil() {
			c.report(tlsNotEnforced, min(c.bunReach(cur), c.most(cur)), call.Pos(), call.End(), "PostgreSQL connection with TLSConfig nil: nothing is encrypted")
		}
	case "WithPassword":
		if len(call.Args) == 1 {
			c.password(call.Args[0], c.bunHost(cur))
		}
	case "NewConnector":
		c.bunConnector(call)
	}
}

// bunHost returns where the connector goes whose options stand around cur.
func (c *checker) bunHost(cur inspector.Cursor) dsn.Reach {
	if connector, ok := cur.Parent().Node().(*ast.CallExpr); ok {
		return c.reach(c.optionArg(connector, "WithAddr"))
	}
	return dsn.Unknown
}

func (c *checker) bunReach(cur inspector.Cursor) rules.Severity {
	switch c.bunHost(cur) {
	case dsn.Local, dsn.Socket:
		return rules.Low
	}
	return rules.High
}

// bunConnector judges a connector that is given no TLS configuration at all:
// pgdriver then encrypts and verifies nothing.
func (c *checker) bunConnector(call *ast.CallExpr) {
	if call.Ellipsis.IsValid() || len(call.Args) == 0 || c.optionArg(call, "WithAddr") == nil {
		return
	}
	for _, name := range []string{"WithInsecure", "WithTLSConfig", "WithDSN"} {
		if c.optionArg(call, name) != nil {
			return
		}
	}
	for _, a := range call.Args {
		if _, ok := ast.Unparen(a).(*ast.CallExpr); !ok {
			return // an option that is made elsewhere
		}
	}
	if r := c.reach(c.optionArg(call, "WithAddr")); r == dsn.Local || r == dsn.Socket {
		return
	}
	c.report(tlsNotEnforced, rules.Low, call.Pos(), call.End(), "PostgreSQL connection without TLS settings: the server's certificate is not verified")
}

// optionArg returns the argument of the option of that name among the options
// of a call.
func (c *checker) optionArg(call *ast.CallExpr, name string) ast.Expr {
	for _, a := range call.Args {
		option, ok := ast.Unparen(a).(*ast.CallExpr)
		if !ok || len(option.Args) != 1 {
			continue
		}
		if fn, _ := typeutil.Callee(c.info, option).(*types.Func); fn != nil && fn.Name() == name {
			return option.Args[0]
		}
	}
	return nil
}

// dsnField judges the fields that take a whole connection string.
func (c *checker) dsnField(owner string, fields map[string]ast.Expr) {
	for name, value := range fields { // a literal has one of them, the order does not matter
		if driver, ok := dsnFields[owner+"."+name]; ok && !c.proxied {
			c.absent(sink{value, driver})
		}
	}
}

// dsnFields are the fields that take a whole connection string.
var dsnFields = map[string]dsn.Driver{
	"gorm.io/driver/postgres.Config.DSN":                dsn.PGX,
	"github.com/gobuffalo/pop/v6.ConnectionDetails.URL": dsn.PGX,
}
