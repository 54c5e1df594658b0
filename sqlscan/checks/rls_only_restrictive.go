package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed rls_only_restrictive.md
var rlsOnlyRestrictivePage string

var rlsOnlyRestrictive = &rules.Rule{
	ID: "PHI518", Slug: "rls-only-restrictive", Title: "table has restrictive policies only",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{284}, Help: rlsOnlyRestrictivePage,
}

func checkOnlyRestrictive(p *Pass) {
	for _, t := range p.Tables() {
		if !t.RowSecurity.On || len(t.Policies) == 0 || t.Ghost || !p.PHI(t) {
			continue
		}
		permissive := false
		for _, pol := range t.Policies {
			permissive = permissive || pol.Permissive
		}
		if !permissive {
			p.Report(rlsOnlyRestrictive, Note{At: t.Policies[0].Made, Object: object(t)}, "table %s has restrictive policies only: nobody reads a row", t.Name)
		}
	}
}
