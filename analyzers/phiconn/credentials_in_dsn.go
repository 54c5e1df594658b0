package phiconn

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed credentials_in_dsn.md
var credentialsInDSNPage string

var credentialsInDSN = &rules.Rule{
	ID: "PHI304", Slug: "credentials-in-dsn", Title: "Database password written into the source",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Authentication, hipaa.PasswordManagement}, CWE: []int{798},
	Help: credentialsInDSNPage,
}
