package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_policy_literal_identity.md
var rlsPolicyLiteralIdentityPage string

var rlsPolicyLiteralIdentity = &rules.Rule{
	ID: "PHI528", Slug: "rls-policy-literal-identity", Title: "policy is written for one fixed identity",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{547, 863}, Help: rlsPolicyLiteralIdentityPage,
}

func checkLiteralIdentity(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			for _, expr := range []*pgparse.Node{pol.Using, pol.WithCheck} {
				if name := literalIdentity(expr); name != "" {
					n := Note{At: pol.Made, Object: object(t) + " policy " + pol.Name}
					p.Report(rlsPolicyLiteralIdentity, n, "policy %s on %s compares %s with a constant", pol.Name, t.Name, name)
					break
				}
			}
		}
	}
}

// literalIdentity returns an identity column that is compared with a constant.
func literalIdentity(n *pgparse.Node) string {
	found := ""
	pgparse.Walk(n, func(m pgparse.Message) bool {
		a, ok := m.(*pgparse.A_Expr)
		if !ok || found != "" || a.Kind != pgparse.A_Expr_Kind_AEXPR_OP || len(a.Name) != 1 || a.Name[0].GetString_().GetSval() != "=" {
			return found == ""
		}
		for _, pair := range [][2]*pgparse.Node{{a.Lexpr, a.Rexpr}, {a.Rexpr, a.Lexpr}} {
			if name := refColumn(uncast(pair[0]).GetColumnRef()); identityColumn(name) && isLiteral(pair[1]) {
				found = name
			}
		}
		return found == ""
	})
	return found
}
