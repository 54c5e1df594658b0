package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed login_never_expires.md
var loginNeverExpiresPage string

var loginNeverExpires = &rules.Rule{
	ID: "PHI517", Slug: "login-never-expires", Title: "login role has no end and no limit",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.UniqueUserID, hipaa.PasswordManagement},
	CWE:       []int{613}, Help: loginNeverExpiresPage,
}

func checkLoginExpires(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, r := range p.Catalog.Roles() {
		if r.Login && r.HasPassword && r.ValidUntil == "" && r.ConnLimit < 0 && r.Made.Known() && r.Name != catalog.Superuser {
			p.Report(loginNeverExpires, Note{At: r.Made, Object: "role " + r.Name}, "login role %s has neither VALID UNTIL nor CONNECTION LIMIT", r.Name)
		}
	}
}
