package casetest

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// Gone analyses the package in folder pkg of the module in dir once more, with
// every file that has a golden twin replaced by that, and expects no finding.
// It adds to analysistest.RunWithSuggestedFixes, which compares the golden
// file with the fixed one.
func Gone(t *testing.T, dir, pkg string, analyzers ...*analysis.Analyzer) {
	t.Helper()
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	golden, err := filepath.Glob(filepath.Join(dir, pkg, "*.golden"))
	if err != nil || len(golden) == 0 {
		t.Fatalf("no golden files in %s: %v", pkg, err)
	}
	overlay := map[string][]byte{}
	for _, name := range golden {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		overlay[name[:len(name)-len(".golden")]] = text
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Overlay: overlay}, "./"+pkg)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("the fixed program does not compile")
	}
	graph, err := checker.Analyze(analyzers, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			t.Errorf("%s: after the fix: %s", act.Package.Fset.Position(d.Pos), d.Message)
		}
	}
}
