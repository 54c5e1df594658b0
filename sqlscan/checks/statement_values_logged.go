package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed statement_values_logged.md
var statementValuesLoggedPage string

var statementValuesLogged = &rules.Rule{
	ID: "PHI706", Slug: "statement-values-logged", Title: "values in statements go to the log",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{532}, Help: statementValuesLoggedPage,
}
