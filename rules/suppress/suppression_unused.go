package suppress

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed suppression_unused.md
var unusedHelp string

// unused is reported on a directive whose rule was looked for and not found on
// the line that it covers.
var unused = &rules.Rule{
	ID:        "PHI905",
	Slug:      "suppression-unused",
	Title:     "suppression that silences nothing",
	Severity:  rules.Low,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.Retention, hipaa.ActivityReview},
	CWE:       []int{1164},
	Help:      unusedHelp,
}

// Rules returns the rules of this package.
func Rules() []*rules.Rule { return []*rules.Rule{malformed, unused} }
