package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed leakproof_on_phi.md
var leakproofOnPhiPage string

var leakproofOnPhi = &rules.Rule{
	ID: "PHI527", Slug: "leakproof-on-phi", Title: "function is declared leakproof where row level security guards PHI",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863, 200}, Help: leakproofOnPhiPage,
}

func checkLeakproof(p *Pass) {
	guarded := false
	for _, t := range p.Tables() {
		guarded = guarded || t.RowSecurity.On && p.PHI(t)
	}
	for _, f := range p.Catalog.Functions() {
		if f.Leakproof && guarded {
			p.Report(leakproofOnPhi, Note{At: f.Made, Object: f.Name.Full() + "()"}, "function %s is LEAKPROOF: a query may run it on rows that policies hide", f.Name)
		}
	}
}
