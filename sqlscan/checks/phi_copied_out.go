package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed phi_copied_out.md
var phiCopiedOutPage string

var phiCopiedOut = &rules.Rule{
	ID: "PHI531", Slug: "phi-copied-out", Title: "COPY writes PHI to a file or a program",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.TransmissionSecurity},
	CWE:       []int{200, 668}, Help: phiCopiedOutPage,
}

func checkCopyOut(p *Pass) {
	for _, s := range p.Catalog.Statements {
		n := s.Node.GetCopyStmt()
		if n == nil || n.IsFrom || n.Filename == "" && !n.IsProgram {
			continue
		}
		var reads []*catalog.Table
		if n.Relation != nil {
			reads = p.Catalog.Reads(s.Node)
		} else {
			reads = p.Catalog.Reads(n.Query)
		}
		for _, t := range reads {
			if !p.PHI(t) {
				continue
			}
			where := "a file of the server"
			if n.IsProgram {
				where = "a program"
			}
			p.Report(phiCopiedOut, Note{At: s.Head(), Object: "copy " + object(t)}, "COPY writes %s, which holds %s, to %s", t.Name, p.Holds(t), where)
			break
		}
	}
}
