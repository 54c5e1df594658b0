package phiconn

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed tls_verification_skipped.md
var tlsVerificationSkippedPage string

var tlsVerificationSkipped = &rules.Rule{
	ID: "PHI302", Slug: "tls-verification-skipped", Title: "TLS configuration that accepts any certificate",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity, hipaa.Authentication}, CWE: []int{295},
	Help: tlsVerificationSkippedPage,
}
