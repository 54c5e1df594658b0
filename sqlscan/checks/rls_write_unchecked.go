package checks

import (
	_ "embed"
	"slices"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_write_unchecked.md
var rlsWriteUncheckedPage string

var rlsWriteUnchecked = &rules.Rule{
	ID: "PHI514", Slug: "rls-write-unchecked", Title: "policy lets a row be written for somebody else",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.Integrity},
	CWE:       []int{863}, Help: rlsWriteUncheckedPage,
}

func checkWriteUnchecked(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			if pol.Command == "SELECT" || pol.Command == "DELETE" || !pol.Permissive {
				continue
			}
			n := Note{At: pol.CheckStmt.Head(), Object: object(t) + " policy " + pol.Name}
			if pol.Command == "INSERT" && pol.WithCheck == nil {
				p.Report(rlsWriteUnchecked, n, "policy %s on %s is for INSERT and has no WITH CHECK", pol.Name, t.Name)
				continue
			}
			if lost := unchecked(pol); lost != "" {
				p.Report(rlsWriteUnchecked, n, "policy %s on %s reads by %s and writes whatever %s", pol.Name, t.Name, lost, lost)
			}
		}
	}
}

// unchecked returns the column that USING ties to the session and WITH CHECK
// leaves free. Without WITH CHECK, PostgreSQL checks new rows by USING; a
// WITH CHECK that is always true is reported by another rule.
func unchecked(pol *catalog.Policy) string {
	if pol.Using == nil || pol.WithCheck == nil || fold(pol.WithCheck) != unknown || fold(pol.Using) != unknown {
		return ""
	}
	checked := columnNames(pol.WithCheck)
	for _, name := range columnNames(pol.Using) {
		if pol.Table.Column(name) == nil && !pol.Table.Ghost {
			continue
		}
		if identityColumn(name) && !slices.Contains(checked, name) {
			return name
		}
	}
	return ""
}

// columnNames returns the columns that an expression names, subqueries left out.
func columnNames(n *pgparse.Node) []string {
	var out []string
	pgparse.Walk(n, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.SubLink:
			out = append(out, columnNames(x.Testexpr)...)
			return false
		case *pgparse.ColumnRef:
			if name := refColumn(x); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return true
	})
	return out
}
