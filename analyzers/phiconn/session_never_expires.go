package phiconn

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed session_never_expires.md
var sessionNeverExpiresPage string

var sessionNeverExpires = &rules.Rule{
	ID: "PHI305", Slug: "session-never-expires", Title: "Session or token that outlives its user's presence",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AutomaticLogoff}, CWE: []int{613},
	Help: sessionNeverExpiresPage,
}
