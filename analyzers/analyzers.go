// Package analyzers is the Go half of phivet: the suite of go/analysis
// analyzers that follow protected health information through Go code.
//
// One analyzer, taint, builds SSA, computes what every function does with its
// parameters and exports that as facts. The others only pick what they report
// from its result, because two analyzers may not own one fact type:
//
//   - phisql: values that become part of SQL text (PHI1xx)
//   - philog: values and errors that reach a log (PHI2xx)
//   - phiconn: connections and sessions without protection (PHI3xx); it needs
//     no taint
package analyzers

import (
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/taint"
	"github.com/phivet/phivet/analyzers/phiconn"
	"github.com/phivet/phivet/analyzers/philog"
	"github.com/phivet/phivet/analyzers/phisql"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// A Config says what the suite takes for PHI and where it may go.
type Config struct {
	// Lexicon classifies Go names and types; nil means the default lexicon.
	Lexicon *phi.Lexicon
	// Schema returns the classified schema of the migration half. It is
	// called at most once, when a package needs it, and may return nil.
	Schema func() *phi.Schema
	// Sources, Sinks and Sanitizers are extra lines in the grammar of the
	// files of package knowledge.
	Sources, Sinks, Sanitizers []string
	// Tests says to report flows in _test.go files too.
	Tests bool
}

// Suite returns the analyzers in a fixed order. They share one taint analyzer,
// which they require and which therefore is not listed.
func Suite(cfg Config) []*analysis.Analyzer {
	engine := taint.New(taint.Config{
		Lexicon: cfg.Lexicon, Schema: cfg.Schema,
		Sources: cfg.Sources, Sinks: cfg.Sinks, Sanitizers: cfg.Sanitizers, Tests: cfg.Tests,
	})
	return []*analysis.Analyzer{phisql.New(engine), philog.New(engine), phiconn.Analyzer}
}

// Rules returns the rules that the suite can report, in the order of their IDs.
func Rules() []*rules.Rule {
	return slices.Concat(phisql.Rules(), philog.Rules(), phiconn.Rules())
}
