package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed materialized_phi.md
var materializedPhiPage string

var materializedPhi = &rules.Rule{
	ID: "PHI508", Slug: "materialized-phi", Title: "copy of PHI without the row security of its source",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.MinimumNecessary},
	CWE:       []int{863, 668}, Help: materializedPhiPage,
}

func checkMaterialized(p *Pass) {
	for _, t := range p.tables {
		if t.Query == nil || t.Kind == catalog.View || t.Temporary || t.RowSecurity.On {
			continue
		}
		var shown []string
		var source *catalog.Table
		for _, e := range p.Exposed(t) {
			// A source that is gone was rebuilt, not copied.
			if p.Catalog.Table(e.Source.Table.Name.Schema, e.Source.Table.Name.Name) == e.Source.Table {
				shown, source = append(shown, e.Column), e.Source.Table
			}
		}
		if source == nil {
			continue
		}
		p.Report(materializedPhi, Note{At: t.Made, Object: object(t)}, "%s %s copies PHI (%s) of %s", t.Kind, t.Name, Some(shown, 2), source.Name)
	}
}
