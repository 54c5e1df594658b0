package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_url.md
var phiInURLPage string

var phiInURL = &rules.Rule{
	ID:        "PHI210",
	Slug:      "phi-in-url",
	Title:     "PHI becomes part of a URL",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity},
	CWE:       []int{598},
	Help:      phiInURLPage,
}
