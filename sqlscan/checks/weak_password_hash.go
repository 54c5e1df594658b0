package checks

import (
	_ "embed"
	"strings"

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

func checkPasswordHash(p *Pass) {
	for _, x := range p.Catalog.Settings {
		if x.Name != "password_encryption" {
			continue
		}
		switch strings.ToLower(x.Value) {
		case "md5", "on", "off", "true", "false", "plain":
			p.Report(weakPasswordHash, Note{At: x.Made, Object: "password_encryption " + x.Role + x.Database}, "password_encryption is %s: passwords are kept weakly", strings.ToLower(x.Value))
		}
	}
}
