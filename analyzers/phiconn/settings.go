package phiconn

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// Names under which programs keep sslmode, and a connection's password. The
// mode's word is PostgreSQL's own: MySQL writes its modes in capitals.
var (
	modeName     = lazyregexp.New(`(?i)ssl[_.-]?mode$|^(pg|db|postgres(ql)?|database|sql)[_.-]?ssl$`)
	passwordName = lazyregexp.New(`(?i)(^|[._-])(db|database|pg|postgres(ql)?|psql|pgx)[._-]?(user[._-]?)?(pass(word|wd)?|pwd)$`)
)

func modeNames(name string) bool { return modeName.MatchString(name) }

// A setting says what stands around a named value.
type setting struct {
	most  rules.Severity // how severe it can be
	reach dsn.Reach      // of a host that stands beside it
}

// settingCall judges calls that set sslmode or a password by its key:
// url.Values, viper, os.Setenv, flags, and helpers that read an environment
// variable.
func (c *checker) settingCall(cur inspector.Cursor, call *ast.CallExpr) {
	c.chainedDefault(cur, call)
	for i := 0; i+1 < len(call.Args); i++ {
		key, ok := c.constant(call.Args[i])
		if !ok || !modeNames(key) && !passwordName.MatchString(key) {
			continue
		}
		fn, _ := typeutil.Callee(c.info, call).(*types.Func)
		if fn == nil || talks.MatchString(fn.Name()) || strings.HasPrefix(fn.Name(), "Bind") {
			return
		}
		value := call.Args[i+1]
		if isFlag(fn) && strings.HasSuffix(fn.Name(), "P") && i+2 < len(call.Args) {
			value = call.Args[i+2] // behind the shorthand
		}
		most := rules.Medium // a default that the environment can change
		if setter(fn.Name()) {
			most = rules.High
		}
		switch {
		case modeNames(key):
			c.namedMode(cur, key, value, setting{most: most})
		case setter(fn.Name()) || fallback.MatchString(fn.Name()) || isFlag(fn):
			c.namedPassword(key, value, most)
		}
		return
	}
}

// chainedDefault judges key.SetDefault(value), where the key is a constant of
// its own, and flag("sslmode", …).Default(value).
func (c *checker) chainedDefault(cur inspector.Cursor, call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 || !defaultName.MatchString(sel.Sel.Name) {
		return
	}
	key := ast.Unparen(sel.X)
	if chain, ok := key.(*ast.CallExpr); ok && len(chain.Args) > 0 {
		key = chain.Args[0]
	}
	if name, ok := c.constant(key); ok {
		c.namedMode(cur, name, call.Args[0], setting{most: rules.Medium})
		c.namedPassword(name, call.Args[0], rules.Medium)
	}
}

func setter(name string) bool {
	return name == "Set" || name == "Add" || name == "Setenv" || name == "MustSetenv"
}

// namedMode judges the value of something whose name says sslmode.
func (c *checker) namedMode(cur inspector.Cursor, name string, value ast.Expr, s setting) {
	if value == nil || c.proxied || !modeNames(name) {
		return
	}
	mode, ok := c.constant(value)
	if !ok {
		return
	}
	p, ok := dsn.Mode(mode, s.reach)
	if !ok {
		return
	}
	severity := min(p.Severity, s.most, c.most(childOf(cur, value)))
	if lit, ok := ast.Unparen(value).(*ast.BasicLit); ok {
		fix := replace("verify the server: verify-full", lit.Pos(), lit.End(), `"verify-full"`)
		c.report(tlsNotEnforced, severity, value.Pos(), value.End(), "PostgreSQL connection with "+p.Fact, fix)
		return
	}
	c.report(tlsNotEnforced, severity, value.Pos(), value.End(), "PostgreSQL connection with "+p.Fact)
}

// childOf returns the cursor of an expression below cur, or cur itself.
func childOf(cur inspector.Cursor, e ast.Expr) inspector.Cursor {
	if child, ok := cur.FindNode(e); ok {
		return child
	}
	return cur
}

// namedPassword judges a literal that is the default or the value of something
// whose name says that it is a database's password.
func (c *checker) namedPassword(name string, value ast.Expr, most rules.Severity) {
	lit, ok := ast.Unparen(value).(*ast.BasicLit)
	if !ok || !passwordName.MatchString(name) {
		return
	}
	text, _ := c.constant(lit)
	severity, ok := dsn.Secret(text)
	if !ok || strings.Contains(text, " ") {
		return // nothing, or a sentence about it
	}
	fact := "PostgreSQL connection: the password is a literal"
	if most < rules.High {
		severity, fact = severity.Lower(), "default password of a PostgreSQL connection is a literal"
	}
	c.report(credentialsInDSN, severity, lit.Pos(), lit.End(), fact)
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
	if !modeNames(name) {
		return
	}
	s := setting{most: rules.High}
	if lit, ok := cur.Parent().Node().(*ast.CompositeLit); ok {
		s.reach = c.reach(literalFields(lit)["Host"])
	}
	c.namedMode(cur, name, value, s)
}

