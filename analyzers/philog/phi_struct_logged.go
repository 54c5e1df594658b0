package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_struct_logged.md
var phiStructLoggedPage string

var phiStructLogged = &rules.Rule{
	ID:        "PHI202",
	Slug:      "phi-struct-logged",
	Title:     "whole value that holds PHI is logged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532},
	Help:      phiStructLoggedPage,
}
