package analyzers_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers"
)

var update = flag.Bool("update", false, "write the goldens of fixes anew")

// TestFixes compares each file, fixed, with its golden twin.
func TestFixes(t *testing.T) {
	if *update {
		for name, text := range fixed(t, "testdata", "./fixes") {
			if err := os.WriteFile(name+".golden", text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), sql, "./fixes")
}

// TestFixesHold analyses the fixed files again: they compile, and what is still
// found is in functions that say "no fix".
func TestFixesHold(t *testing.T) {
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	texts := fixed(t, dir, "./fixes")
	found := map[string]int{}
	graph := inspect(t, dir, texts, "./fixes")
	functions(graph, func(f *ast.FuncDecl, name string, diagnostics []analysis.Diagnostic) {
		found[name] = len(diagnostics)
	})
	for name, text := range texts {
		for _, part := range strings.Split(string(text), "\nfunc ")[1:] {
			function := part[:strings.IndexAny(part, "(")]
			unfixed := strings.Contains(part, "no fix: ")
			if unfixed != (found[function] > 0) {
				t.Errorf("%s: %s has %d findings when fixed; marked with no fix: %t", filepath.Base(name), function, found[function], unfixed)
			}
		}
	}
}

// inspect runs the rules of SQL text over packages, some of whose files have
// another text.
func inspect(t *testing.T, dir string, overlay map[string][]byte, patterns ...string) *checker.Graph {
	t.Helper()
	pkgs, err := packages.Load(&packages.Config{
		Mode: packages.LoadAllSyntax, Dir: dir, Overlay: overlay, Env: append(os.Environ(), "GOWORK=off"),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("does not compile")
	}
	graph, err := checker.Analyze(analyzers.Suite(analyzers.Config{})[:1], pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
	}
	return graph
}

// functions calls f with each function of the analysed packages and what was
// found in it.
func functions(graph *checker.Graph, f func(*ast.FuncDecl, string, []analysis.Diagnostic)) {
	for _, act := range graph.Roots {
		for _, file := range act.Package.Syntax {
			for _, d := range file.Decls {
				decl, ok := d.(*ast.FuncDecl)
				if !ok {
					continue
				}
				var in []analysis.Diagnostic
				for _, d := range act.Diagnostics {
					if d.Pos >= decl.Pos() && d.Pos < decl.End() && strings.HasPrefix(d.Category, "PHI10") {
						in = append(in, d)
					}
				}
				f(decl, decl.Name.Name, in)
			}
		}
	}
}

// fixed returns the files of the packages that have fixes, with all of them.
func fixed(t *testing.T, dir string, patterns ...string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	edits := map[string][]analysis.TextEdit{}
	var fset *token.FileSet
	for _, act := range inspect(t, dir, nil, patterns...).Roots {
		fset = act.Package.Fset
		for _, d := range act.Diagnostics {
			for _, fix := range d.SuggestedFixes {
				for _, e := range fix.TextEdits {
					name := fset.File(e.Pos).Name()
					edits[name] = append(edits[name], e)
				}
			}
		}
	}
	for name, list := range edits {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		slices.SortStableFunc(list, func(a, b analysis.TextEdit) int { return int(b.Pos - a.Pos) })
		for i, e := range list {
			if i > 0 && e.Pos == list[i-1].Pos && e.End == list[i-1].End && bytes.Equal(e.NewText, list[i-1].NewText) {
				continue // two fixes drop the same import
			}
			from, to := fset.Position(e.Pos).Offset, fset.Position(e.End).Offset
			text = slices.Concat(text[:from], e.NewText, text[to:])
		}
		out[name] = tidy(t, name, text)
	}
	return out
}

// tidy drops the imports of the standard library that several fixes together
// have left unused, as go fix and editors do.
func tidy(t *testing.T, name string, text []byte) []byte {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range slices.Clone(f.Imports) {
		if path := strings.Trim(spec.Path.Value, `"`); !strings.Contains(path, ".") && !astutil.UsesImport(f, path) {
			astutil.DeleteImport(fset, f, path)
		}
	}
	var out bytes.Buffer
	if err := format.Node(&out, fset, f); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
