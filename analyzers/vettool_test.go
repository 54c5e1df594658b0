package analyzers_test

import (
	"os"
	"testing"

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
