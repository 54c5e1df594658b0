package philog

import (
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/own"
	"github.com/phivet/phivet/analyzers/internal/taint"
)

// Loggers is the part that reads configurations, alone: it needs no facts, and
// so nothing of the libraries that its cases use.
var Loggers = &analysis.Analyzer{
	Name:     "philog",
	Doc:      "report query loggers that print values",
	Requires: []*analysis.Analyzer{own.Syntax},
	Run: func(pass *analysis.Pass) (any, error) {
		checkLoggers(pass, new(taint.Result))
		return nil, nil
	},
}

// LoggerNames returns every name of the tables, functions first.
func LoggerNames() (functions, fields []string) {
	for _, l := range queryLoggers {
		functions = append(functions, l.name)
	}
	for _, s := range switchFields {
		fields = append(fields, s.name)
	}
	return functions, fields
}
