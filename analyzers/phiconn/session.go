package phiconn

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
	"time"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// Lifetimes that are still usual: half an hour without activity, and one
// working shift from log-in to the end.
const (
	idleLimit = 30 * time.Minute
	lifeLimit = 12 * time.Hour
)

// otherPurpose matches tokens and cookies that are not the user's presence.
var otherPurpose = lazyregexp.New(`(?i)refresh|remember|verif|reset|invit|activat|confirm|csrf|xsrf|download|api_?key|service|webhook|state|nonce|consent|device|theme|locale|lang`)

var sessionName = lazyregexp.New(`(?i)sess|auth|token|jwt|login|^sid$|^connect\.sid$`)

func (c *checker) longLived(at ast.Expr, life, limit time.Duration, what string) {
	if life > limit {
		c.report(sessionNeverExpires, rules.Low, at.Pos(), at.End(), what+" lives longer than "+limitName(limit))
	}
}

func limitName(limit time.Duration) string {
	if limit == idleLimit {
		return "30 minutes of inactivity"
	}
	return "12 hours"
}

// duration evaluates a constant duration, and the constants of a product with
// time.Now().Add around it.
func (c *checker) duration(e ast.Expr) (time.Duration, bool) {
	if e == nil {
		return 0, false
	}
	if typename.Of(c.info.TypeOf(e)) == "time.Duration" {
		n, ok := c.number(e)
		return time.Duration(n), ok
	}
	if v := c.single(c.info, e); v != nil && v != e {
		if _, again := ast.Unparen(v).(*ast.CallExpr); again {
			e = v
		}
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return 0, false
	}
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil {
		return 0, false
	}
	switch name := fn.FullName(); {
	case name == "(time.Time).Add" && len(call.Args) == 1:
		return c.duration(call.Args[0])
	case name == "(time.Time).AddDate" && len(call.Args) == 3:
		var days int64
		for i, unit := range []int64{365, 30, 1} {
			n, ok := c.number(call.Args[i])
			if !ok {
				return 0, false
			}
			days += min(n, 1000) * unit
		}
		return time.Duration(days) * 24 * time.Hour, true
	case name == "(time.Time).Unix" || name == "(time.Time).UTC":
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return 0, false
		}
		return c.duration(sel.X)
	case fn.Name() == "NewNumericDate" && len(call.Args) == 1:
		return c.duration(call.Args[0])
	}
	return 0, false
}

// claim judges claims["exp"] = …, and the same key in a literal.
func (c *checker) claim(cur inspector.Cursor, key string, value ast.Expr) {
	if key != "exp" || purpose(cur) {
		return
	}
	if d, ok := c.duration(value); ok {
		c.longLived(value, d, lifeLimit, "token")
	}
}

// purpose reports whether the function around, or the variable that is given
// the value, says that it is about something else than being logged in.
func purpose(cur inspector.Cursor) bool {
	for up := cur; up.Node() != nil; up = up.Parent() {
		switch n := up.Node().(type) {
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && otherPurpose.MatchString(id.Name) {
				return true
			}
		case *ast.FuncDecl:
			return otherPurpose.MatchString(n.Name.Name)
		}
	}
	return false
}

// sessionLiteral judges claims, cookies and the settings of sessions.
func (c *checker) sessionLiteral(cur inspector.Cursor, lit *ast.CompositeLit) {
	owner := typename.Of(c.info.TypeOf(lit))
	if !strings.Contains(owner, "jwt") && !strings.Contains(owner, "ession") && !strings.HasSuffix(owner, ".Cookie") || purpose(cur) {
		return
	}
	fields := literalFields(lit)
	switch {
	case strings.Contains(owner, "/jwt") && strings.HasSuffix(owner, ".MapClaims"):
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if key, ok := c.constant(kv.Key); ok {
					c.claim(cur, key, kv.Value)
				}
			}
		}
	case isCookie(owner):
		c.cookie(fields["Name"], fields["MaxAge"], fields["Expires"])
	default:
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if key, ok := kv.Key.(*ast.Ident); ok {
					c.sessionField(cur, owner, key.Name, kv.Value)
				}
			}
		}
	}
}

func isCookie(owner string) bool {
	return owner == "net/http.Cookie" || strings.HasPrefix(owner, "github.com/gofiber/fiber/") && strings.HasSuffix(owner, ".Cookie")
}

func (c *checker) cookie(name, age, expires ast.Expr) {
	text, ok := c.constant(name)
	if v := c.singleOrNil(name); !ok && v != nil {
		text, ok = c.constant(v)
	}
	if !ok || !sessionName.MatchString(text) || otherPurpose.MatchString(text) {
		return
	}
	c.maxAge(age, "session cookie")
	if d, ok := c.duration(expires); ok {
		c.longLived(expires, d, lifeLimit, "session cookie")
	}
}

func (c *checker) singleOrNil(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	return c.single(c.info, e)
}

func (c *checker) maxAge(e ast.Expr, what string) {
	if n, ok := c.number(e); ok && n > 0 && n < 1<<32 {
		c.longLived(e, time.Duration(n)*time.Second, lifeLimit, what)
	}
}

