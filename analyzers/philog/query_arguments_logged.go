package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed query_arguments_logged.md
var queryArgumentsLoggedPage string

var queryArgumentsLogged = &rules.Rule{
	ID:        "PHI203",
	Slug:      "query-arguments-logged",
	Title:     "values bound to a query are logged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532},
	Help:      queryArgumentsLoggedPage,
}
