// Package phisql reports PHI that becomes part of SQL text.
//
// It follows nothing itself: it picks from the taint analyzer's result what
// its rules are about. How a handle is opened is read from the syntax.
package phisql

import (
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/rules"
)

// New returns the analyzer that reports what engine, a taint analyzer, found.
func New(engine *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "phisql",
		Doc:      "report PHI values that become part of SQL text",
		URL:      "https://github.com/phivet/phivet/blob/main/docs/rules",
		Requires: []*analysis.Analyzer{engine, own.Syntax},
		Run: func(pass *analysis.Pass) (any, error) {
			result := pass.ResultOf[engine].(*taint.Result)
			checkModes(pass, sync.OnceValue(result.Health))
			taint.Report(pass, result, Rules())
			return nil, nil
		},
	}
}

// Rules lists the rules of this package.
func Rules() []*rules.Rule {
	return []*rules.Rule{phiInSQLText, phiLiteralInSQL, phiInSQLMetadata, clientSideInterpolation,
		sessionSettingFromValue, sessionSettingOnPool, phiLiteralBound}
}
