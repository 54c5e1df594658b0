package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

//go:embed hba_weak_authentication.md
var hbaWeakAuthenticationPage string

var hbaWeakAuthentication = &rules.Rule{
	ID: "PHI713", Slug: "hba-weak-authentication", Title: "record lets users in by weak authentication",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Authentication},
	CWE:       []int{287, 327}, Help: hbaWeakAuthenticationPage,
}

func checkWeakRecords(p *Pass) {
	p.records(hbaWeakAuthentication, func(all []settings.Record, i int) (string, rules.Severity) {
		r := &all[i]
		switch r.Method {
		case "trust", "password", "md5", "ident":
		case "reject", "cert":
			return "", 0
		default:
			if r.Remote() && settings.Administers(r) {
				return r.Type + " record lets an administrator in without a client certificate", rules.Info
			}
			return "", 0
		}
		switch {
		case r.Variable != "":
			return r.Variable + " lets every user in by " + r.Method, 0
		case r.Remote():
			return r.Type + " record for " + r.Address + " lets users in by " + r.Method, 0
		case r.Method == "trust":
			return r.Type + " record lets users of the machine in without a password", rules.Low
		}
		return "", 0
	})
}
