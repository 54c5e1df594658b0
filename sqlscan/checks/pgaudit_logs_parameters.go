package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed pgaudit_logs_parameters.md
var pgauditLogsParametersPage string

var pgauditLogsParameters = &rules.Rule{
	ID: "PHI703", Slug: "pgaudit-logs-parameters", Title: "pgAudit writes the values of parameters to the log",
	Severity: rules.Critical, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532, 779}, Help: pgauditLogsParametersPage,
}
