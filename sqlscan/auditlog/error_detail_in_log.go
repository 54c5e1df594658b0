package auditlog

import (
	_ "embed" // the rule's page

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed error_detail_in_log.md
var errorDetailInLogPage string

var errorDetailInLog = &rules.Rule{
	ID: "PHI804", Slug: "error-detail-in-log", Title: "an error message repeats a row's values in the log",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532, 209}, Help: errorDetailInLogPage,
}
