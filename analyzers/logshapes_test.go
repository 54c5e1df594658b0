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

// TestLogShapes runs the shapes of PHI20x and PHI21x: one package for each way
// in which values leave. TestVettool runs the same packages as a vettool.
func TestLogShapes(t *testing.T) {
	log := analyzers.Suite(analyzers.Config{})[1]
	analysistest.Run(t, analysistest.TestData(), log, "./logshapes/...")
}

// TestLogLibraries runs the cases of every logger, telemetry service and web
// framework that the knowledge files name, against the real libraries.
func TestLogLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses every library")
	}
	dir, err := filepath.Abs("internal/knowledge/testdata/libraries")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, analyzers.Suite(analyzers.Config{})[1], "./logcases")
}

// TestLogShapeCount keeps that suite from shrinking.
func TestLogShapeCount(t *testing.T) {
	positive := regexp.MustCompile("// want [\"`]PHI2")
	var found, clean int
	for _, dir := range []string{"testdata/logshapes", "internal/knowledge/testdata/libraries/logcases"} {
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
	if found < 300 || clean < 195 {
		t.Errorf("%d positive and %d negative shapes: want at least 300 and 195", found, clean)
	}
}
