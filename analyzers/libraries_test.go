package analyzers_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
)

// TestLibraries runs the cases of every query builder and mapper that the
// knowledge files name, against the real libraries.
func TestLibraries(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses every library")
	}
	dir, err := filepath.Abs("internal/knowledge/testdata/libraries")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, dir, analyzers.Suite(analyzers.Config{})[0], "./cases/...")
}
