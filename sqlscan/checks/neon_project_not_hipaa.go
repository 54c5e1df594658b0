package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed neon_project_not_hipaa.md
var neonProjectNotHipaaPage string

var neonProjectNotHipaa = &rules.Rule{
	ID: "PHI717", Slug: "neon-project-not-hipaa", Title: "Neon project without HIPAA support",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.BusinessAssociates},
	CWE:       []int{1188}, Help: neonProjectNotHipaaPage,
}

// checkNeonProjects reports a project that nothing switches HIPAA on for only
// where the migrations show that health data is kept; one that is switched off
// or misspelt was meant to be about it.
func checkNeonProjects(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, d := range p.Documents {
		for _, x := range d.Projects {
			if x.Absent && !p.Health {
				continue
			}
			n := Note{At: catalog.Place{File: d.Path, Start: x.Start, End: x.End}, Object: x.Name}
			if d.Lower {
				n.Severity = neonProjectNotHipaa.Severity.Lower()
			}
			p.Report(neonProjectNotHipaa, n, "%s: %s", x.Name, x.Fact)
		}
	}
}
