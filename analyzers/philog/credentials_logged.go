package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed credentials_logged.md
var credentialsLoggedPage string

var credentialsLogged = &rules.Rule{
	ID:        "PHI211",
	Slug:      "credentials-logged",
	Title:     "password, token or connection string is logged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.PasswordManagement, hipaa.Authentication},
	CWE:       []int{532, 522},
	Help:      credentialsLoggedPage,
}
