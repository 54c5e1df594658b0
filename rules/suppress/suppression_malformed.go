package suppress

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed suppression_malformed.md
var malformedHelp string

// malformed is reported on a directive that silences nothing because of its
// form. Leaving it silent would let a reader believe that somebody decided.
var malformed = &rules.Rule{
	ID:        "PHI904",
	Slug:      "suppression-malformed",
	Title:     "suppression without a reason, or of a rule that does not exist",
	Severity:  rules.Medium,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.Retention, hipaa.ActivityReview},
	CWE:       []int{1116},
	Help:      malformedHelp,
}
