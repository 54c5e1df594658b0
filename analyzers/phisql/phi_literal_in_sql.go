package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_literal_in_sql.md
var phiLiteralInSQLPage string

var phiLiteralInSQL = &rules.Rule{
	ID:        "PHI102",
	Slug:      "phi-literal-in-sql",
	Title:     "constant SQL holds PHI, or meets a PHI column with a literal",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{200, 540},
	Help:      phiLiteralInSQLPage,
}
