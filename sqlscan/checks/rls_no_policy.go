package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed rls_no_policy.md
var rlsNoPolicyPage string

var rlsNoPolicy = &rules.Rule{
	ID: "PHI505", Slug: "rls-no-policy", Title: "row level security is on and there is no policy",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{284}, Help: rlsNoPolicyPage,
}

func checkNoPolicy(p *Pass) {
	for _, t := range p.Tables() {
		if t.RowSecurity.On && len(t.Policies) == 0 && !t.Ghost && len(t.Parents) == 0 && p.PHI(t) {
			p.Report(rlsNoPolicy, Note{At: t.RowSecurity.Set, Object: object(t)}, "table %s has row level security and no policy: only its owner reads it", t.Name)
		}
	}
}
