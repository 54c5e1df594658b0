package phiconn

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"regexp"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
)

// hint finds the literals that can be part of a connection string.
var hint = regexp.MustCompile(`sslmode=|password=|(postgres(ql)?|pgx[45]?)://`)

// literal judges the whole string expression that a literal is part of.
func (c *checker) literal(cur inspector.Cursor, lit *ast.BasicLit) {
	if lit.Kind != token.STRING || !hint.MatchString(lit.Value) {
		return
	}
	top := c.whole(cur)
	if c.display(top) {
		return
	}
	var t text
	c.fold(&t, top.Node().(ast.Expr), 0)
	if d, ok := dsn.Parse(t.b.String()); ok {
		c.judge(top, &t, d)
	}
}

// whole climbs from a literal to the expression that finishes the string.
func (c *checker) whole(cur inspector.Cursor) inspector.Cursor {
	for {
		up := cur.Parent()
		switch n := up.Node().(type) {
		case *ast.ParenExpr:
		case *ast.BinaryExpr:
			if n.Op != token.ADD {
				return cur
			}
		case *ast.CallExpr:
			fn, _ := typeutil.Callee(c.info, n).(*types.Func)
			if fn == nil || fn.FullName() != "fmt.Sprintf" {
				return cur
			}
		default:
			return cur
		}
		cur = up
	}
}

// forReaders matches names of what people read, not what a driver reads.
var forReaders = regexp.MustCompile(`(?i)usage|help|desc|description|^msg|message|^format$|example|sample|comment|^short$|^long$|mask|redact|pattern|regex`)

// talks matches functions that print, log or look at a string.
var talks = regexp.MustCompile(`^(Print|Fprint|Log|Debug|Info|Warn|Error|Fatal|Panic|Trace|Msg|Notice|New$|Has(Pre|Suf)fix|Contains|Index|Equal|Replace|Must?Compile|Skip|Split|Cut|Trim|Count)`)

// display reports whether a string is compared or shown and not used.
func (c *checker) display(cur inspector.Cursor) bool {
	e := cur.Node().(ast.Expr)
	switch n := cur.Parent().Node().(type) {
	case *ast.BinaryExpr, *ast.CaseClause, *ast.IndexExpr, *ast.ImportSpec, *ast.Field:
		return true // a struct tag is judged by its keys, see tag
	case *ast.KeyValueExpr:
		key, ok := n.Key.(*ast.Ident)
		return n.Key == e || ok && forReaders.MatchString(key.Name)
	case *ast.ValueSpec:
		return len(n.Names) > 0 && forReaders.MatchString(n.Names[0].Name)
	case *ast.AssignStmt:
		id, ok := n.Lhs[0].(*ast.Ident)
		return ok && forReaders.MatchString(id.Name)
	case *ast.CallExpr:
		fn, _ := typeutil.Callee(c.info, n).(*types.Func)
		if fn == nil {
			return false
		}
		if talks.MatchString(fn.Name()) && !(fn.Name() == "New" && len(c.sinkArgs(n)) > 0) && !postgresMigrator(fn) {
			return true
		}
		return fn.Name() == "Errorf" || forReaders.MatchString(paramName(fn, n, e))
	}
	return false
}

// postgresMigrator knows migrate.New(source, database), a New that connects.
func postgresMigrator(fn *types.Func) bool {
	return fn.Pkg() != nil && (strings.Contains(fn.Pkg().Path(), "migrate") || strings.Contains(fn.Pkg().Path(), "pgxpool"))
}

// paramName returns the name of the parameter that an argument is passed as.
func paramName(fn *types.Func, call *ast.CallExpr, arg ast.Expr) string {
	params := fn.Signature().Params()
	for i, a := range call.Args {
		if a == arg && params.Len() > 0 {
			return params.At(min(i, params.Len()-1)).Name()
		}
	}
	return ""
}

