package phiconn

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/rules/dsn"
)

// A text is a string as far as it is known, with dsn.Hole for the rest.
type text struct {
	b    strings.Builder
	segs []segment
}

// A segment says which node gave the bytes from start to end.
type segment struct {
	start, end int
	node       ast.Expr
}

func (t *text) add(s string, node ast.Expr) {
	start := t.b.Len()
	t.b.WriteString(s)
	t.segs = append(t.segs, segment{start, t.b.Len(), node})
}

func (t *text) hole(node ast.Expr) { t.add(string(dsn.Hole), node) }

// at returns the node that gave the byte at an offset.
func (t *text) at(offset int) ast.Expr {
	for _, s := range t.segs {
		if s.start <= offset && offset < s.end {
			return s.node
		}
	}
	if n := len(t.segs); n > 0 {
		return t.segs[n-1].node
	}
	return nil
}

// maxDepth bounds how many steps a value is followed back, and with that the
// work for one string.
const maxDepth = 6

// maxText bounds a folded string; a connection string is far shorter.
const maxText = 8 << 10

// fold appends what is known of a string expression.
func (c *checker) fold(t *text, e ast.Expr, depth int) {
	e = ast.Unparen(e)
	if depth > maxDepth || t.b.Len() > maxText {
		t.hole(e)
		return
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if s, ok := c.constant(e); ok {
			t.add(s, e)
			return
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			c.fold(t, e.X, depth+1)
			c.fold(t, e.Y, depth+1)
			return
		}
	case *ast.Ident:
		if vs := c.values[c.info.ObjectOf(e)]; len(vs) == 1 && vs[0] != nil {
			c.fold(t, vs[0], depth+1)
			return
		}
	case *ast.CallExpr:
		if c.foldCall(t, e, depth) {
			return
		}
	}
	if s, ok := c.constant(e); ok {
		t.add(s, e)
		return
	}
	t.hole(e)
}

// foldCall folds the calls that only put text together.
func (c *checker) foldCall(t *text, call *ast.CallExpr, depth int) bool {
	if tv, ok := c.info.Types[call.Fun]; ok && tv.IsType() && len(call.Args) == 1 {
		c.fold(t, call.Args[0], depth+1) // a conversion
		return true
	}
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	if fn == nil || call.Ellipsis.IsValid() {
		return false
	}
	switch name := fn.FullName(); {
	case name == "fmt.Sprintf" && len(call.Args) > 0:
		return c.foldFormat(t, call, depth)
	case (name == "net/url.QueryEscape" || name == "net/url.PathEscape" || name == "strings.TrimSpace" || name == "strconv.Itoa") && len(call.Args) == 1:
		c.fold(t, call.Args[0], depth+1)
		return true
	case name == "strings.Join" && len(call.Args) == 2:
		list, ok := ast.Unparen(call.Args[0]).(*ast.CompositeLit)
		sep, known := c.constant(call.Args[1])
		if !ok || !known {
			return false
		}
		for i, elt := range list.Elts {
			if i > 0 {
				t.add(sep, call.Args[1])
			}
			c.fold(t, elt, depth+1)
		}
		return true
	case fn.Pkg() == c.pass.Pkg && len(call.Args) == 0:
		if result := c.onlyResult(fn); result != nil {
			c.fold(t, result, depth+1)
			return true
		}
	}
	return false
}

// verb matches one verb of a format string.
var verb = regexp.MustCompile(`%[-+# 0]*(\[[0-9]+\])?[0-9*]*(\.[0-9*]*)?[a-zA-Z%]`)

// foldFormat folds fmt.Sprintf: constants go in, anything else is a hole.
func (c *checker) foldFormat(t *text, call *ast.CallExpr, depth int) bool {
	var format text
	c.fold(&format, call.Args[0], depth+1)
	s := format.b.String()
	if strings.IndexByte(s, dsn.Hole) >= 0 && len(call.Args) == 1 {
		return false
	}
	last, arg := 0, 1
	for _, m := range verb.FindAllStringIndex(s, -1) {
		t.add(s[last:m[0]], format.at(max(m[0]-1, 0)))
		last = m[1]
		switch v := s[m[0]:m[1]]; {
		case v == "%%":
			t.add("%", format.at(m[0]))
		case len(v) == 2 && arg < len(call.Args):
			c.fold(t, call.Args[arg], depth+1)
			arg++
		default:
			t.hole(call)
			arg++
		}
	}
	t.add(s[last:], format.at(max(len(s)-1, 0)))
	return true
}

// onlyResult returns the single string that a function of this package
// returns, if it has but one return statement.
func (c *checker) onlyResult(fn *types.Func) ast.Expr {
	for _, f := range c.pass.Files {
		for _, d := range f.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil || c.info.Defs[decl.Name] != fn {
				continue
			}
			var results []ast.Expr
			ast.Inspect(decl.Body, func(n ast.Node) bool {
				if _, ok := n.(*ast.FuncLit); ok {
					return false
				}
				if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > 0 {
					results = append(results, r.Results[0])
				}
				return true
			})
			if len(results) == 1 {
				return results[0]
			}
			return nil
		}
	}
	return nil
}

// constant returns the text of a constant string or number.
func (c *checker) constant(e ast.Expr) (string, bool) {
	tv := c.info.Types[e]
	if tv.Value == nil {
		return "", false
	}
	switch tv.Value.Kind() {
	case constant.String:
		return constant.StringVal(tv.Value), true
	case constant.Int:
		return tv.Value.ExactString(), true
	}
	return "", false
}

// number returns a constant integer, through a variable that is set once.
func (c *checker) number(e ast.Expr) (int64, bool) {
	if e == nil {
		return 0, false
	}
	tv := c.info.Types[e]
	if tv.Value != nil {
		if v := constant.ToInt(tv.Value); v.Kind() == constant.Int {
			return constant.Int64Val(v)
		}
		return 0, false
	}
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if vs := c.values[c.info.ObjectOf(id)]; len(vs) == 1 && vs[0] != nil && c.info.Types[vs[0]].Value != nil {
			return c.number(vs[0])
		}
	}
	return 0, false
}

// inLiteral finds the only place of needle in a literal's source, for an edit.
func inLiteral(lit *ast.BasicLit, needle string) (pos token.Pos, ok bool) {
	if strings.Count(lit.Value, needle) != 1 {
		return 0, false
	}
	return lit.Pos() + token.Pos(strings.Index(lit.Value, needle)), true
}

func unquote(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return s
}
