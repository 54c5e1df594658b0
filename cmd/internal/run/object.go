package run

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/phivet/phivet/rules/finding"
)

// A tree is a parsed Go file.
type tree struct {
	fset *token.FileSet
	file *ast.File
}

// object names what a Go finding is about, independent of its line: the
// enclosing function and the call, such as "patients.(*Store).Find db.Query".
// It holds names only, no literals.
func (c *converter) object(span finding.Span) string {
	t := c.tree(span.File)
	if t == nil {
		return ""
	}
	pos := t.file.FileStart + token.Pos(span.Start.Offset)
	function := t.file.Name.Name
	sink := ""
	ast.Inspect(t.file, func(n ast.Node) bool {
		if n == nil || n.Pos() > pos || n.End() <= pos {
			return n == t.file // nothing below a node that does not hold the place
		}
		switch n := n.(type) {
		case *ast.FuncDecl:
			function = t.file.Name.Name + "." + functionName(n)
		case *ast.CallExpr:
			if name := expressionName(n.Fun); name != "" {
				sink = name // the innermost one wins
			}
		}
		return true
	})
	return strings.TrimSpace(function + " " + sink)
}

func (c *converter) tree(file string) *tree {
	if t, ok := c.trees[file]; ok {
		return t
	}
	var t *tree
	if content := c.sources.Content(file); content != nil {
		fset := token.NewFileSet()
		if f, err := parser.ParseFile(fset, file, content, parser.SkipObjectResolution); err == nil {
			t = &tree{fset, f}
		}
	}
	c.trees[file] = t
	return t
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		return "(*" + expressionName(star.X) + ")." + f.Name.Name
	}
	return expressionName(receiver) + "." + f.Name.Name
}

// expressionName returns a selector chain such as "s.db.Query"; what is not a
// name is left out.
func expressionName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x := expressionName(e.X); x != "" {
			return x + "." + e.Sel.Name
		}
		return e.Sel.Name
	case *ast.IndexExpr:
		return expressionName(e.X)
	case *ast.IndexListExpr:
		return expressionName(e.X)
	case *ast.ParenExpr:
		return expressionName(e.X)
	}
	return ""
}
