package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed pgaudit_missing.md
var pgauditMissingPage string

var pgauditMissing = &rules.Rule{
	ID: "PHI701", Slug: "pgaudit-missing", Title: "server runs without pgAudit",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{778}, Help: pgauditMissingPage,
}
