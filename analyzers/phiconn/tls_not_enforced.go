package phiconn

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed tls_not_enforced.md
var tlsNotEnforcedPage string

var tlsNotEnforced = &rules.Rule{
	ID: "PHI301", Slug: "tls-not-enforced", Title: "PostgreSQL connection that does not enforce verified TLS",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity, hipaa.TransmissionCrypto}, CWE: []int{319},
	Help: tlsNotEnforcedPage,
}
