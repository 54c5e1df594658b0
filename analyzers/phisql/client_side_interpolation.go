package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed client_side_interpolation.md
var clientSideInterpolationPage string

var clientSideInterpolation = &rules.Rule{
	ID:        "PHI104",
	Slug:      "client-side-interpolation",
	Title:     "the driver writes bound values into the SQL text",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary},
	CWE:       []int{532},
	Help:      clientSideInterpolationPage,
}
