package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed rls_not_forced.md
var rlsNotForcedPage string

var rlsNotForced = &rules.Rule{
	ID: "PHI502", Slug: "rls-not-forced", Title: "row level security does not bind the table's owner",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863}, Help: rlsNotForcedPage,
}

func checkRLSForced(p *Pass) {
	for _, t := range p.Tables() {
		if !t.RowSecurity.On || t.ForceRLS.On || !(p.PHI(t) || p.Unknown(t)) {
			continue
		}
		at, verb := t.RowSecurity.Set, "is not forced"
		if t.ForceRLS.OnceOn.Known() {
			at, verb = t.ForceRLS.Set, "is no longer forced"
		}
		n := Note{At: at, Object: object(t)}
		if !p.PHI(t) { // nobody can tell what it holds
			n.Severity = rules.Low
		}
		p.Report(rlsNotForced, n, "row level security of table %s %s: its owner reads every row", t.Name, verb)
	}
}
