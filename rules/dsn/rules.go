package dsn

import (
	_ "embed" // the rules' pages

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed tls_not_enforced.md
var tlsNotEnforcedPage string

// TLSNotEnforced is PHI301. It stands here, and not with a check, because both
// halves report it: on Go code, and on SQL and configuration files.
var TLSNotEnforced = &rules.Rule{
	ID: "PHI301", Slug: "tls-not-enforced", Title: "PostgreSQL connection that does not enforce verified TLS",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity, hipaa.TransmissionCrypto}, CWE: []int{319},
	Help: tlsNotEnforcedPage,
}

//go:embed credentials_in_dsn.md
var credentialsInDSNPage string

// CredentialsInDSN is PHI304, for both halves as well.
var CredentialsInDSN = &rules.Rule{
	ID: "PHI304", Slug: "credentials-in-dsn", Title: "Database password written into the source",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Authentication, hipaa.PasswordManagement}, CWE: []int{798},
	Help: credentialsInDSNPage,
}
