package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed default_privileges_to_public.md
var defaultPrivilegesToPublicPage string

var defaultPrivilegesToPublic = &rules.Rule{
	ID: "PHI521", Slug: "default-privileges-to-public", Title: "every role may read tables that will be created",
	Severity: rules.Critical, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.MinimumNecessary},
	CWE:       []int{732, 276}, Help: defaultPrivilegesToPublicPage,
}

func checkDefaultPublic(p *Pass) {
	for _, d := range p.Catalog.DefaultACLs {
		if d.Kind != "r" {
			continue
		}
		for _, e := range d.ACL.Entries() {
			if e.Grantee != catalog.Public || !reading[e.Privilege] {
				continue
			}
			inSchema, severity, ok := p.scope(d.Schema)
			if !ok {
				break
			}
			n := Note{At: e.Made, Object: "default " + d.Role + " " + d.Schema, Severity: severity}
			p.Report(defaultPrivilegesToPublic, n, "every role (PUBLIC) gets %s on each table that %s creates%s", e.Privilege, d.Role, inSchema)
			break // the other privileges of the same entry say no more
		}
	}
}

// scope tells what a rule on a schema ("" for all) is about: PHI tables, or
// at least a project that has some.
func (p *Pass) scope(schema string) (words string, severity rules.Severity, ok bool) {
	if schema != "" {
		words = " in schema " + schema
	}
	for _, t := range p.tables {
		if (schema == "" || t.Name.Schema == schema) && p.PHI(t) {
			return words, 0, true
		}
	}
	return words, rules.High, p.Schema.Health()
}
