package auditlog

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed password_in_audit_line.md
var passwordInAuditLinePage string

var passwordInAuditLine = &rules.Rule{
	ID: "PHI803", Slug: "password-in-audit-line", Title: "a password stands in the log",
	Severity: rules.Critical, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.PasswordManagement, hipaa.Authentication},
	CWE:       []int{532, 522}, Help: passwordInAuditLinePage,
}
