package phiconn

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"time"

	"golang.org/x/tools/go/ast/inspector"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules"
)

// Lifetimes that are still usual: half an hour without activity, and one
// working shift from log-in to the end.
const (
	idleLimit = 30 * time.Minute
	lifeLimit = 12 * time.Hour
)

// otherPurpose matches tokens that are not the user's presence.
var otherPurpose = regexp.MustCompile(`(?i)refresh|remember|verif|reset|invite|activat|confirm|csrf|download|apikey|service`)

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
	if typeName(c.info.TypeOf(e)) == "time.Duration" {
		n, ok := c.number(e)
		return time.Duration(n), ok
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
	case name == "(time.Time).Unix":
		return c.duration(call.Fun.(*ast.SelectorExpr).X)
	case fn.Name() == "NewNumericDate" && len(call.Args) == 1:
		return c.duration(call.Args[0])
	}
	return 0, false
}

// claim judges claims["exp"] = …, and the same key in a literal.
func (c *checker) claim(key string, value ast.Expr) {
	if key != "exp" {
		return
	}
	if d, ok := c.duration(value); ok {
		c.longLived(value, d, lifeLimit, "token")
	}
}

func purpose(cur inspector.Cursor) bool {
	for up := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		return otherPurpose.MatchString(up.Node().(*ast.FuncDecl).Name.Name)
	}
	return false
}

// sessionLiteral judges claims and cookies.
func (c *checker) sessionLiteral(cur inspector.Cursor, lit *ast.CompositeLit) {
	owner := typeName(c.info.TypeOf(lit))
	fields := literalFields(lit)
	if purpose(cur) {
		return
	}
	switch {
	case strings.Contains(owner, "/jwt") && strings.HasSuffix(owner, ".MapClaims"):
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				if key, ok := c.constant(kv.Key); ok {
					c.claim(key, kv.Value)
				}
			}
		}
	case strings.Contains(owner, "/jwt") && (strings.HasSuffix(owner, ".RegisteredClaims") || strings.HasSuffix(owner, ".StandardClaims")):
		if e := fields["ExpiresAt"]; e != nil {
			c.claim("exp", e)
		}
	case strings.HasSuffix(owner, "/sessions.Options"):
		c.maxAge(fields["MaxAge"], "session cookie")
	case owner == "net/http.Cookie":
		name, ok := c.constant2(fields["Name"])
		if ok && sessionName.MatchString(name) && !otherPurpose.MatchString(name) {
			c.maxAge(fields["MaxAge"], "session cookie")
			if e := fields["Expires"]; e != nil {
				if d, ok := c.duration(e); ok {
					c.longLived(e, d, lifeLimit, "session cookie")
				}
			}
		}
	}
}

var sessionName = regexp.MustCompile(`(?i)sess|auth|token|jwt|^sid$`)

func (c *checker) maxAge(e ast.Expr, what string) {
	if n, ok := c.number(e); ok && n > 0 && n < 1<<32 {
		c.longLived(e, time.Duration(n)*time.Second, lifeLimit, what)
	}
}

func (c *checker) scsField(name string, value ast.Expr) {
	d, ok := c.duration(value)
	switch {
	case ok && name == "IdleTimeout":
		c.longLived(value, d, idleLimit, "session")
	case ok && name == "Lifetime":
		c.longLived(value, d, lifeLimit, "session")
	}
}

// sessionCall reports a token signed from claims that never say an end.
func (c *checker) sessionCall(cur inspector.Cursor, call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || fn.Name() != "NewWithClaims" || fn.Pkg() == nil || !strings.Contains(fn.Pkg().Path(), "/jwt") || len(call.Args) < 2 || purpose(cur) {
		return
	}
	claims := ast.Unparen(call.Args[1])
	obj := types.Object(nil)
	if id, ok := claims.(*ast.Ident); ok {
		obj = c.info.ObjectOf(id)
		vs := c.values[obj]
		if len(vs) != 1 || vs[0] == nil {
			return
		}
		claims = ast.Unparen(vs[0])
	}
	lit, ok := claims.(*ast.CompositeLit)
	if !ok || !strings.HasSuffix(typeName(c.info.TypeOf(lit)), ".MapClaims") || c.filledLater(cur, obj) {
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

// filledLater reports whether the claims are written to, or handed on, after
// the literal: then the end may come from there.
func (c *checker) filledLater(cur inspector.Cursor, obj types.Object) bool {
	if obj == nil {
		return false
	}
	uses := 0
	for f := range cur.Enclosing((*ast.FuncDecl)(nil)) {
		for id := range f.Preorder((*ast.Ident)(nil)) {
			if c.info.Uses[id.Node().(*ast.Ident)] == obj && id.Node().Pos() != token.NoPos {
				uses++
			}
		}
	}
	return uses > 1
}
