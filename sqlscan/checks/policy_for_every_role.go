package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed policy_for_every_role.md
var policyForEveryRolePage string

var policyForEveryRole = &rules.Rule{
	ID: "PHI513", Slug: "policy-for-every-role", Title: "policy applies to every role",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863}, Help: policyForEveryRolePage,
}

func checkPolicyRoles(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			if pol.Permissive && !pol.HasTo {
				p.Report(policyForEveryRole, Note{At: pol.Made, Object: object(t) + " policy " + pol.Name}, "policy %s on %s has no TO and applies to every role", pol.Name, t.Name)
			}
		}
	}
}
