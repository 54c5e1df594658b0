package phiconn

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// hint finds the literals that can be part of a connection string.
var hint = lazyregexp.New(`sslmode=|password=|ssl_m(in|ax)_protocol_version=|(postgres(ql)?|pgx[45]?)://`)

// literal judges the whole string expression that a literal is part of.
func (c *checker) literal(cur inspector.Cursor, lit *ast.BasicLit) {
	if lit.Kind != token.STRING || !hint.MatchString(lit.Value) {
		return
	}
	top, ok := c.whole(cur)
	if !ok || c.display(top) {
		return
	}
	e := top.Node().(ast.Expr)
	var t text
	c.fold(&t, e, 0)
	// Have: a string that is finished later. What is appended belongs to it.
	if assign, ok := top.Parent().Node().(*ast.AssignStmt); ok && len(assign.Lhs) == 1 && assign.Tok == token.DEFINE {
		c.foldWrites(&t, c.writes[object(c.info, assign.Lhs[0])], 0)
	}
	if d, ok := dsn.Parse(t.b.String()); ok {
		c.judge(top, &t, d)
	}
}

// whole climbs from a literal to the expression that finishes the string; it
// reports false if another literal of that string led there before.
func (c *checker) whole(cur inspector.Cursor) (inspector.Cursor, bool) {
	for {
		up := cur.Parent()
		switch n := up.Node().(type) {
		case *ast.ParenExpr:
		case *ast.BinaryExpr:
			if n.Op != token.ADD {
				return cur, true
			}
		case *ast.CallExpr:
			fn, _ := typeutil.Callee(c.info, n).(*types.Func)
			if fn == nil || fn.FullName() != "fmt.Sprintf" && fn.FullName() != "fmt.Sprint" {
				return cur, true
			}
		default:
			return cur, true
		}
		if c.climbed[up.Node()] {
			return cur, false
		}
		c.climbed[up.Node()] = true
		cur = up
	}
}

// forReaders matches names of what people read, not what a driver reads.
var forReaders = lazyregexp.New(`(?i)usage|help|desc|description|^msg|message|^format$|example|sample|comment|^short$|^long$|mask|redact|pattern|regex`)

// talks matches functions that print, log or look at a string.
var talks = lazyregexp.New(`^(Print|Log|Debug|Info|Warn|Error|Fatal|Panic|Trace|Msg|Notice|New$|Has(Pre|Suf)fix|Contains|Index|Equal|Replace|Must?Compile|Skip|Split|Cut|Trim|Count)`)

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
		if strings.HasPrefix(fn.FullName(), "fmt.Fprint") {
			return !c.builds(n)
		}
		if fn.Name() == "New" && fn.Pkg() != nil && fn.Pkg().Path() != "errors" {
			_, ok := c.sink(n, fn)
			return !ok
		}
		if talks.MatchString(fn.Name()) {
			return true
		}
		return fn.Name() == "Errorf" || forReaders.MatchString(paramName(fn, n, e))
	}
	return false
}

// builds reports whether fmt.Fprintf writes into a string that is made here.
func (c *checker) builds(call *ast.CallExpr) bool {
	switch typename.Of(c.info.TypeOf(call.Args[0])) {
	case "strings.Builder", "bytes.Buffer":
		return true
	}
	return false
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
// sslmode is judged where the string reaches a driver, see connect, and where
// a function that is named for it returns it.
func (c *checker) judge(cur inspector.Cursor, t *text, d *dsn.DSN) {
	most := c.most(cur)
	if !maskedForDisplay(d) && !c.proxied && !proxyDriver(c, cur) {
		p, ok := d.TLS(dsn.AnyDriver)
		if ok && d.Get("sslmode").Set {
			c.reportText(tlsNotEnforced, min(p.Severity, most), "PostgreSQL connection with "+p.Fact, t, p)
		} else if ok && d.Complete() && dsnFunction(cur) {
			p, _ = d.TLS(c.guessDriver())
			e := cur.Node()
			c.report(tlsNotEnforced, min(p.Severity, most), e.Pos(), e.End(), "PostgreSQL connection with "+p.Fact)
		}
		if p, ok := d.OldTLS(); ok {
			c.reportText(tlsVersionWeak, min(p.Severity, most), "PostgreSQL connection with "+p.Fact, t, p)
		}
	}
	if p, ok := d.Credential(); ok {
		c.reportText(credentialsInDSN, min(p.Severity, most), "PostgreSQL connection string: "+p.Fact, t, p)
	}
}

// dsnNames matches what makes or takes a whole connection string.
var dsnNames = lazyregexp.New(`(?i)dsn|conn(ection)?_?(str|url|uri|info)|(db|database|postgres|pg)_?(str|url|uri)|^psql_?info$|data_?source`)

// dsnFunction reports whether a string is what a function returns whose name
// says that it makes connection strings.
func dsnFunction(cur inspector.Cursor) bool {
	if _, ok := cur.Parent().Node().(*ast.ReturnStmt); !ok {
		return false
	}
	for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		return dsnNames.MatchString(up.Node().(*ast.FuncDecl).Name.Name)
	}
	return false
}

