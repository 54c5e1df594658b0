package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_error_text.md
var phiInErrorTextPage string

var phiInErrorText = &rules.Rule{
	ID:        "PHI204",
	Slug:      "phi-in-error-text",
	Title:     "error or panic text is built from PHI",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{209, 532},
	Help:      phiInErrorTextPage,
}
