package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_sql_text.md
var phiInSQLTextPage string

var phiInSQLText = &rules.Rule{
	ID:        "PHI101",
	Slug:      "phi-in-sql-text",
	Title:     "PHI value becomes part of the SQL text",
	Severity:  rules.Critical,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{89, 532},
	Help:      phiInSQLTextPage,
}
