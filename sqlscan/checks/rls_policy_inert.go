package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed rls_policy_inert.md
var rlsPolicyInertPage string

var rlsPolicyInert = &rules.Rule{
	ID: "PHI503", Slug: "rls-policy-inert", Title: "policies have no effect because row level security is off",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863}, Help: rlsPolicyInertPage,
}

// checkPolicyInert reports a table once, at its first policy: somebody meant
// the table to be protected.
func checkPolicyInert(p *Pass) {
	for _, t := range p.Tables() {
		if t.RowSecurity.On || t.Ghost || len(t.Policies) == 0 || !p.Relevant {
			continue
		}
		n := Note{At: t.Policies[0].Made, Object: object(t)}
		if !p.PHI(t) {
			n.Severity = rules.Medium
		}
		if t.RowSecurity.OnceOn.Known() {
			n.Related = []Related{{t.RowSecurity.Set, "row level security was disabled here"}}
		}
		p.Report(rlsPolicyInert, n, "%s of table %s has no effect: row level security is off", policies(t.Policies), t.Name)
	}
}

// policies names the first policy and counts the others.
func policies(list []*catalog.Policy) string {
	names := make([]string, 0, len(list))
	for _, pol := range list {
		names = append(names, pol.Name)
	}
	if len(names) == 1 {
		return "policy " + names[0]
	}
	return "policy " + Some(names, 1)
}
