package analyzers_test

import (
	"regexp"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/casetest"
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
	casetest.Count(t, positive, "testdata", "internal/knowledge/testdata/libraries/cases").AtLeast(t, casetest.Shapes{Found: 350, Clean: 300})
}
