package nogo_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/phivet/phivet/cmd/nogo"
	"github.com/phivet/phivet/rules/ruletest"
)

// TestMain lets the test binary be a tool that analyses one package at a time
// and keeps facts in files, as the one is that nogo generates.
func TestMain(m *testing.M) {
	if os.Getenv("PHIVET_TEST_NOGO") != "" {
		unitchecker.Main(nogo.Analyzer)
	}
	os.Exit(m.Run())
}

// files are two packages: the wrapper's fact has to reach the other one.
var files = ruletest.Files{
	"go.mod":     "module example.com/x\n\ngo 1.26\n",
	"run/run.go": "package run\n\nimport \"database/sql\"\n\n// Run runs.\nfunc Run(db *sql.DB, query string) (*sql.Rows, error) { return db.Query(query) }\n",
	"find/find.go": `package find

import (
	"database/sql"

	"example.com/x/run"
)

// Find composes a query.
func Find(db *sql.DB, ssn string) (*sql.Rows, error) {
	return run.Run(db, "SELECT id FROM patients WHERE ssn = '"+ssn+"'")
}

// Archived does too.
func Archived(db *sql.DB, ssn string) (*sql.Rows, error) {
	//phivet:ignore PHI101 -- runs against the archive that keeps no logs
	return run.Run(db, "SELECT id FROM patients WHERE ssn = '"+ssn+"'")
}
`,
}

const finding = "find/find.go:11:21: PHI101 ssn becomes part of the SQL text (patients.ssn); source: ssn at find.go:10, reaches sql.DB.Query at find.go:11"

func TestAnalyzer(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := files.Write(t)
	cmd := exec.Command("go", "vet", "-vettool="+self, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PHIVET_TEST_NOGO=1")
	out, _ := cmd.CombinedOutput() // exit 1 says that there are findings
	var got []string
	for line := range strings.Lines(string(out)) {
		if regexp.MustCompile(`PHI\d`).MatchString(line) {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if diff := cmp.Diff([]string{finding}, got); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, out)
	}
}
