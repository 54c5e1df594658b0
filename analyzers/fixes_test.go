package analyzers_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/ast/astutil"
	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/rules/ruletest/pgtest"
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

// TestFixesAnswer runs a program of many queries against a server, as it is and
// fixed: every query answers the same rows.
func TestFixesAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles drivers and starts a server")
	}
	dir, err := filepath.Abs("internal/knowledge/testdata/proof")
	if err != nil {
		t.Fatal(err)
	}
	texts := fixed(t, dir, "./fixes")
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	temporary := t.TempDir()
	for name, text := range texts {
		overlay.Replace[name] = filepath.Join(temporary, filepath.Base(name))
		if err := os.WriteFile(overlay.Replace[name], text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(temporary, "overlay.json"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	server := pgtest.Start(t, 15)
	answers := func(flags ...string) string {
		cmd := exec.Command("go", append(append([]string{"run"}, flags...), "./fixes")...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "PHIVET_PROOF_SOCKET="+server.Socket())
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	before, after := answers(), answers("-overlay="+filepath.Join(temporary, "overlay.json"))
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(after, "\n")); diff != "" {
		t.Errorf("answers differ (-composed +bound):\n%s", diff)
	}
	if n := strings.Count(before, `"error":""`); n < 70 || n != strings.Count(before, "\n") {
		t.Errorf("%d of %d queries answer without an error: want all, and at least 70", n, strings.Count(before, "\n"))
	}
	// What is not bound proves nothing.
	for name, text := range texts {
		if left := composed.FindAllString(string(text), -1); len(left) > 0 {
			t.Errorf("%s: still composed:\n%s", name, strings.Join(left, "\n"))
		}
	}
}

// composed matches a query whose text is not one constant.
var composed = regexp.MustCompile(`(?m)^.*(Query|Prepare|Where|Raw)\((ctx, )?(fmt\.Sprintf|"[^"]*'" \+).*$`)
