package phiconn

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// A text is a string as far as it is known, with dsn.Hole for the rest.
type text struct {
	b    strings.Builder
	segs []segment // in order, without gaps
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

func (t *text) full() bool { return t.b.Len() > maxText || len(t.segs) > maxText }

// at returns the node that gave the byte at an offset.
func (t *text) at(offset int) ast.Expr {
	i := sort.Search(len(t.segs), func(i int) bool { return t.segs[i].end > offset })
	if i == len(t.segs) {
		i--
	}
	if i < 0 {
		return nil
	}
	return t.segs[i].node
}

// maxDepth bounds how many steps a value is followed back, and maxText how
// long a folded string gets: a connection string is far shorter. Together they
// bound the work for one string.
const (
	maxDepth = 8
	maxText  = 8 << 10
)

// fold appends what is known of a string expression.
func (c *checker) fold(t *text, e ast.Expr, depth int) {
	e = ast.Unparen(e)
	if depth > maxDepth || t.full() {
		t.hole(e)
		return
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if e.Op == token.ADD && !isInteger(c.info.TypeOf(e)) {
			for _, operand := range operands(e) {
				c.fold(t, operand, depth+1)
			}
			return
		}
	case *ast.Ident, *ast.SelectorExpr:
		if c.foldVariable(t, e, depth) {
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

func isInteger(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// operands returns what a chain of "+" joins, from left to right. A chain of
// any length is one step: it nests to the left.
func operands(e ast.Expr) []ast.Expr {
	var right []ast.Expr
	for {
		b, ok := ast.Unparen(e).(*ast.BinaryExpr)
		if !ok || b.Op != token.ADD {
			break
		}
		right = append(right, b.Y)
		e = b.X
	}
	list := []ast.Expr{e}
	for i := len(right) - 1; i >= 0; i-- {
		list = append(list, right[i])
	}
	return list
}

// foldVariable folds what a variable was given once, and what was appended.
func (c *checker) foldVariable(t *text, e ast.Expr, depth int) bool {
	value := c.single(c.info, e)
	if value == nil {
		return false
	}
	c.fold(t, value, depth+1)
	c.foldWrites(t, c.writes[object(c.info, e)], depth)
	return true
}

func (c *checker) foldWrites(t *text, list []write, depth int) {
	for _, w := range list {
		if t.full() || len(w.pieces) == 0 {
			return
		}
		if w.maybe {
			t.hole(w.pieces[0])
		}
		if w.format {
			c.foldFormat(t, w.pieces, depth)
			continue
		}
		for _, p := range w.pieces {
			n, ok := c.number(p)
			if w.char && ok && n < 0x80 {
				t.add(string(rune(n)), p)
				continue
			}
			c.fold(t, p, depth+1)
		}
	}
}

// foldCall folds the calls that only put text together.
func (c *checker) foldCall(t *text, call *ast.CallExpr, depth int) bool {
	if tv, ok := c.info.Types[call.Fun]; ok && tv.IsType() && len(call.Args) == 1 {
		c.fold(t, call.Args[0], depth+1) // a conversion
		return true
	}
	fn, _ := typeutil.Callee(c.info, call).(*types.Func)
	// Have: f(g()), perhaps, where g returns all arguments at once.
	if fn == nil || call.Ellipsis.IsValid() || !fn.Signature().Variadic() && len(call.Args) != fn.Signature().Params().Len() {
		return false
	}
	switch name := fn.FullName(); name {
	case "fmt.Sprintf":
		return c.foldFormat(t, call.Args, depth)
	case "fmt.Sprint":
		for _, a := range call.Args {
			c.fold(t, a, depth+1)
		}
		return true
	case "net/url.QueryEscape", "net/url.PathEscape", "strings.TrimSpace", "strconv.Itoa":
		c.fold(t, call.Args[0], depth+1)
		return true
	case "strings.Join":
		return c.foldJoin(t, call, depth)
	case "net.JoinHostPort":
		c.fold(t, call.Args[0], depth+1)
		t.add(":", call)
		c.fold(t, call.Args[1], depth+1)
		return true
	case "(*strings.Builder).String", "(*bytes.Buffer).String":
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		list := c.writes[object(c.info, sel.X)]
		c.foldWrites(t, list, depth)
		return len(list) > 0
	case "(*net/url.URL).String":
		return c.foldURL(t, call, depth)
	}
	if result := c.results[fn]; result != nil {
		c.fold(t, result, depth+1)
		return true
	}
	return false
}

// foldJoin folds strings.Join of a list that is written out.
func (c *checker) foldJoin(t *text, call *ast.CallExpr, depth int) bool {
	arg := call.Args[0]
	if v := c.single(c.info, arg); v != nil {
		arg = v
	}
	list, ok := ast.Unparen(arg).(*ast.CompositeLit)
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
}

// foldURL folds a url.URL that a literal makes.
func (c *checker) foldURL(t *text, call *ast.CallExpr, depth int) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	obj := object(c.info, sel.X)
	value := sel.X
	if v := c.single(c.info, sel.X); v != nil {
		value = v
	}
	lit := literalOf(value)
	if lit == nil || typename.Of(c.info.TypeOf(lit)) != "net/url.URL" {
		return false
	}
	fields := literalFields(lit)
	part := func(name string) ast.Expr {
		set := c.fields[obj][name]
		if e := fields[name]; e != nil && len(set) == 0 {
			return e
		}
		if len(set) == 1 && fields[name] == nil && set[0] != nil {
			return set[0]
		}
		if len(set) > 0 {
			return sel.X // not known: folding a variable of this type gives a hole
		}
		return nil
	}
	scheme := part("Scheme")
	if scheme == nil {
		return false
	}
	c.fold(t, scheme, depth+1)
	t.add("://", lit)
	if user := part("User"); user != nil {
		c.foldUser(t, user, depth)
		t.add("@", lit)
	}
	for _, p := range []struct{ name, before string }{{"Host", ""}, {"Path", "/"}, {"RawQuery", "?"}} {
		if e := part(p.name); e != nil {
			var piece text
			c.fold(&piece, e, depth+1)
			if !strings.HasPrefix(piece.b.String(), p.before) {
				t.add(p.before, lit)
			}
			c.fold(t, e, depth+1)
		}
	}
	return true
}

// foldUser folds url.UserPassword(user, password) and url.User(user).
func (c *checker) foldUser(t *text, e ast.Expr, depth int) {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) == 0 || len(call.Args) > 2 {
		t.hole(e)
		return
	}
	for i, a := range call.Args {
		if i > 0 {
			t.add(":", call)
		}
		c.fold(t, a, depth+1)
	}
}

// verb matches one verb of a format string.
var verb = lazyregexp.New(`%[-+# 0]*(\[[0-9]+\])?[0-9*]*(\.[0-9*]*)?[a-zA-Z%]`)

// foldFormat folds a format and its arguments: constants go in, anything else
// is a hole.
func (c *checker) foldFormat(t *text, args []ast.Expr, depth int) bool {
	if len(args) == 0 {
		return false
	}
	var format text
	c.fold(&format, args[0], depth+1)
	s := format.b.String()
	if strings.IndexByte(s, dsn.Hole) >= 0 && len(args) == 1 {
		return false
	}
	last, arg := 0, 1
	for _, m := range verb.FindAllStringIndex(s, -1) {
		if t.full() {
			return true
		}
		t.add(s[last:m[0]], format.at(max(m[0]-1, 0)))
		last = m[1]
		switch v := s[m[0]:m[1]]; {
		case v == "%%":
			t.add("%", format.at(m[0]))
		case len(v) == 2 && arg < len(args):
			c.fold(t, args[arg], depth+1)
			arg++
		case strings.Contains(v, "["):
			c.foldIndexed(t, v, args, depth)
		default:
			t.hole(args[0])
			arg++
		}
	}
	t.add(s[last:], format.at(max(len(s)-1, 0)))
	return true
}

// foldIndexed folds a verb that names its argument, such as %[2]s.
func (c *checker) foldIndexed(t *text, v string, args []ast.Expr, depth int) {
	number, _, _ := strings.Cut(v[strings.IndexByte(v, '[')+1:], "]")
	if n, err := strconv.Atoi(number); err == nil && n > 0 && n < len(args) {
		c.fold(t, args[n], depth+1)
		return
	}
	t.hole(args[0])
}

// constant returns the text of a constant string or number.
func (c *checker) constant(e ast.Expr) (string, bool) {
	if e == nil {
		return "", false
	}
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
	if v := c.info.Types[e].Value; v != nil {
		if v = constant.ToInt(v); v.Kind() == constant.Int {
			return constant.Int64Val(v)
		}
		return 0, false
	}
	if v := c.single(c.info, e); v != nil && c.info.Types[v].Value != nil {
		return c.number(v)
	}
	return 0, false
}

// isTrue reports whether an expression is the constant true, or a variable
// that is given nothing else.
func (c *checker) isTrue(e ast.Expr) bool {
	v := c.info.Types[e].Value
	if s := c.single(c.info, e); v == nil && s != nil {
		v = c.info.Types[s].Value
	}
	return v != nil && v.Kind() == constant.Bool && constant.BoolVal(v)
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

// literalOf returns the composite literal that an expression is, or points to.
func literalOf(e ast.Expr) *ast.CompositeLit {
	e = ast.Unparen(e)
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = ast.Unparen(u.X)
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}
