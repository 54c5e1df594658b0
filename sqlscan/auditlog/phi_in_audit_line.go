package auditlog

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_audit_line.md
var phiInAuditLinePage string

var phiInAuditLine = &rules.Rule{
	ID: "PHI801", Slug: "phi-in-audit-line", Title: "PHI stands in the text of a logged statement",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532}, Help: phiInAuditLinePage,
}
