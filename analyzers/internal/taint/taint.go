// Package taint follows values through Go code: which value becomes part of
// which SQL text, and which value or error reaches which log.
package taint

import (
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/rules/phi"
)

// A Config says what the engine takes for PHI and where it may go.
type Config struct {
	Lexicon                    *phi.Lexicon       // nil: the default lexicon
	Schema                     func() *phi.Schema // nil or lazily called; may return nil
	Sources, Sinks, Sanitizers []string           // extra lines in the grammar of package knowledge
}

// A Result holds what was found in one package, in source order.
type Result struct {
	Diagnostics []analysis.Diagnostic
}

// A Summary is the fact of a function.
type Summary struct{}

// AFact marks Summary as a fact.
func (*Summary) AFact() {}

// New returns the taint analyzer for cfg. Its result is a *Result.
func New(cfg Config) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "phitaint",
		Doc:        "follow PHI through functions, for the other analyzers of phivet",
		FactTypes:  []analysis.Fact{new(Summary)},
		ResultType: reflect.TypeFor[*Result](),
		Run:        func(pass *analysis.Pass) (any, error) { return &Result{}, nil },
	}
}

// Report reports the diagnostics whose category starts with prefix.
func Report(pass *analysis.Pass, r *Result, prefix string) {
	for _, d := range r.Diagnostics {
		if strings.HasPrefix(d.Category, prefix) {
			pass.Report(d)
		}
	}
}
