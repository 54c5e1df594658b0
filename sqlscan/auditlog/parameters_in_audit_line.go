package auditlog

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed parameters_in_audit_line.md
var parametersInAuditLinePage string

var parametersInAuditLine = &rules.Rule{
	ID: "PHI802", Slug: "parameters-in-audit-line", Title: "the log repeats the parameters of a statement",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532, 779}, Help: parametersInAuditLinePage,
}
