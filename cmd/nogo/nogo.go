// Package nogo is phivet as a dependency of Bazel's nogo, which wants a variable
// Analyzer and starts its tool once a package, in a sandbox.
//
// The sandbox holds the package and its facts and nothing else: no migrations
// and no .phivet.toml. So names decide what is PHI, the defaults hold, and the
// SQL half is left to phivet check --only sql. Directives in the source count as
// everywhere.
package nogo

import (
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/cmd/internal/unit"
)

// Analyzer reports what the Go half of phivet finds.
var Analyzer = must(unit.Suite(nil, run.Rules()))

// must panics on what only a wrong table in this repository can cause; the test
// of this package would see it.
func must(a *analysis.Analyzer, err error) *analysis.Analyzer {
	if err != nil {
		panic(err)
	}
	return a
}
