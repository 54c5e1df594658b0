package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed query_error_in_response.md
var queryErrorInResponsePage string

var queryErrorInResponse = &rules.Rule{
	ID:        "PHI207",
	Slug:      "query-error-in-response",
	Title:     "error of a query is answered to the client",
	Severity:  rules.Medium,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{209},
	Help:      queryErrorInResponsePage,
}
