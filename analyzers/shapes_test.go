package analyzers_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
)

// TestShapes runs the shapes of PHI10x: one package for each feature of the
// language that composes SQL text, and for each kind of library that runs it.
// TestVettool runs the same packages as a vettool.
func TestShapes(t *testing.T) {
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, analysistest.TestData(), sql, "./shapes/...")
}

// TestKnownMisses asserts that what is listed as not found is not found. Where
// this fails, there is less to list.
func TestKnownMisses(t *testing.T) {
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, analysistest.TestData(), sql, "./knownmisses")
}

// TestShapeCount keeps the suite from shrinking: so many lines that must be
// reported, and so many beside them that must not.
func TestShapeCount(t *testing.T) {
	positive := regexp.MustCompile("// want [\"`]PHI10")
	var found, clean int
	for _, dir := range []string{"testdata", "internal/knowledge/testdata/libraries/cases"} {
		err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") {
				return err
			}
			text, err := os.ReadFile(path)
			found += len(positive.FindAll(text, -1))
			clean += strings.Count(string(text), "// ok: ")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d positive and %d negative shapes", found, clean)
	if found < 350 || clean < 300 {
		t.Errorf("%d positive and %d negative shapes: want at least 350 and 300", found, clean)
	}
}
