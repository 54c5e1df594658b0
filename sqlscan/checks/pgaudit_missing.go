package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

//go:embed pgaudit_missing.md
var pgauditMissingPage string

var pgauditMissing = &rules.Rule{
	ID: "PHI701", Slug: "pgaudit-missing", Title: "server runs without pgAudit",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{778}, Help: pgauditMissingPage,
}

// checkPgauditMissing also tells of a library that is loaded without its
// extension: reads and writes are audited, and DDL lines lack type and name.
func checkPgauditMissing(p *Pass) {
	settingsCheck(pgauditMissing)(p)
	if !p.Relevant || p.Extensions == nil || p.Extensions["pgaudit"] {
		return
	}
	for _, c := range p.Configs {
		if a, ok := c.Get("shared_preload_libraries"); ok && settings.LoadsAudit(a.Value) {
			p.Report(pgauditMissing, Note{At: catalog.Place{File: a.File, Start: a.Start, End: a.End}, Object: c.Origin + " extension", Severity: rules.Info},
				"pgaudit is loaded and no migration creates the extension: DDL lines lack names")
		}
	}
}
