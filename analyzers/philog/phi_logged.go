package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_logged.md
var phiLoggedPage string

var phiLogged = &rules.Rule{
	ID:        "PHI201",
	Slug:      "phi-logged",
	Title:     "PHI value is logged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532},
	Help:      phiLoggedPage,
}
