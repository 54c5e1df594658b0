package philog

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_in_telemetry.md
var phiInTelemetryPage string

var phiInTelemetry = &rules.Rule{
	ID:        "PHI209",
	Slug:      "phi-in-telemetry",
	Title:     "PHI leaves in telemetry",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.BusinessAssociates, hipaa.MinimumNecessary},
	CWE:       []int{201, 359},
	Help:      phiInTelemetryPage,
}
