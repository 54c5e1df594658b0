package analyzers_test

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
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/phivet/phivet/analyzers"
)

// TestMain lets the test binary serve as a vettool, so that the tests can run
// the suite as users do: with facts that went through files.
func TestMain(m *testing.M) {
	if os.Getenv("PHIVET_TEST_VETTOOL") != "" {
		unitchecker.Main(analyzers.Suite(analyzers.Config{})...)
	}
	os.Exit(m.Run())
}

// wanted matches a comment that expects a finding of a rule.
var wanted = regexp.MustCompile(`(?://|/\*) want .*?(PHI[12])\d*`)

// TestVettool runs the suite over the same cases as a vettool, where every fact
// is written to a file and read again, and expects the same findings.
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
	want := map[string]bool{}
	families := map[string]bool{} // "file PHI2": the file has cases of these rules
	var files []string
	err = filepath.WalkDir("testdata", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			// Comments about facts have no rule.
			if m := wanted.FindStringSubmatch(line); m != nil {
				name := strings.TrimPrefix(f, "testdata/")
				want[fmt.Sprintf("%s:%d", name, i+1)] = true
				families[name+" "+m[1]] = true
			}
		}
	}
	// Other tests run one analyzer only: what another says there is not asked.
	got := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: (PHI[12])\d\d`).FindAllStringSubmatch(string(out), -1) {
		if families[m[1]+" "+m[3]] || !families[m[1]+" PHI1"] && !families[m[1]+" PHI2"] {
			got[m[1]+":"+m[2]] = true
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go vet -vettool and analysistest differ (-want +got):\n%s\n%s", diff, out)
	}
}
