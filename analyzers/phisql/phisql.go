// Package phisql reports PHI that becomes part of SQL text.
package phisql

import (
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/rules"
)

// New returns the analyzer that reports what engine, a taint analyzer, found.
func New(engine *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "phisql",
		Doc:      "report PHI values that become part of SQL text",
		URL:      "https://github.com/phivet/phivet/blob/main/docs/rules",
		Requires: []*analysis.Analyzer{engine},
		Run: func(pass *analysis.Pass) (any, error) {
			taint.Report(pass, pass.ResultOf[engine].(*taint.Result), "PHI1")
			return nil, nil
		},
	}
}

// Rules lists the rules of this package.
func Rules() []*rules.Rule { return nil }
