// Package philog reports PHI that reaches logs, by itself or inside errors.
//
// It follows nothing itself: it picks from the taint analyzer's result what
// its rules are about.
package philog

import (
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/rules"
)

// New returns the analyzer that reports what engine, a taint analyzer, found.
func New(engine *analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     "philog",
		Doc:      "report PHI that reaches logs, by itself or inside errors",
		URL:      "https://github.com/phivet/phivet/blob/main/docs/rules",
		Requires: []*analysis.Analyzer{engine, own.Syntax},
		Run: func(pass *analysis.Pass) (any, error) {
			result := pass.ResultOf[engine].(*taint.Result)
			checkLoggers(pass, result)
			taint.Report(withCodes(pass), result, Rules())
			return nil, nil
		},
	}
}

// Rules lists the rules of this package.
func Rules() []*rules.Rule {
	return []*rules.Rule{phiLogged, phiStructLogged, queryArgumentsLogged, phiInErrorText, queryErrorLogged, driverDetailLogged,
		queryErrorInResponse, queryLoggerPrintsValues, phiInTelemetry, phiInURL, credentialsLogged}
}
