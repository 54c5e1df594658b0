package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed grant_too_broad.md
var grantTooBroadPage string

var grantTooBroad = &rules.Rule{
	ID: "PHI522", Slug: "grant-too-broad", Title: "more is granted on PHI than a role can need",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.AccessAuthorization},
	CWE:       []int{732}, Help: grantTooBroadPage,
}

func checkGrantBroad(p *Pass) {
	for _, g := range p.grants(func(grantee string) bool {
		return grantee != catalog.Public && !anonymous[grantee] && !p.privileged(grantee)
	}) {
		n := Note{At: g.at, Object: g.object()}
		switch {
		case g.option:
			p.Report(grantTooBroad, n, "role %s may pass on %s on %s", g.grantee, g.what(), g.on())
		case len(g.privileges) == len(reading):
			p.Report(grantTooBroad, n, "role %s may do all on %s", g.grantee, g.on())
		case g.wide:
			p.Report(grantTooBroad, n, "role %s may %s all tables of a schema: %s", g.grantee, g.what(), g.on())
		}
	}
	for _, name := range []string{"pg_read_all_data", "pg_write_all_data"} {
		r := p.Catalog.Role(name)
		if r == nil || !p.Relevant {
			continue
		}
		for _, m := range r.Members {
			if !p.privileged(m.Member) {
				p.Report(grantTooBroad, Note{At: m.Made, Object: name + " to " + m.Member}, "role %s is a member of %s: it reaches every table", m.Member, name)
			}
		}
	}
}

// privileged reports whether a role is above grants anyway.
func (p *Pass) privileged(name string) bool {
	if name == "service_role" || name == "supabase_admin" || name == catalog.Superuser {
		return true
	}
	r := p.Catalog.Role(name)
	return r != nil && r.Superuser
}