// lifetimes are the settings of session libraries, by the end of their type's
// name and field, with the limit that applies.
var lifetimes = []struct {
	field string
	limit time.Duration
	what  string
}{
	{"scs/v2.SessionManager.IdleTimeout", idleLimit, "session"},
	{"scs/v2.SessionManager.Lifetime", lifeLimit, "session"},
	{"/middleware/session.Config.Expiration", lifeLimit, "session"},
	{"/middleware/session.Config.IdleTimeout", idleLimit, "session"},
	{"/middleware/session.Config.AbsoluteTimeout", lifeLimit, "session"},
	{"/sessions.Options.MaxAge", lifeLimit, "session cookie"},
	{"/gin-jwt/v2.GinJWTMiddleware.Timeout", lifeLimit, "token"},
	{".RegisteredClaims.ExpiresAt", lifeLimit, "token"},
	{".StandardClaims.ExpiresAt", lifeLimit, "token"},
	{"/jwt.Claims.Expiry", lifeLimit, "token"},
}

// sessionField judges a field of a session's settings, wherever it is given.
func (c *checker) sessionField(cur inspector.Cursor, owner, name string, value ast.Expr) {
	full := owner + "." + name
	if isCookie(owner) && (name == "MaxAge" || name == "Expires") {
		c.cookieField(cur, name, value)
		return
	}
	for _, l := range lifetimes {
		if !strings.HasSuffix(full, l.field) || purpose(cur) {
			continue
		}
		if name == "MaxAge" {
			c.maxAge(value, l.what)
		} else if d, ok := c.duration(value); ok {
			c.longLived(value, d, l.limit, l.what)
		}
		return
	}
}

// cookieField judges cookie.MaxAge = …; the name stands where it was made.
func (c *checker) cookieField(cur inspector.Cursor, name string, value ast.Expr) {
	assign, ok := cur.Node().(*ast.AssignStmt)
	if !ok || len(assign.Lhs) != 1 || purpose(cur) {
		return
	}
	sel, ok := assign.Lhs[0].(*ast.SelectorExpr)
	if !ok {
		return
	}
	called := c.fields[object(c.info, sel.X)]["Name"]
	if lit := literalOf(c.singleOrNil(sel.X)); lit != nil {
		if e := literalFields(lit)["Name"]; e != nil {
			called = append(called, e)
		}
	}
	if len(called) != 1 {
		return
	}
	if name == "MaxAge" {
		c.cookie(called[0], value, nil)
	} else {
		c.cookie(called[0], nil, value)
	}
}

// sessionCall judges calls that make tokens, cookies and sessions.
func (c *checker) sessionCall(cur inspector.Cursor, call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || fn.Pkg() == nil {
		return
	}
	switch name := fn.Name(); {
	case name == "NewWithClaims" && strings.Contains(fn.Pkg().Path(), "/jwt") && len(call.Args) >= 2:
		if !purpose(cur) {
			c.endless(call)
		}
	case name == "SetCookie" && strings.HasSuffix(fn.FullName(), "gin-gonic/gin.Context).SetCookie") && len(call.Args) == 7:
		if !purpose(cur) {
			c.cookie(call.Args[0], call.Args[2], nil)
		}
	case name == "Expiration" && strings.Contains(fn.Pkg().Path(), "lestrrat-go/jwx") && len(call.Args) == 1:
		c.claim(cur, "exp", call.Args[0])
	case name == "MaxAge" && strings.HasSuffix(fn.Pkg().Path(), "gorilla/sessions") && len(call.Args) == 1:
		c.maxAge(call.Args[0], "session cookie")
	case name == "NewCookieStore" || name == "NewFilesystemStore":
		if fn.Pkg().Path() == gorilla && !c.ages[gorilla+"."+name[len("New"):]] && !c.assigned[gorilla+".Options.MaxAge"] && !c.filled[gorilla+".Options.MaxAge"] {
			c.report(sessionNeverExpires, rules.Low, call.Pos(), call.End(), "session cookie lives 30 days, the default of gorilla/sessions")
		}
	case fn.FullName() == "github.com/alexedwards/scs/v2.New" && !c.assigned["github.com/alexedwards/scs/v2.SessionManager.IdleTimeout"]:
		c.report(sessionNeverExpires, rules.Low, call.Pos(), call.End(), "session has no idle timeout, the default of scs")
	}
}

const gorilla = "github.com/gorilla/sessions"

// endless reports a token signed from claims that never say an end.
func (c *checker) endless(call *ast.CallExpr) {
	claims := ast.Unparen(call.Args[1])
	if id, ok := claims.(*ast.Ident); ok {
		// What is written to, or handed on, may get its end there.
		if c.uses[c.info.ObjectOf(id)] > 1 {
			return
		}
		if claims = c.single(c.info, id); claims == nil {
			return
		}
	}
	lit, ok := ast.Unparen(claims).(*ast.CompositeLit)
	if !ok || !strings.HasSuffix(typename.Of(c.info.TypeOf(lit)), ".MapClaims") {
		return
	}
	for _, elt := range lit.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if v := c.info.Types[kv.Key].Value; v == nil || v.Kind() == constant.String && constant.StringVal(v) == "exp" {
				return
			}
		}
	}
	c.report(sessionNeverExpires, rules.Low, call.Pos(), call.End(), "token is signed without a time of expiry")
}
