package logscan

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/auditlog"
)

// A goText is a text of Go code with parameters in place of what is not
// constant in it.
type goText struct {
	text  string
	holes bool
}

// hole stands for a value that is not known: a parameter of SQL, and inside
// quotes a part of a literal. Both are left out of a fingerprint.
const hole = "$1"

// text returns the text of an expression: constants, variables that are
// assigned once, concatenations, and fmt.Sprintf.
func (p *goPackage) text(e ast.Expr, known map[string]goText) (goText, bool) {
	switch x := ast.Unparen(e).(type) {
	case *ast.BasicLit:
		if x.Kind != token.STRING {
			return goText{}, false
		}
		s, err := strconv.Unquote(x.Value)
		return goText{text: s}, err == nil
	case *ast.Ident:
		if t, ok := known[x.Name]; ok {
			return t, t.text != ""
		}
		t, ok := p.global[x.Name]
		return t, ok
	case *ast.BinaryExpr:
		if x.Op != token.ADD {
			return goText{}, false
		}
		return p.sum(x, known)
	case *ast.CallExpr:
		return p.formatted(x, known)
	}
	return goText{}, false
}

// sum joins both sides; one of them may be unknown.
func (p *goPackage) sum(x *ast.BinaryExpr, known map[string]goText) (goText, bool) {
	left, okLeft := p.text(x.X, known)
	right, okRight := p.text(x.Y, known)
	if !okLeft && !okRight {
		return goText{}, false
	}
	if !okLeft {
		left = goText{hole, true}
	}
	if !okRight {
		right = goText{hole, true}
	}
	return goText{left.text + right.text, left.holes || right.holes}, true
}

// verb is a verb of package fmt.
var verb = lazyregexp.New(`%[-+# 0]*(?:\[\d+\])?(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:\[\d+\])?([a-zA-Z%])`)

// formatted reads fmt.Sprintf with a constant format.
func (p *goPackage) formatted(call *ast.CallExpr, known map[string]goText) (goText, bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Sprintf" || len(call.Args) == 0 {
		return goText{}, false
	}
	format, ok := p.text(call.Args[0], known)
	if !ok {
		return goText{}, false
	}
	format.holes = true
	format.text = verb.ReplaceAllStringFunc(format.text, func(v string) string {
		switch v[len(v)-1] {
		case '%':
			return "%"
		case 'q':
			return "'" + hole + "'"
		}
		return hole
	})
	return format, true
}

// locals returns the texts of variables that a function assigns once. One that
// is assigned again, or appended to, is known to be unknown.
func (p *goPackage) locals(fn *ast.FuncDecl) map[string]goText {
	known := map[string]goText{}
	assigned := map[string]int{}
	unknown := func(e ast.Expr) {
		if id, ok := e.(*ast.Ident); ok {
			assigned[id.Name] = 2
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.Field: // receiver, parameter, result, of inner functions too
			for _, name := range x.Names {
				unknown(name)
			}
		case *ast.RangeStmt:
			unknown(x.Key)
			unknown(x.Value)
		case *ast.UnaryExpr:
			if x.Op == token.AND { // somebody else may write to it
				unknown(x.X)
			}
		case *ast.AssignStmt:
			for i, l := range x.Lhs {
				id, ok := l.(*ast.Ident)
				if !ok {
					continue
				}
				assigned[id.Name]++
				if len(x.Lhs) == len(x.Rhs) && (x.Tok == token.DEFINE || x.Tok == token.ASSIGN) {
					known[id.Name], _ = p.text(x.Rhs[i], known)
				}
			}
		case *ast.DeclStmt:
			if g, ok := x.Decl.(*ast.GenDecl); ok && (g.Tok == token.CONST || g.Tok == token.VAR) {
				p.declare(g, known)
				for _, s := range g.Specs {
					for _, name := range s.(*ast.ValueSpec).Names {
						assigned[name.Name]++
					}
				}
			}
		}
		return true
	})
	for name, n := range assigned {
		if n > 1 {
			known[name] = goText{}
		}
	}
	return known
}

var (
	sqlStart    = lazyregexp.New(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*(select|insert|update|delete|with|merge|copy|create|alter|drop|do|call|truncate|grant|revoke|set|comment|notify|explain|refresh|values)\b`)
	questions   = lazyregexp.New(`\?`)
	namedValues = lazyregexp.New(`(^|[^:\w])[:@][a-zA-Z_]\w*`)
)

// fingerprint returns the fingerprint of the statement that the text is. Where
// it does not parse as it stands, the parameters that mappers know are tried.
func (t goText) fingerprint() (string, bool) {
	if !sqlStart.MatchString(t.text) {
		return "", false
	}
	for _, text := range []string{t.text, questions.ReplaceAllLiteralString(t.text, hole), namedValues.ReplaceAllString(t.text, "${1}"+strings.ReplaceAll(hole, "$", "$$"))} {
		if print, err := auditlog.Fingerprint([]byte(text)); err == nil {
			return print, true
		}
	}
	return "", false
}
