package phiconn

import (
	"go/ast"
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
)

// modeName matches the names under which programs keep sslmode. The word is
// PostgreSQL's own; MySQL writes its modes in capitals.
var modeName = regexp.MustCompile(`(?i)ssl[_-]?mode$`)

// settingCall judges calls that set sslmode by its key: url.Values, viper,
// os.Setenv, flags, and helpers that read an environment variable.
func (c *checker) settingCall(cur inspector.Cursor, call *ast.CallExpr) {
	for i := 0; i+1 < len(call.Args); i++ {
		key, ok := c.constant(call.Args[i])
		if !ok || !modeName.MatchString(key) {
			continue
		}
		severity := rules.Medium // a default that the environment can change
		if fn, _ := typeutil.Callee(c.info, call).(*types.Func); fn != nil && setter(fn.Name()) {
			severity = rules.High
		}
		c.namedMode(cur, key, call.Args[i+1], severity)
		return
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "WithInsecure" && len(call.Args) == 1 {
		c.bunInsecure(cur, call)
	}
}

func setter(name string) bool { return name == "Set" || name == "Add" || name == "Setenv" }

// namedMode judges the value of something whose name says sslmode.
func (c *checker) namedMode(cur inspector.Cursor, name string, value ast.Expr, most rules.Severity) {
	if !modeName.MatchString(name) || value == nil {
		return
	}
	mode, ok := c.constant(value)
	if !ok {
		return
	}
	p, ok := dsn.Mode(mode, dsn.Unknown)
	if !ok {
		return
	}
	severity := c.inTestBranch(cur, min(p.Severity, most))
	var e ast.Expr = value
	if lit, ok := ast.Unparen(value).(*ast.BasicLit); ok {
		fix := replace("verify the server: verify-full", lit.Pos(), lit.End(), `"verify-full"`)
		c.report(tlsNotEnforced, severity, e.Pos(), e.End(), "PostgreSQL connection with "+p.Fact, fix)
		return
	}
	c.report(tlsNotEnforced, severity, e.Pos(), e.End(), "PostgreSQL connection with "+p.Fact)
}

// pair judges Key: value in struct and map literals.
func (c *checker) pair(cur inspector.Cursor, kv *ast.KeyValueExpr) {
	name, ok := c.constant(kv.Key)
	if id, isIdent := kv.Key.(*ast.Ident); isIdent && !ok {
		name = id.Name
	}
	value := kv.Value
	if list, ok := value.(*ast.CompositeLit); ok && len(list.Elts) == 1 {
		value = list.Elts[0] // url.Values{"sslmode": {"disable"}}
	}
	c.namedMode(cur, name, value, rules.High)
}

// assign judges assignments to sslmode, to TLS configurations and to sessions.
func (c *checker) assign(cur inspector.Cursor, n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, lhs := range n.Lhs {
		switch lhs := lhs.(type) {
		case *ast.Ident:
			c.namedMode(cur, lhs.Name, n.Rhs[i], rules.High)
		case *ast.IndexExpr:
			if key, ok := c.constant(lhs.Index); ok {
				c.namedMode(cur, key, n.Rhs[i], rules.High)
				c.claim(key, n.Rhs[i])
			}
		case *ast.SelectorExpr:
			c.namedMode(cur, lhs.Sel.Name, n.Rhs[i], rules.High)
			c.assignField(cur, lhs, n.Rhs[i])
		}
	}
}

func (c *checker) assignField(cur inspector.Cursor, lhs *ast.SelectorExpr, value ast.Expr) {
	owner := typeName(c.info.TypeOf(lhs.X))
	if owner == "crypto/tls.Config" {
		c.tlsField(lhs.Sel.Name, value, func() bool { return c.verifiesElsewhere(lhs.X) })
	}
	if strings.Contains(owner, "gorilla/sessions.Options") && lhs.Sel.Name == "MaxAge" {
		c.maxAge(value, "session cookie")
	}
	if strings.HasSuffix(owner, "scs/v2.SessionManager") {
		c.scsField(lhs.Sel.Name, value)
	}
	if !postgresConfig[owner] {
		return
	}
	switch lhs.Sel.Name {
	case "TLSConfig":
		if c.info.Types[value].IsNil() {
			c.report(tlsNotEnforced, c.inTestBranch(cur, rules.High), lhs.Pos(), value.End(), "PostgreSQL connection with TLSConfig nil: nothing is encrypted")
		}
	case "Password":
		c.password(value, dsn.Unknown)
	}
}

// postgresConfig are the structs that hold one PostgreSQL connection.
var postgresConfig = map[string]bool{
	"github.com/jackc/pgx/v5.ConnConfig": true, "github.com/jackc/pgx/v5/pgconn.Config": true,
	"github.com/jackc/pgx/v4.ConnConfig": true, "github.com/jackc/pgconn.Config": true, "github.com/jackc/pgx.ConnConfig": true,
	"github.com/go-pg/pg.Options": true, "github.com/go-pg/pg/v9.Options": true, "github.com/go-pg/pg/v10.Options": true,
	"github.com/lib/pq.Config": true,
}

// configLiteral judges literals of connection configurations. go-pg and pgx v3
// connect in plain text when TLSConfig is left out.
func (c *checker) configLiteral(cur inspector.Cursor, lit *ast.CompositeLit) {
	owner := typeName(c.info.TypeOf(lit))
	fields := literalFields(lit)
	if owner == "net/url.URL" {
		if scheme, _ := c.constant2(fields["Scheme"]); scheme == "postgres" || scheme == "postgresql" {
			if call, ok := fields["User"].(*ast.CallExpr); ok && len(call.Args) == 2 {
				c.password(call.Args[1], c.reach(fields["Host"]))
			}
		}
		return
	}
	if !postgresConfig[owner] {
		return
	}
	reach := c.reach(fields["Addr"])
	if fields["Host"] != nil {
		reach = c.reach(fields["Host"])
	}
	if pw := fields["Password"]; pw != nil {
		c.password(pw, reach)
	}
	plain := strings.Contains(owner, "go-pg") || owner == "github.com/jackc/pgx.ConnConfig"
	tls, given := fields["TLSConfig"]
	if !plain || reach == dsn.Socket || given && !c.info.Types[tls].IsNil() || !given && (len(fields) == 0 || c.setsTLS()) {
		return
	}
	severity := rules.High
	if reach == dsn.Local {
		severity = rules.Low
	}
	c.report(tlsNotEnforced, c.inTestBranch(cur, severity), lit.Pos(), lit.End(), "PostgreSQL connection without TLSConfig: nothing is encrypted")
}

// password reports a literal where a connection's password belongs.
func (c *checker) password(value ast.Expr, reach dsn.Reach) {
	var t text
	c.fold(&t, value, 0)
	severity, ok := dsn.Secret(t.b.String())
	if !ok {
		return
	}
	if reach == dsn.Local || reach == dsn.Socket {
		severity = severity.Lower()
	}
	c.report(credentialsInDSN, severity, value.Pos(), value.End(), "PostgreSQL connection: the password is a literal")
}

// reach judges a host, with or without its port.
func (c *checker) reach(host ast.Expr) dsn.Reach {
	if host == nil {
		return dsn.Unknown
	}
	var t text
	c.fold(&t, host, 0)
	h := t.b.String()
	if i := strings.LastIndexByte(h, ':'); i >= 0 && strings.Count(h, ":") == 1 {
		h = h[:i]
	}
	return dsn.HostReach(h)
}

// bunInsecure judges pgdriver.WithInsecure.
func (c *checker) bunInsecure(cur inspector.Cursor, call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || fn.FullName() != "github.com/uptrace/bun/driver/pgdriver.WithInsecure" {
		return
	}
	if v := c.info.Types[call.Args[0]].Value; v != nil && v.String() == "true" {
		c.report(tlsNotEnforced, c.inTestBranch(cur, rules.High), call.Pos(), call.End(), "PostgreSQL connection WithInsecure: nothing is encrypted",
			replace("use TLS", call.Args[0].Pos(), call.Args[0].End(), "false"))
	}
}

func (c *checker) constant2(e ast.Expr) (string, bool) {
	if e == nil {
		return "", false
	}
	return c.constant(e)
}

func literalFields(lit *ast.CompositeLit) map[string]ast.Expr {
	m := map[string]ast.Expr{}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				m[id.Name] = kv.Value
			}
		}
	}
	return m
}

// typeName returns the qualified name of a type or of what it points to.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil {
		return n.Obj().Pkg().Path() + "." + n.Obj().Name()
	}
	return ""
}
