package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed audit_without_object_names.md
var auditWithoutObjectNamesPage string

var auditWithoutObjectNames = &rules.Rule{
	ID: "PHI718", Slug: "audit-without-object-names", Title: "audit lines do not name the tables",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.ActivityReview},
	CWE:       []int{778}, Help: auditWithoutObjectNamesPage,
}
