package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_policy_always_true.md
var rlsPolicyAlwaysTruePage string

var rlsPolicyAlwaysTrue = &rules.Rule{
	ID: "PHI504", Slug: "rls-policy-always-true", Title: "row security policy lets every row through",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863}, Help: rlsPolicyAlwaysTruePage,
}

func checkPolicyTrue(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			if !pol.Permissive { // a restrictive policy that is true restricts nothing and allows nothing
				continue
			}
			severity, ok := openTo(p, pol)
			if !ok {
				continue
			}
			if !p.PHI(t) { // nobody can tell what it holds: a list of foods is read by all
				severity = rules.Low
			}
			if fold(pol.Using) == isTrue {
				reportTrue(p, pol, "USING", pol.Using, pol.UsingStmt, severity)
			} else if fold(pol.WithCheck) == isTrue {
				reportTrue(p, pol, "WITH CHECK", pol.WithCheck, pol.CheckStmt, severity)
			}
		}
	}
}

func reportTrue(p *Pass, pol *catalog.Policy, clause string, expr *pgparse.Node, s *catalog.Statement, severity rules.Severity) {
	n := Note{At: s.Head(), Object: object(pol.Table) + " policy " + pol.Name, Severity: severity}
	p.Report(rlsPolicyAlwaysTrue, n, "%s of policy %s on %s is true for every row", clause, pol.Name, pol.Table.Name)
}

// openTo says how bad it is that a policy lets its roles see all. A policy
// for named roles may well be meant so; one for a role that row security does
// not bind anyway says nothing.
func openTo(p *Pass, pol *catalog.Policy) (rules.Severity, bool) {
	severity, bound := rules.Severity(0), false
	for _, name := range pol.Roles {
		switch name {
		case catalog.Public, "anon", "authenticated":
			return rules.High, true
		case "service_role", catalog.Superuser, "supabase_admin":
			continue
		}
		r := p.Catalog.Role(name)
		if r != nil && (r.Superuser || r.BypassRLS) {
			continue
		}
		severity, bound = rules.Medium, true
	}
	return severity, bound
}
