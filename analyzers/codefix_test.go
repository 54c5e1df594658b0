package analyzers_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/casetest"
)

// TestCodeFixes logs the SQLSTATE instead of the error, where it is at hand.
func TestCodeFixes(t *testing.T) {
	log := analyzers.Suite(analyzers.Config{})[1]
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), log, "./codefix")
	casetest.Gone(t, "testdata", "codefix", analyzers.Suite(analyzers.Config{})[1])
}
