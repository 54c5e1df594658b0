package analyzers_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
)

// TestShapes runs the shapes of PHI10x: one package for each feature of the
// language that composes SQL text.
func TestShapes(t *testing.T) {
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, analysistest.TestData(), sql, "./shapes/...")
}
