// Package casetest runs analyzers over cases: packages whose comments say what
// is to be found, // want, and what is not, // ok. The same cases run in memory
// and as a vettool, where facts go through files, and they are counted.
package casetest

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/phivet/phivet/rules"
)

// variable makes a test's own program a vettool.
const variable = "PHIVET_TEST_VETTOOL"

// Main runs the tests and returns the exit status or, in the processes that
// [Vet] has go vet start, the analyzers.
func Main(m *testing.M, analyzers ...*analysis.Analyzer) int {
	if os.Getenv(variable) != "" {
		unitchecker.Main(analyzers...)
	}
	return m.Run()
}

// Graded is the analyzer with each finding's severity in front of its message,
// so that cases assert it. rs are its rules.
func Graded(a *analysis.Analyzer, rs []*rules.Rule) *analysis.Analyzer {
	out := *a
	out.Run = func(pass *analysis.Pass) (any, error) {
		inner := *pass
		inner.Report = func(d analysis.Diagnostic) {
			id, level, lower := strings.Cut(d.Category, "/")
			for _, r := range rs {
				if r.ID == id && !lower {
					level = r.Severity.String()
				}
			}
			d.Message = level + " " + d.Message
			pass.Report(d)
		}
		return a.Run(&inner)
	}
	return &out
}

// Vet runs the test's own program, see [Main], as a vettool in dir and returns
// what go vet prints.
func Vet(t *testing.T, dir string, packages ...string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts go vet")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", append([]string{"vet", "-vettool=" + self}, packages...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), variable+"=1")
	out, _ := cmd.CombinedOutput() // exit 1 says that there are findings
	return string(out)
}

// Lines calls f with every line of the Go files of the packages in dir; "..."
// stands for all below. Files are named from dir.
func Lines(t *testing.T, dir string, packages []string, f func(file string, line int, text string)) {
	t.Helper()
	for _, name := range packages {
		folder, below := strings.CutSuffix(name, "...")
		folder = filepath.Join(dir, folder)
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && path != folder && !below:
				return fs.SkipDir
			case !strings.HasSuffix(path, ".go"):
				return nil
			}
			text, err := os.ReadFile(path)
			for i, line := range strings.Split(string(text), "\n") {
				f(strings.TrimPrefix(filepath.ToSlash(path), filepath.ToSlash(dir)+"/"), i+1, line)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var (
	printed = regexp.MustCompile(`(?m)^(\S+\.go:\d+):\d+: (\w+ PHI\d+)`)
	wanted  = regexp.MustCompile("[\"`](\\w+ PHI\\d+)")
)

// Vettool runs the cases of [Graded] analyzers as a vettool, expects the
// findings of their comments and returns how many cases there are.
func Vettool(t *testing.T, dir string, packages ...string) Shapes {
	t.Helper()
	out := Vet(t, dir, packages...)
	var got, want []string
	for _, m := range printed.FindAllStringSubmatch(out, -1) {
		got = append(got, m[1]+" "+m[2])
	}
	shapes := Shapes{}
	Lines(t, dir, packages, func(file string, line int, text string) {
		_, comment, _ := strings.Cut(text, "// want ")
		for _, m := range wanted.FindAllStringSubmatch(comment, -1) {
			want = append(want, fmt.Sprintf("%s:%d %s", file, line, m[1]))
		}
		shapes.Clean += strings.Count(text, "// ok: ")
	})
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("go vet -vettool and the cases differ (-want +got):\n%s\n%s", diff, out)
	}
	shapes.Found = len(want)
	return shapes
}

// Shapes is the number of cases in which something is to be found, and nothing.
type Shapes struct{ Found, Clean int }

// Count counts the cases below folders; found matches what expects a finding.
func Count(t *testing.T, found *regexp.Regexp, folders ...string) Shapes {
	t.Helper()
	shapes := Shapes{}
	for _, dir := range folders {
		Lines(t, dir, []string{"..."}, func(_ string, _ int, text string) {
			shapes.Found += len(found.FindAllString(text, -1))
			shapes.Clean += strings.Count(text, "// ok: ")
		})
	}
	return shapes
}

// AtLeast keeps a suite from shrinking.
func (s Shapes) AtLeast(t *testing.T, least Shapes) {
	t.Helper()
	t.Logf("%d positive and %d negative shapes", s.Found, s.Clean)
	if s.Found < least.Found || s.Clean < least.Clean {
		t.Errorf("%d positive and %d negative shapes: want at least %d and %d", s.Found, s.Clean, least.Found, least.Clean)
	}
}
