package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed vector_of_phi.md
var vectorOfPhiPage string

var vectorOfPhi = &rules.Rule{
	ID: "PHI413", Slug: "vector-of-phi", Title: "embedding of PHI in plaintext",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{312}, Help: vectorOfPhiPage,
}

func checkVectors(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) {
			continue
		}
		for _, col := range t.Columns {
			typ, _, _ := strings.Cut(col.Type[strings.LastIndex(col.Type, ".")+1:], "(")
			if (typ == "vector" || typ == "halfvec" || typ == "sparsevec") && !col.Inherited && !col.Copied {
				p.Report(vectorOfPhi, Note{At: col.Made, Object: object(t) + "." + col.Name}, "column %s.%s holds vectors computed from PHI", t.Name, col.Name)
			}
		}
	}
}
