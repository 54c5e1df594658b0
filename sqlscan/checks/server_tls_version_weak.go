package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed server_tls_version_weak.md
var serverTlsVersionWeakPage string

var serverTlsVersionWeak = &rules.Rule{
	ID: "PHI711", Slug: "server-tls-version-weak", Title: "server accepts outdated TLS",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionCrypto},
	CWE:       []int{326, 327}, Help: serverTlsVersionWeakPage,
}
