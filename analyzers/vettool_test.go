package analyzers_test

import (
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/casetest"
)

// TestMain lets the test binary serve as a vettool, so that the tests can run
// the suite as users do: with facts that went through files.
func TestMain(m *testing.M) {
	os.Exit(casetest.Main(m, analyzers.Suite(analyzers.Config{})...))
}

// wanted matches a comment that expects a finding of a rule.
var wanted = regexp.MustCompile(`(?://|/\*) want .*?(PHI[12])\d*`)

// TestVettool runs the suite over the same cases as a vettool, where every fact
// is written to a file and read again, and expects the same findings.
func TestVettool(t *testing.T) {
	out := casetest.Vet(t, "testdata", "./...")
	want := map[string]bool{}
	families := map[string]bool{} // "file PHI2": the file has cases of these rules
	casetest.Lines(t, "testdata", []string{"..."}, func(file string, line int, text string) {
		// Comments about facts have no rule.
		if m := wanted.FindStringSubmatch(text); m != nil {
			want[fmt.Sprintf("%s:%d", file, line)] = true
			families[file+" "+m[1]] = true
		}
	})
	// Other tests run one analyzer only: what another says there is not asked.
	got := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: (PHI[12])\d\d`).FindAllStringSubmatch(out, -1) {
		if families[m[1]+" "+m[3]] || !families[m[1]+" PHI1"] && !families[m[1]+" PHI2"] {
			got[m[1]+":"+m[2]] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go vet -vettool and analysistest differ (-want +got):\n%s\n%s", diff, out)
	}
}
