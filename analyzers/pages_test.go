package analyzers_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/philog"
	"github.com/phivet/phivet/analyzers/phisql"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/ruletest"
)

// TestPages runs the examples of every page of phisql and philog. They are
// written into the module in testdata, so that they may use its libraries, and
// analysed together, as loading those takes most of the time.
func TestPages(t *testing.T) {
	list := append(phisql.Rules(), philog.Rules()...)
	var examples []ruletest.Files
	for _, r := range list {
		bad, good, err := ruletest.Examples(r, "example.go")
		if err != nil {
			t.Fatal(err)
		}
		examples = append(examples, bad, good)
	}
	found := analyze(t, examples)
	for _, r := range list {
		t.Run(r.ID, func(t *testing.T) {
			ruletest.Page(t, r, "example.go", nil, func(t *testing.T, files ruletest.Files) []finding.Finding {
				return found[files["example.go"]]
			})
		})
	}
}

func TestListed(t *testing.T) {
	ruletest.Listed(t, "phisql", phisql.Rules())
	ruletest.Listed(t, "philog", philog.Rules())
}

// analyze returns the findings of each example, by its text.
func analyze(t *testing.T, examples []ruletest.Files) map[string][]finding.Finding {
	t.Helper()
	var patterns []string
	texts := map[string]string{} // by folder
	for _, files := range examples {
		dir, err := os.MkdirTemp("testdata", "page")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.RemoveAll(dir) })
		text := files["example.go"]
		if err := os.WriteFile(filepath.Join(dir, "example.go"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, "./"+filepath.Base(dir))
		texts[filepath.Base(dir)] = text
	}
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: "testdata"}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatal("an example does not compile")
	}
	graph, err := checker.Analyze(analyzers.Suite(analyzers.Config{}), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]finding.Finding{}
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		if !act.IsRoot {
			continue
		}
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			text := texts[filepath.Base(filepath.Dir(at.Filename))]
			out[text] = append(out[text], asFinding(t, d, at.Line))
		}
	}
	return out
}

func asFinding(t *testing.T, d analysis.Diagnostic, line int) finding.Finding {
	t.Helper()
	id, level, lower := strings.Cut(d.Category, "/")
	for _, r := range analyzers.Rules() {
		if r.ID != id {
			continue
		}
		f := finding.Finding{Rule: r, Severity: r.Severity, Message: strings.TrimPrefix(d.Message, id+" ")}
		if len(f.Message) > 100 || !strings.HasPrefix(d.Message, id+" ") {
			t.Errorf("message is too long or lacks the rule: %s", d.Message)
		}
		if lower {
			var err error
			if f.Severity, err = rules.ParseSeverity(level); err != nil {
				t.Error(err)
			}
		}
		f.Span.Start.Line = line
		return f
	}
	t.Fatalf("unknown rule in category %q", d.Category)
	return finding.Finding{}
}
