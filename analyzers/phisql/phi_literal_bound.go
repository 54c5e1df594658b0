package phisql

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed phi_literal_bound.md
var phiLiteralBoundPage string

var phiLiteralBound = &rules.Rule{
	ID:        "PHI107",
	Slug:      "phi-literal-bound",
	Title:     "literal that looks like PHI is bound as a parameter",
	Severity:  rules.Low,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary},
	CWE:       []int{540},
	Help:      phiLiteralBoundPage,
}
