package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed grant_to_login_role.md
var grantToLoginRolePage string

var grantToLoginRole = &rules.Rule{
	ID: "PHI523", Slug: "grant-to-login-role", Title: "privilege on PHI is given to a login instead of a group",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.WorkforceSecurity, hipaa.AccessManagement},
	CWE:       []int{269}, Help: grantToLoginRolePage,
}

func checkGrantLogin(p *Pass) {
	for _, g := range p.grants(func(grantee string) bool {
		r := p.Catalog.Role(grantee)
		return r != nil && !r.Ghost && r.Login && grantee != catalog.Superuser
	}) {
		p.Report(grantToLoginRole, Note{At: g.at, Object: g.object()}, "login role %s itself may %s %s", g.grantee, g.what(), g.on())
	}
}
