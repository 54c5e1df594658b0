package phiconn_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers/phiconn"
)

func TestConnections(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), phiconn.Analyzer, "conn")
}

func TestTLS(t *testing.T) { analysistest.Run(t, analysistest.TestData(), phiconn.Analyzer, "tlsconf") }

func TestSessions(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), phiconn.Analyzer, "session")
}

func TestFixes(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), phiconn.Analyzer, "fixes")
}

// TestPages runs the examples of every page: Bad gives the rule and nothing
// else, Good nothing.
func TestPages(t *testing.T) {
	for _, r := range phiconn.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			if err := r.Validate(); err != nil {
				t.Fatal(err)
			}
			for section, want := range map[string]bool{"Bad": true, "Good": false} {
				_, code, _ := strings.Cut(r.Section(section), "```go\n")
				code, _, ok := strings.Cut(code, "```")
				if !ok {
					t.Fatalf("%s has no Go block", section)
				}
				found := findings(t, code)
				if want != (len(found) > 0) {
					t.Errorf("%s gives %q, want a finding: %v", section, found, want)
				}
				for _, id := range found {
					if id != r.ID {
						t.Errorf("%s gives %s", section, id)
					}
				}
			}
		})
	}
}

// silent lets analysistest run code that has no want comments.
type silent struct{}

func (silent) Errorf(string, ...any) {}

func findings(t *testing.T, code string) (ids []string) {
	t.Helper()
	dir := t.TempDir()
	pkg := filepath.Join(dir, "src", "page")
	if err := os.MkdirAll(pkg, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(pkg, "page.go"), []byte(code), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, result := range analysistest.Run(silent{}, dir, phiconn.Analyzer, "page") {
		if result.Err != nil {
			t.Fatal(result.Err)
		}
		for _, d := range result.Diagnostics {
			id, _, _ := strings.Cut(d.Category, "/")
			ids = append(ids, id)
		}
	}
	return ids
}
