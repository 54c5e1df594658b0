package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed query_error_logged.md
var queryErrorLoggedPage string

var queryErrorLogged = &rules.Rule{
	ID:        "PHI205",
	Slug:      "query-error-logged",
	Title:     "logged error can carry query parameters",
	Severity:  rules.Medium,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{209, 532},
	Help:      queryErrorLoggedPage,
}
