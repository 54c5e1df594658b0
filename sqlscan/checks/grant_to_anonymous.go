package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed grant_to_anonymous.md
var grantToAnonymousPage string

var grantToAnonymous = &rules.Rule{
	ID: "PHI525", Slug: "grant-to-anonymous", Title: "callers without a login may reach PHI",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.BusinessAssociates, hipaa.BusinessDisclosure, hipaa.AccessControl},
	CWE:       []int{200, 732}, Help: grantToAnonymousPage,
}

func checkGrantAnonymous(p *Pass) {
	for _, g := range p.grants(func(grantee string) bool { return anonymous[grantee] || grantee == "authenticated" }) {
		n := Note{At: g.at, Object: g.object()}
		switch {
		case g.guarded && !anonymous[g.grantee]:
			continue // a login, and row security behind it: how the service is meant to be used
		case g.guarded:
			n.Severity = rules.Low
		}
		who := "without a login"
		if !anonymous[g.grantee] {
			who = "with any login"
		}
		p.Report(grantToAnonymous, n, "callers %s (%s) may %s %s", who, g.grantee, g.what(), g.on())
	}
	for _, f := range p.Catalog.Functions() {
		if !f.Definer || answersOnly(f) || p.readsPHI(f) == nil {
			continue
		}
		for _, e := range f.ACL.Entries() {
			if anonymous[e.Grantee] && e.Made.Known() && !e.ByDefault {
				p.Report(grantToAnonymous, Note{At: e.Made, Object: f.Name.Full() + "() to " + e.Grantee}, "callers without a login (%s) may call %s, which reads %s as its owner", e.Grantee, f.Name, p.readsPHI(f).Name)
			}
		}
	}
	checkNeonAuth(p)
}

// checkNeonAuth reports PHI tables that are tied to Neon Auth, which is
// outside of what the provider's HIPAA agreement covers.
func checkNeonAuth(p *Pass) {
	for _, t := range p.Tables() {
		for _, k := range t.Constraints {
			if k.Kind == catalog.ForeignK && k.References != nil && k.References.Name.Schema == "neon_auth" && p.PHI(t) {
				p.Report(grantToAnonymous, Note{At: k.Made, Object: object(t) + " neon_auth"}, "table %s holds PHI and refers to %s, which Neon's HIPAA terms exclude", t.Name, k.References.Name)
			}
		}
	}
}