// assign judges assignments to sslmode, to TLS configurations and to sessions.
func (c *checker) assign(cur inspector.Cursor, n *ast.AssignStmt) {
	if len(n.Lhs) != len(n.Rhs) {
		return
	}
	for i, lhs := range n.Lhs {
		switch lhs := lhs.(type) {
		case *ast.Ident:
			c.namedMode(cur, lhs.Name, n.Rhs[i], setting{most: rules.High})
		case *ast.IndexExpr:
			if key, ok := c.constant(lhs.Index); ok {
				c.namedMode(cur, key, n.Rhs[i], setting{most: rules.High})
				c.claim(cur, key, n.Rhs[i])
			}
		case *ast.SelectorExpr:
			c.namedMode(cur, lhs.Sel.Name, n.Rhs[i], setting{most: rules.High})
			c.assignField(cur, lhs, n.Rhs[i])
		}
	}
}

func (c *checker) assignField(cur inspector.Cursor, lhs *ast.SelectorExpr, value ast.Expr) {
	owner := typename.Of(c.info.TypeOf(lhs.X))
	if owner == "crypto/tls.Config" {
		c.tlsField(cur, lhs.Sel.Name, value, func() bool { return c.verifiesElsewhere(lhs.X) })
	}
	c.sessionField(cur, owner, lhs.Sel.Name, value)
	if postgresConfig[owner] == 0 {
		return
	}
	switch lhs.Sel.Name {
	case "TLSConfig":
		if c.info.Types[value].IsNil() && !c.proxied {
			c.report(tlsNotEnforced, c.most(cur), lhs.Pos(), value.End(), "PostgreSQL connection with TLSConfig nil: nothing is encrypted")
		}
	case "Password":
		c.password(value, dsn.Unknown)
	}
}

// postgresConfig are the structs that hold one PostgreSQL connection.
var postgresConfig = map[string]dsn.Driver{
	"github.com/jackc/pgx/v5.ConnConfig": dsn.PGX, "github.com/jackc/pgx/v5/pgconn.Config": dsn.PGX,
	"github.com/jackc/pgx/v4.ConnConfig": dsn.PGX, "github.com/jackc/pgconn.Config": dsn.PGX, "github.com/jackc/pgx.ConnConfig": dsn.PGX,
	"github.com/go-pg/pg.Options": dsn.GoPG, "github.com/go-pg/pg/v9.Options": dsn.GoPG, "github.com/go-pg/pg/v10.Options": dsn.GoPG,
	"github.com/lib/pq.Config": dsn.PQ,
}

// configLiteral judges literals of connection configurations. go-pg and pgx v3
// connect in plain text when TLSConfig is left out.
func (c *checker) configLiteral(cur inspector.Cursor, lit *ast.CompositeLit) {
	owner := typename.Of(c.info.TypeOf(lit))
	fields := literalFields(lit)
	switch {
	case owner == "net/url.URL":
		if scheme, ok := c.constant(fields["Scheme"]); ok && (scheme == "postgres" || scheme == "postgresql") {
			if call, ok := fields["User"].(*ast.CallExpr); ok && len(call.Args) == 2 {
				c.password(call.Args[1], c.reach(fields["Host"]))
			}
		}
		return
	case cliFlag.MatchString(owner):
		if name, ok := c.constant(fields["Name"]); ok {
			c.namedMode(cur, name, fields["Value"], setting{most: rules.Medium})
		}
		return
	case postgresConfig[owner] == 0:
		c.ownConfig(fields)
		c.dsnField(owner, fields)
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
	if !plain || c.proxied || reach == dsn.Socket || given && !c.info.Types[tls].IsNil() || !given && (len(fields) == 0 || c.assigned[owner+".TLSConfig"]) {
		return
	}
	severity := rules.High
	if reach == dsn.Local {
		severity = rules.Low
	}
	c.report(tlsNotEnforced, min(severity, c.most(cur)), lit.Pos(), lit.End(), "PostgreSQL connection without TLSConfig: nothing is encrypted")
}

// ownConfig judges the literal of a program's own settings: a password beside
// an sslmode is PostgreSQL's.
func (c *checker) ownConfig(fields map[string]ast.Expr) {
	var password ast.Expr
	var mode bool
	for name, value := range fields { // order does not matter: one password, one mode
		switch strings.ToLower(name) {
		case "password", "dbpassword", "pass", "dbpass":
			password = value
		case "sslmode", "ssl_mode", "dbsslmode":
			mode = true
		}
	}
	if password == nil || !mode {
		return
	}
	c.password(password, c.reach(fields["Host"]))
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

// literalFields returns the values of a literal by their field's name, or by
// their key if that is a constant string's source.
func literalFields(lit *ast.CompositeLit) map[string]ast.Expr {
	m := map[string]ast.Expr{}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			switch key := kv.Key.(type) {
			case *ast.Ident:
				m[key.Name] = kv.Value
			case *ast.BasicLit:
				m[unquote(key.Value)] = kv.Value
			}
		}
	}
	return m
}