// judge reports what is wrong with a string that says so itself. An absent
// sslmode is judged only where the string reaches a driver: see connect.
func (c *checker) judge(cur inspector.Cursor, t *text, d *dsn.DSN) {
	if d.Get("sslmode").Set && !maskedForDisplay(d) {
		if p, ok := d.TLS(dsn.AnyDriver); ok {
			c.reportText(tlsNotEnforced, c.inTestBranch(cur, p.Severity), "PostgreSQL connection with "+p.Fact, t, p)
		}
	}
	if p, ok := d.Credential(); ok {
		c.reportText(credentialsInDSN, p.Severity, "PostgreSQL connection string: "+p.Fact, t, p)
	}
}

// maskedForDisplay reports whether the password is already starred out: such a
// string is made for a log.
func maskedForDisplay(d *dsn.DSN) bool {
	return d.Password.Text != "" && strings.Trim(d.Password.Text, "*xX") == ""
}

// reportText reports a problem at the literal that holds the text at fault.
func (c *checker) reportText(r *rules.Rule, severity rules.Severity, fact string, t *text, p dsn.Problem) {
	node := t.at(p.Start)
	if node == nil {
		return
	}
	var fixes []analysis.SuggestedFix
	if lit, ok := node.(*ast.BasicLit); ok && r == tlsNotEnforced && p.End > p.Start {
		mode := t.b.String()[p.Start:p.End]
		if pos, ok := inLiteral(lit, "sslmode="+mode); ok {
			pos += token.Pos(len("sslmode="))
			fixes = append(fixes, replace("verify the server: sslmode=verify-full", pos, pos+token.Pos(len(mode)), "verify-full"))
		}
	}
	c.report(r, severity, node.Pos(), node.End(), fact, fixes...)
}

func replace(message string, pos, end token.Pos, with string) analysis.SuggestedFix {
	return analysis.SuggestedFix{Message: message, TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(with)}}}
}

// testing matches conditions that keep a setting away from production.
var testBranch = regexp.MustCompile(`(?i)test|local|dev`)

// inTestBranch lowers a severity inside "if isTesting { … }".
func (c *checker) inTestBranch(cur inspector.Cursor, severity rules.Severity) rules.Severity {
	at := cur.Node().Pos()
	for up := range cur.Enclosing((*ast.IfStmt)(nil)) {
		n := up.Node().(*ast.IfStmt)
		if n.Body.Pos() <= at && at < n.Body.End() {
			if id, ok := n.Cond.(*ast.Ident); ok && testBranch.MatchString(id.Name) {
				return rules.Low
			}
		}
	}
	return severity
}

// sinks take a connection string; the value is the argument's index. The
// driver of database/sql's kind is named by the argument before.
var sinks = map[string]int{
	"database/sql.Open": 1, "github.com/jmoiron/sqlx.Open": 1, "github.com/jmoiron/sqlx.MustOpen": 1,
	"github.com/jmoiron/sqlx.Connect": 1, "github.com/jmoiron/sqlx.MustConnect": 1, "github.com/jmoiron/sqlx.ConnectContext": 2,
	"github.com/XSAM/otelsql.Open": 1, "github.com/uptrace/opentelemetry-go-extra/otelsql.Open": 1,
	"github.com/jackc/pgx/v5.Connect": 1, "github.com/jackc/pgx/v5.ParseConfig": 0, "github.com/jackc/pgx/v5/pgxpool.New": 1,
	"github.com/jackc/pgx/v5/pgxpool.ParseConfig": 0, "github.com/jackc/pgx/v5/pgconn.Connect": 1, "github.com/jackc/pgx/v5/pgconn.ParseConfig": 0,
	"github.com/jackc/pgx/v4.Connect": 1, "github.com/jackc/pgx/v4.ParseConfig": 0, "github.com/jackc/pgx/v4/pgxpool.Connect": 1,
	"github.com/jackc/pgx/v4/pgxpool.ParseConfig": 0, "github.com/jackc/pgconn.Connect": 1, "github.com/jackc/pgconn.ParseConfig": 0,
	"github.com/lib/pq.NewConnector": 0, "github.com/lib/pq.NewListener": 0, "gorm.io/driver/postgres.Open": 0,
	"github.com/go-pg/pg/v10.ParseURL": 0, "github.com/uptrace/bun/driver/pgdriver.WithDSN": 0, "github.com/golang-migrate/migrate/v4.New": 1,
}

