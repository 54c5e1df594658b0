package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed server_tls_off.md
var serverTlsOffPage string

var serverTlsOff = &rules.Rule{
	ID: "PHI710", Slug: "server-tls-off", Title: "server does not encrypt connections",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity, hipaa.TransmissionCrypto},
	CWE:       []int{319}, Help: serverTlsOffPage,
}
