package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

//go:embed hba_plaintext_connection.md
var hbaPlaintextConnectionPage string

var hbaPlaintextConnection = &rules.Rule{
	ID: "PHI712", Slug: "hba-plaintext-connection", Title: "record lets connections in without encryption",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.TransmissionSecurity},
	CWE:       []int{319}, Help: hbaPlaintextConnectionPage,
}

func checkPlainRecords(p *Pass) {
	p.records(hbaPlaintextConnection, func(all []settings.Record, i int) (string, rules.Severity) {
		r := &all[i]
		if r.Variable != "" || !r.Plain() || !r.Remote() || settings.PlainRejected(all, i) {
			return "", 0
		}
		return r.Type + " record for " + r.Address + " lets connections in without TLS", 0
	})
}
