package phiconn_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/phivet/phivet/analyzers/internal/fixtest"
	"github.com/phivet/phivet/analyzers/phiconn"
	"github.com/phivet/phivet/rules"
)

// graded is the analyzer with each finding's severity at the beginning of its
// message, so that the cases assert it.
func graded() *analysis.Analyzer {
	a := *phiconn.Analyzer
	a.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			id, level, lower := strings.Cut(d.Category, "/")
			for _, r := range phiconn.Rules() {
				if r.ID == id && !lower {
					level = r.Severity.String()
				}
			}
			d.Message = level + " " + d.Message
			pass.Report(d)
		}
		return phiconn.Analyzer.Run(&inner)
	}
	return &a
}

// TestMain lets the test binary serve as a vettool.
func TestMain(m *testing.M) {
	if os.Getenv("PHIVET_TEST_VETTOOL") != "" {
		unitchecker.Main(graded())
	}
	os.Exit(m.Run())
}

// TestCases runs the cases, which are a module of their own, so that the real
// libraries are judged and not stubs of them.
func TestCases(t *testing.T) {
	for _, result := range analysistest.Run(t, analysistest.TestData(), graded(), "./...") {
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
	if testing.Short() {
		t.Skip("starts go vet")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "vet", "-vettool="+self, "./...")
	cmd.Dir = "testdata"
	cmd.Env = append(os.Environ(), "PHIVET_TEST_VETTOOL=1")
	out, _ := cmd.CombinedOutput() // exit 1 says that there are findings
	got := map[string]int{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: (\w+ PHI\d+)`).FindAllStringSubmatch(string(out), -1) {
		got[m[1]+" "+m[2]]++
	}
	want := map[string]int{}
	found, clean := 0, 0
	each(t, func(file string, line int, text string) {
		_, comment, _ := strings.Cut(text, "// want ")
		for _, m := range regexp.MustCompile("[\"`](\\w+ PHI\\d+)").FindAllStringSubmatch(comment, -1) {
			want[fmt.Sprintf("%s:%d %s", file, line, m[1])]++
			found++
		}
		clean += strings.Count(text, "// ok: ")
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go vet -vettool and the cases differ (-want +got):\n%s\n%s", diff, out)
	}
	t.Logf("%d positive and %d negative shapes", found, clean)
	if found < 120 || clean < 90 {
		t.Errorf("%d positive and %d negative shapes: want at least 120 and 90", found, clean)
	}
}

// each calls f with every line of the cases; files are named from testdata.
func each(t *testing.T, f func(file string, line int, text string)) {
	t.Helper()
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		for i, line := range strings.Split(string(text), "\n") {
			f(strings.TrimPrefix(path, "testdata/"), i+1, line)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), graded(), "./fixes")
	fixtest.Gone(t, "testdata", "fixes", phiconn.Analyzer)
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
