package phiconn_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers/internal/casetest"
	"github.com/phivet/phivet/analyzers/phiconn"
	"github.com/phivet/phivet/rules"
)

// graded is the analyzer with severities, which the cases assert.
var graded = casetest.Graded(phiconn.Analyzer, phiconn.Rules())

// TestMain lets the test binary serve as a vettool.
func TestMain(m *testing.M) { os.Exit(casetest.Main(m, graded)) }

// TestCases runs the cases, which are a module of their own, so that the real
// libraries are judged and not stubs of them.
func TestCases(t *testing.T) {
	for _, result := range analysistest.Run(t, analysistest.TestData(), graded, "./...") {
		for _, d := range result.Diagnostics {
			said := d.Message
			for _, fix := range d.SuggestedFixes {
				said += fix.Message
				for _, e := range fix.TextEdits {
					said += string(e.NewText)
				}
			}
			// The one password of the cases that nobody would try first.
			if strings.Contains(said, "Tr0ub4dor") || len(d.Message) > 100+len("medium PHI301 ") {
				t.Errorf("%s: a finding repeats a secret, or is too long", result.Pass.Fset.Position(d.Pos))
			}
		}
	}
}

// TestVettool runs the same cases as a vettool, and expects the same findings.
func TestVettool(t *testing.T) {
	casetest.Vettool(t, "testdata", "./...").AtLeast(t, casetest.Shapes{Found: 120, Clean: 90})
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), graded, "./fixes")
	casetest.Gone(t, "testdata", "fixes", phiconn.Analyzer)
}

// TestPages runs the examples of every page: Bad gives the rule and nothing
// else, Good nothing.
func TestPages(t *testing.T) {
	type example struct {
		rule *rules.Rule
		bad  bool
	}
	dir := t.TempDir()
	examples := map[string]example{} // by package
	var packages []string
	for _, r := range phiconn.Rules() {
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		for _, section := range []string{"Bad", "Good"} {
			_, code, _ := strings.Cut(r.Section(section), "```go\n")
			code, _, ok := strings.Cut(code, "```")
			if !ok {
				t.Fatalf("%s: %s has no Go block", r.ID, section)
			}
			pkg := strings.ToLower(r.ID + section)
			if err := os.MkdirAll(filepath.Join(dir, "src", pkg), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "src", pkg, "page.go"), []byte(code), 0o644); err != nil {
				t.Fatal(err)
			}
			examples[pkg] = example{r, section == "Bad"}
			packages = append(packages, pkg)
		}
	}
	for _, result := range analysistest.Run(silent{}, dir, phiconn.Analyzer, packages...) {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		e := examples[result.Pass.Pkg.Path()]
		if e.bad != (len(result.Diagnostics) > 0) {
			t.Errorf("%s, bad %t: findings %v", e.rule.ID, e.bad, result.Diagnostics)
		}
		for _, d := range result.Diagnostics {
			if id, _, _ := strings.Cut(d.Category, "/"); id != e.rule.ID {
				t.Errorf("the example of %s gives %s", e.rule.ID, d.Message)
			}
		}
	}
}

// silent lets analysistest run code that has no want comments.
type silent struct{}

func (silent) Errorf(string, ...any) {}
