package logscan

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/rules/finding"
)

// calls knows where the Go code of a project holds which statement. It looks
// when it is first asked.
type calls struct {
	project *project.Project
	base    string // paths are given relative to this directory
	sites   map[string][]finding.Step
}

func findCalls(p *project.Project) *calls {
	base, err := os.Getwd()
	if err != nil {
		base = p.Root
	}
	return &calls{project: p, base: base}
}

// maxSites bounds the places that one finding names.
const maxSites = 3

// of returns the places of the code whose text is a statement of that
// fingerprint. That is all they say: another program may send it as well.
func (c *calls) of(fingerprint string) []finding.Step {
	if c == nil || strings.ContainsAny(fingerprint, ": ") {
		return nil
	}
	if c.sites == nil {
		c.sites = map[string][]finding.Step{}
		c.search()
	}
	sites := c.sites[fingerprint]
	return sites[:min(len(sites), maxSites)]
}

// maxGoFiles bounds the files that are looked at.
const maxGoFiles = 20_000

// search reads the Go files of the project, package by package.
func (c *calls) search() {
	packages := map[string][]string{}
	var order []string
	files := 0
	_ = filepath.WalkDir(c.project.Root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be read is no place to name
		}
		base := d.Name()
		if d.IsDir() {
			if name != c.project.Root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || slices.Contains([]string{"vendor", "node_modules", "testdata"}, base)) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") || c.project.Config.Excluded(project.Relative(c.project.Root, name)) {
			return nil
		}
		if files++; files > maxGoFiles {
			return fs.SkipAll
		}
		dir := filepath.Dir(name)
		if packages[dir] == nil {
			order = append(order, dir)
		}
		packages[dir] = append(packages[dir], name)
		return nil
	})
	for _, dir := range order {
		c.readPackage(packages[dir])
	}
}

// A goPackage is the syntax of one directory.
type goPackage struct {
	fset   *token.FileSet
	global map[string]goText // constants and variables of the package
}

func (c *calls) readPackage(names []string) {
	p := &goPackage{fset: token.NewFileSet(), global: map[string]goText{}}
	var files []*ast.File
	for _, name := range names {
		if f, err := parser.ParseFile(p.fset, name, nil, parser.SkipObjectResolution); err == nil {
			files = append(files, f)
		}
	}
	for range 2 { // a constant may be made of another one further down
		for _, f := range files {
			for _, d := range f.Decls {
				if g, ok := d.(*ast.GenDecl); ok {
					p.declare(g, p.global)
				}
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				c.readFunction(p, fn)
			}
		}
	}
}

// declare notes the texts of a declaration.
func (p *goPackage) declare(g *ast.GenDecl, into map[string]goText) {
	for _, s := range g.Specs {
		v, ok := s.(*ast.ValueSpec)
		if !ok || len(v.Values) != len(v.Names) {
			continue
		}
		for i, name := range v.Names {
			if t, ok := p.text(v.Values[i], into); ok {
				into[name.Name] = t
			}
		}
	}
}

// readFunction notes each call that is given the text of a statement.
func (c *calls) readFunction(p *goPackage, fn *ast.FuncDecl) {
	local := p.locals(fn)
	where := functionName(fn)
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name := calleeName(call)
		if !takesQuery(name) {
			return true
		}
		for _, arg := range call.Args[:min(len(call.Args), 4)] {
			t, ok := p.text(arg, local)
			if !ok {
				continue
			}
			if print, ok := t.fingerprint(); ok {
				c.add(print, p.fset.Position(call.Pos()), "call of "+name+" in "+where+" has this statement")
				return true
			}
		}
		return true
	})
}

func (c *calls) add(print string, at token.Position, message string) {
	file := at.Filename
	if rel, err := filepath.Rel(c.base, file); err == nil {
		file = rel
	}
	pos := finding.Position{Offset: at.Offset, Line: at.Line, Column: at.Column}
	c.sites[print] = append(c.sites[print], finding.Step{Span: finding.Span{File: filepath.ToSlash(file), Start: pos, End: pos}, Message: message})
}

// functionName returns "Find" or "(*Store).Find".
func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	t := fn.Recv.List[0].Type
	format := "%s.%s"
	if star, ok := t.(*ast.StarExpr); ok {
		t, format = star.X, "(*%s).%s"
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	id, ok := t.(*ast.Ident)
	if !ok {
		return fn.Name.Name
	}
	return fmt.Sprintf(format, id.Name, fn.Name.Name)
}

func calleeName(call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	if i, ok := fun.(*ast.IndexExpr); ok {
		fun = i.X
	}
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.Ident:
		return f.Name
	}
	return ""
}

// takesQuery reports whether a function of that name runs SQL, going by what
// drivers, mappers and their wrappers call it.
func takesQuery(name string) bool {
	lower := strings.ToLower(name)
	for _, verb := range []string{"query", "exec", "prepare", "queue"} {
		if strings.Contains(lower, verb) {
			return true
		}
	}
	return slices.Contains([]string{"get", "select", "raw", "getcontext", "selectcontext", "newraw", "copyfrom", "copyto", "explain"}, lower)
}
