package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed pgaudit_weakened.md
var pgauditWeakenedPage string

var pgauditWeakened = &rules.Rule{
	ID: "PHI705", Slug: "pgaudit-weakened", Title: "a role, a database or a session is audited less",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{778}, Help: pgauditWeakenedPage,
}

func checkWeakened(p *Pass) {
	settingsCheck(pgauditWeakened)(p)
	if _, back := p.Catalog.Extensions["pgaudit"]; back || !p.Relevant {
		return
	}
	for _, s := range p.Catalog.Statements {
		d := s.Node.GetDropStmt()
		if d == nil || d.RemoveType != pgparse.ObjectType_OBJECT_EXTENSION {
			continue
		}
		for _, o := range d.Objects {
			if o.GetString_().GetSval() == "pgaudit" {
				p.Report(pgauditWeakened, Note{At: s.Head(), Object: "pgaudit"}, "extension pgaudit is dropped: nothing is audited")
			}
		}
	}
}
