package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed passwords_logged.md
var passwordsLoggedPage string

var passwordsLogged = &rules.Rule{
	ID: "PHI707", Slug: "passwords-logged", Title: "statements that set passwords go to the log",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.PasswordManagement},
	CWE:       []int{532}, Help: passwordsLoggedPage,
}
