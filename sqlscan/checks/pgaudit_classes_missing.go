package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed pgaudit_classes_missing.md
var pgauditClassesMissingPage string

var pgauditClassesMissing = &rules.Rule{
	ID: "PHI702", Slug: "pgaudit-classes-missing", Title: "pgAudit does not record all kinds of access",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{778}, Help: pgauditClassesMissingPage,
}
