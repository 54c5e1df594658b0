package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed weak_password_hash.md
var weakPasswordHashPage string

var weakPasswordHash = &rules.Rule{
	ID: "PHI606", Slug: "weak-password-hash", Title: "passwords are kept as MD5",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Authentication},
	CWE:       []int{916, 328}, Help: weakPasswordHashPage,
}

// checkPasswordHash asks whoever the data is about: passwords are everybody's.
func checkPasswordHash(p *Pass) { p.settings(weakPasswordHash) }