// proxyDriver reports whether the string is given to a driver that encrypts by
// itself, such as database/sql's "cloudsqlpostgres".
func proxyDriver(c *checker, cur inspector.Cursor) bool {
	var siblings []ast.Expr
	switch n := cur.Parent().Node().(type) {
	case *ast.CallExpr:
		siblings = n.Args
	case *ast.KeyValueExpr:
		if lit, ok := cur.Parent().Parent().Node().(*ast.CompositeLit); ok {
			siblings = []ast.Expr{literalFields(lit)["DriverName"]}
		}
	}
	for _, e := range siblings {
		if name, ok := c.constant(e); ok && strings.Contains(strings.ReplaceAll(name, "-", ""), "cloudsql") {
			return true
		}
	}
	return false
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
		} else if unquote(lit.Value) == mode {
			fixes = append(fixes, replace("verify the server: sslmode=verify-full", lit.Pos(), lit.End(), `"verify-full"`))
		}
	}
	c.report(r, severity, node.Pos(), node.End(), fact, fixes...)
}

func replace(message string, pos, end token.Pos, with string) analysis.SuggestedFix {
	return analysis.SuggestedFix{Message: message, TextEdits: []analysis.TextEdit{{Pos: pos, End: end, NewText: []byte(with)}}}
}

// tagDefaults are the keys under which configuration libraries read a default,
// and whether the value is a list that has it behind "default=".
var tagDefaults = []struct {
	key    string
	inList bool
}{{"default", false}, {"envDefault", false}, {"env-default", false}, {"env", true}, {"envconfig", true}}

// tag judges a default that a struct tag gives to a field. The environment can
// change it, so the finding is medium at most.
func (c *checker) tag(f *ast.Field) {
	if f.Tag == nil || len(f.Names) == 0 {
		return
	}
	tag, name := reflect.StructTag(unquote(f.Tag.Value)), f.Names[0].Name
	for _, from := range tagDefaults {
		v, ok := tag.Lookup(from.key)
		if from.inList {
			_, v, ok = strings.Cut(v, "default=")
		}
		if !ok {
			continue
		}
		if modeNames(name) {
			if p, ok := dsn.Mode(v, dsn.Unknown); ok {
				c.report(tlsNotEnforced, min(p.Severity, rules.Medium), f.Tag.Pos(), f.Tag.End(), "PostgreSQL connection defaults to "+p.Fact)
			}
		}
		if passwordName.MatchString(name) {
			if severity, ok := dsn.Secret(v); ok {
				c.report(credentialsInDSN, severity.Lower(), f.Tag.Pos(), f.Tag.End(), "default password of a PostgreSQL connection is a literal")
			}
		}
		d, ok := dsn.Parse(v)
		if !ok {
			continue
		}
		if p, ok := d.TLS(dsn.AnyDriver); ok && d.Get("sslmode").Set {
			c.report(tlsNotEnforced, min(p.Severity, rules.Medium), f.Tag.Pos(), f.Tag.End(), "PostgreSQL connection defaults to "+p.Fact)
		}
		if p, ok := d.Credential(); ok {
			c.report(credentialsInDSN, min(p.Severity, rules.Medium), f.Tag.Pos(), f.Tag.End(), "default PostgreSQL connection string: "+p.Fact)
		}
	}
}
