package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed phi_published.md
var phiPublishedPage string

var phiPublished = &rules.Rule{
	ID: "PHI530", Slug: "phi-published", Title: "publication sends PHI to subscribers",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.BusinessAssociates, hipaa.TransmissionSecurity},
	CWE:       []int{201}, Help: phiPublishedPage,
}

func checkPublications(p *Pass) {
	for _, pub := range p.Catalog.PublicationList() {
		if pub.AllTables {
			if words, _, ok := p.scope(""); ok {
				p.Report(phiPublished, Note{At: pub.Made, Object: "publication " + pub.Name}, "publication %s sends every table%s", pub.Name, words)
			}
			continue
		}
		said := map[*catalog.Table]bool{}
		for _, x := range pub.Tables {
			if p.PHI(x.Table) && !x.Filtered && p.sendsPHI(x) && !said[x.Table] {
				said[x.Table] = true
				p.Report(phiPublished, Note{At: x.Made, Object: "publication " + pub.Name + " " + object(x.Table)}, "publication %s sends %s, which holds %s", pub.Name, x.Table.Name, p.Holds(x.Table))
			}
		}
		for _, schema := range pub.Schemas {
			for _, t := range p.Tables() {
				if t.Name.Schema == schema && p.PHI(t) && !said[t] {
					p.Report(phiPublished, Note{At: pub.Made, Object: "publication " + pub.Name + " " + schema}, "publication %s sends schema %s, which holds PHI (%s)", pub.Name, schema, t.Name)
					break
				}
			}
		}
	}
}

// sendsPHI reports whether the column list of a published table, if there is
// one, has a PHI column in it.
func (p *Pass) sendsPHI(x catalog.PublishedTable) bool {
	if x.Columns == nil {
		return true
	}
	for _, name := range x.Columns {
		if p.Column(x.Table, name).PHI() {
			return true
		}
	}
	return false
}
