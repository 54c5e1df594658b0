package analyzers_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/taint"
)

// TestSQL runs the cases of PHI1xx. testdata is a module of its own, so that
// the real libraries are analysed and not stubs of them.
func TestSQL(t *testing.T) {
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, analysistest.TestData(), sql, "./sqltext", "./sqlok", "./pgxlib", "./sqlxlib", "./gormlib")
}

// TestAcrossPackages also asserts the facts, in package where.
func TestAcrossPackages(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), taint.New(taint.Config{}), "./where")
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, analysistest.TestData(), sql, "./finder")
}

// TestLog runs the cases of PHI2xx.
func TestLog(t *testing.T) {
	log := analyzers.Suite(analyzers.Config{})[1]
	analysistest.Run(t, analysistest.TestData(), log, "./querylog", "./detail", "./wrap", "./logok", "./outlets")
}

// TestLoggers runs the loggers of one's own for gorm, which the taint analyzer
// judges. What configurations turn on is judged in package philog.
func TestLoggers(t *testing.T) {
	dir, err := filepath.Abs("internal/knowledge/testdata/proof")
	if err != nil {
		t.Fatal(err)
	}
	log := analyzers.Suite(analyzers.Config{})[1]
	analysistest.Run(t, dir, log, "./cases/trace")
}

// TestModes runs the cases of PHI104 against the same libraries.
func TestModes(t *testing.T) {
	dir, err := filepath.Abs("internal/knowledge/testdata/proof")
	if err != nil {
		t.Fatal(err)
	}
	sql := analyzers.Suite(analyzers.Config{})[0]
	analysistest.Run(t, dir, sql, "./cases/modes", "./cases/drugs", "./cases/prepared", "./cases/plain")
}
