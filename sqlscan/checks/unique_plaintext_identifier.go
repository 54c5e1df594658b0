package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed unique_plaintext_identifier.md
var uniquePlaintextIdentifierPage string

var uniquePlaintextIdentifier = &rules.Rule{
	ID: "PHI408", Slug: "unique-plaintext-identifier", Title: "unique constraint on an identifier in clear text",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.Encryption},
	CWE:       []int{209, 532}, Help: uniquePlaintextIdentifierPage,
}

// checkUnique reports the constraints and indexes whose violation makes the
// server write an identifier into its log.
func checkUnique(p *Pass) {
	for _, t := range p.Tables() {
		if t.Temporary || t.Ghost {
			continue
		}
		for _, k := range t.Constraints {
			if k.Kind == catalog.Primary || k.Kind == catalog.Unique || k.Kind == catalog.Exclusion {
				p.reportUnique(t, string(k.Kind), k.Columns, k.Made)
			}
		}
		for _, x := range t.Indexes {
			if x.Unique {
				p.reportUnique(t, "unique index", indexedColumns(x), x.Made)
			}
		}
	}
}

func (p *Pass) reportUnique(t *catalog.Table, kind string, columns []string, at catalog.Place) {
	for _, name := range columns {
		col := t.Column(name)
		if col == nil || col.Inherited || col.Type == "bytea" || col.Type == "uuid" {
			continue
		}
		if class := p.Column(t, name); class.PHI() && !class.Protected && (identifying[class.Category] || class.Category == phi.OtherID) {
			n := Note{At: at, Object: object(t) + "." + name, Reason: class.Reason}
			p.Report(uniquePlaintextIdentifier, n, "%s on %s.%s, %s: a violation logs its value", kind, t.Name, name, describe(class))
			return // one constraint leaks once, whatever else it holds
		}
	}
}

// indexedColumns returns the columns of an index, those in expressions too.
func indexedColumns(x *catalog.Index) []string {
	var out []string
	for _, name := range x.Columns {
		if name != "" {
			out = append(out, name)
		}
	}
	for _, e := range x.Exprs {
		pgparse.Walk(e, func(m pgparse.Message) bool {
			if ref, ok := m.(*pgparse.ColumnRef); ok {
				out = append(out, refColumn(ref))
			}
			return true
		})
	}
	return out
}
