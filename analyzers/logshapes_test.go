package analyzers_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/casetest"
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
	casetest.Count(t, positive, "testdata/logshapes", "internal/knowledge/testdata/libraries/logcases").AtLeast(t, casetest.Shapes{Found: 300, Clean: 195})
}
