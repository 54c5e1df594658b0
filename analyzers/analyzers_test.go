package analyzers_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/analyzers/internal/casetest"
	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/analyzers/philog"
	"github.com/phivet/phivet/rules/phi"
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

// TestKeys asserts severities too.
func TestKeys(t *testing.T) {
	log := analyzers.Suite(analyzers.Config{})[1]
	analysistest.Run(t, analysistest.TestData(), casetest.Graded(log, philog.Rules()), "./keylog")
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

// TestOtherSchema runs with a schema that says nothing of health.
func TestOtherSchema(t *testing.T) {
	schema := phi.Default().Classify([]phi.Table{
		{Name: "invoices", Columns: []phi.Column{{Name: "total", Type: "numeric"}}},
		{Name: "settings", Columns: []phi.Column{{Name: "theme", Type: "text"}}},
		{Name: "client_profile", Columns: []phi.Column{{Name: "first_name", Type: "text"}, {Name: "city", Type: "text"}}},
		{Name: "client_stats", Columns: []phi.Column{{Name: "viewed", Type: "bigint"}}},
	}, nil)
	if schema.Health() {
		t.Fatal("the schema is about health")
	}
	cfg := analyzers.Config{Schema: func() *phi.Schema { return schema }}
	analysistest.Run(t, analysistest.TestData(), analyzers.Suite(cfg)[1], "./otherschema", "./shop")
	analysistest.Run(t, analysistest.TestData(), analyzers.Suite(cfg)[0], "./shop")
	for _, r := range analysistest.Run(t, analysistest.TestData(), analyzers.Suite(cfg)[1], "./shoplog") {
		for _, d := range r.Action.Diagnostics {
			if d.Category != "PHI208/low" {
				t.Errorf("%s is reported as %s, want PHI208/low", d.Message, d.Category)
			}
		}
	}
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
