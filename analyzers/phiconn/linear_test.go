package phiconn_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/phiconn"
)

// large returns packages that would take forever if a string, a variable or a
// function were looked for anew each time; n is their size.
func large(n int) map[string]string {
	long := `"host=" + h` + strings.Repeat(` + " password=" + h + " sslmode=disable"`, n)
	appended := "dsn := \"host=\" + h\n" + strings.Repeat("dsn += \" sslmode=disable\"\n", n)
	doubled := "v0 := \"sslmode=disable\"\n"
	for i := range n {
		doubled += fmt.Sprintf("v%d := v%d + v%d\n", i+1, i, i)
	}
	calls := ""
	for i := range n {
		calls += fmt.Sprintf("func f%d() string { return f%d() + f%d() + \" sslmode=disable\" }\n", i, (i+1)%n, (i+2)%n)
	}
	return map[string]string{
		"concatenation": "package p\nfunc f(h string) string { return " + long + "}",
		"appended":      "package p\nfunc f(h string) string {\n" + appended + "return dsn }",
		"doubled":       "package p\nfunc f() string {\n" + doubled + fmt.Sprintf("return v%d }", n),
		"calls":         "package p\n" + calls,
		"format":        "package p\nimport \"fmt\"\nfunc f(h string) string { return fmt.Sprintf(\"" + strings.Repeat("host=%s sslmode=disable ", n) + "\", h) }",
	}
}

func check(tb testing.TB, text string) *analysis.Pass {
	tb.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		tb.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{},
	}
	pkg, err := (&types.Config{Importer: importer.Default()}).Check("p", fset, []*ast.File{f}, info)
	if err != nil {
		tb.Fatal(err)
	}
	files := []*ast.File{f}
	return &analysis.Pass{
		Analyzer: phiconn.Analyzer, Fset: fset, Files: files, Pkg: pkg, TypesInfo: info,
		ResultOf: map[*analysis.Analyzer]any{own.Syntax: inspector.New(files)},
	}
}

// TestLarge ends at all only if the work is bounded, and still finds something.
func TestLarge(t *testing.T) {
	for name, text := range large(3000) {
		t.Run(name, func(t *testing.T) {
			pass := check(t, text)
			found := 0
			pass.Report = func(analysis.Diagnostic) { found++ }
			if _, err := phiconn.Analyzer.Run(pass); err != nil {
				t.Fatal(err)
			}
			if found == 0 {
				t.Error("nothing was found")
			}
		})
	}
}

// BenchmarkLarge shows the time for a piece of the input: it is to stay the
// same when the input grows.
func BenchmarkLarge(b *testing.B) {
	for _, n := range []int{500, 2000, 8000} {
		for name, text := range large(n) {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				pass := check(b, text)
				pass.Report = func(analysis.Diagnostic) {}
				for b.Loop() {
					if _, err := phiconn.Analyzer.Run(pass); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/piece")
			})
		}
	}
}
