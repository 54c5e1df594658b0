package phiconn

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed tls_version_weak.md
var tlsVersionWeakPage string

var tlsVersionWeak = &rules.Rule{
	ID: "PHI303", Slug: "tls-version-weak", Title: "TLS configuration that allows an outdated version or cipher",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionCrypto}, CWE: []int{326, 327},
	Help: tlsVersionWeakPage,
}