// sinkArgs returns the connection string that a call passes to a driver.
func (c *checker) sinkArgs(call *ast.CallExpr) []ast.Expr {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil {
		return nil
	}
	if i, ok := sinks[fn.FullName()]; ok && i < len(call.Args) {
		return call.Args[i : i+1]
	}
	return nil
}

// driver returns what an absent sslmode means to the driver of a call, and
// whether the call speaks to PostgreSQL at all.
func (c *checker) driver(call *ast.CallExpr, fn *types.Func) (dsn.Driver, bool) {
	switch path := fn.Pkg().Path(); {
	case strings.Contains(path, "/lib/pq"), strings.Contains(path, "golang-migrate"):
		return dsn.PQ, true
	case strings.Contains(path, "/go-pg/"):
		return dsn.GoPG, true
	case strings.Contains(path, "/bun/"):
		return dsn.Bun, true
	case strings.Contains(path, "/jackc/"), strings.Contains(path, "gorm.io"):
		return dsn.PGX, true
	}
	switch name, _ := c.constant(call.Args[sinks[fn.FullName()]-1]); name {
	case "postgres":
		return dsn.PQ, true
	case "pgx", "pgx/v5", "pgx/v4":
		return dsn.PGX, true
	case "":
		return dsn.AnyDriver, true // the text has to show that it is PostgreSQL's
	}
	return 0, false
}

// connect judges a string that reaches a driver for what it does not say.
func (c *checker) connect(call *ast.CallExpr) {
	args := c.sinkArgs(call)
	if len(args) == 0 {
		return
	}
	driver, ok := c.driver(call, typeutil.Callee(c.info, call).(*types.Func))
	if !ok || c.setsTLS() {
		return
	}
	var t text
	c.fold(&t, args[0], 0)
	d, ok := dsn.Parse(t.b.String())
	if !ok || d.Get("sslmode").Set {
		return // what it says is reported where it stands
	}
	if p, ok := d.TLS(driver); ok {
		c.report(tlsNotEnforced, p.Severity, args[0].Pos(), args[0].End(), "PostgreSQL connection with "+p.Fact)
	}
}

// setsTLS reports whether the package gives a connection its own TLS
// configuration; then the string alone does not decide.
func (c *checker) setsTLS() bool {
	for sel := range c.info.Selections {
		if sel.Sel.Name == "TLSConfig" {
			return true
		}
	}
	return false
}

// tag judges a default that a struct tag gives to a field.
func (c *checker) tag(f *ast.Field) {
	if f.Tag == nil || len(f.Names) == 0 {
		return
	}
	tag := reflect.StructTag(unquote(f.Tag.Value))
	for _, key := range []string{"default", "envDefault", "env-default"} {
		v, ok := tag.Lookup(key)
		if !ok {
			continue
		}
		name := f.Names[0].Name
		if modeName.MatchString(name) {
			if p, ok := dsn.Mode(v, dsn.Unknown); ok {
				c.report(tlsNotEnforced, min(p.Severity, rules.Medium), f.Tag.Pos(), f.Tag.End(), "PostgreSQL connection defaults to "+p.Fact)
			}
		}
		d, ok := dsn.Parse(v)
		if !ok {
			continue
		}
		if p, ok := d.TLS(dsn.AnyDriver); ok && d.Get("sslmode").Set {
			c.report(tlsNotEnforced, p.Severity, f.Tag.Pos(), f.Tag.End(), "PostgreSQL connection defaults to "+p.Fact)
		}
		if p, ok := d.Credential(); ok {
			c.report(credentialsInDSN, p.Severity, f.Tag.Pos(), f.Tag.End(), "default PostgreSQL connection string: "+p.Fact)
		}
	}
}
