package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

//go:embed hba_open_to_all.md
var hbaOpenToAllPage string

var hbaOpenToAll = &rules.Rule{
	ID: "PHI714", Slug: "hba-open-to-all", Title: "record is for every address",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.TransmissionSecurity},
	CWE:       []int{284}, Help: hbaOpenToAllPage,
}

func checkOpenRecords(p *Pass) {
	settingsCheck(hbaOpenToAll)(p)
	p.records(hbaOpenToAll, func(all []settings.Record, i int) (string, rules.Severity) {
		r := &all[i]
		if !r.Open() || r.Method == "reject" || r.Variable != "" {
			return "", 0
		}
		return r.Type + " record for " + r.Databases + " and " + r.Users + " is for every address", 0
	})
}
