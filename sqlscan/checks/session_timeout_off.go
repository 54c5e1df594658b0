package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed session_timeout_off.md
var sessionTimeoutOffPage string

var sessionTimeoutOff = &rules.Rule{
	ID: "PHI715", Slug: "session-timeout-off", Title: "sessions never time out",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AutomaticLogoff},
	CWE:       []int{613}, Help: sessionTimeoutOffPage,
}
