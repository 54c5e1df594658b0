package checks

import (
	_ "embed"
	"slices"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed phi_notified.md
var phiNotifiedPage string

var phiNotified = &rules.Rule{
	ID: "PHI411", Slug: "phi-notified", Title: "rows with PHI are copied into messages or records",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary},
	CWE:       []int{201, 532}, Help: phiNotifiedPage,
}

// checkNotified looks at the functions of triggers on PHI tables.
func checkNotified(p *Pass) {
	triggers := p.triggersByFunction()
	for _, f := range p.Catalog.Functions() {
		for _, t := range triggers[f.Name] {
			if !p.PHI(t) {
				continue
			}
			for _, s := range f.Body {
				if what := sends(p, t, s.Node); what != "" {
					p.Report(phiNotified, Note{At: s.Head(), Object: f.Name.Full() + " " + what}, "function %s copies whole rows of %s into %s", f.Name, t.Name, what)
				}
			}
			break
		}
	}
}

// rowFunctions turn a row into a text.
var rowFunctions = []string{"row_to_json", "to_json", "to_jsonb", "hstore", "jsonb_build_object", "json_build_object", "row"}

// sends tells where a statement of a trigger puts the whole row, or "".
func sends(p *Pass, t *catalog.Table, n *pgparse.Node) string {
	where := ""
	pgparse.Walk(n, func(m pgparse.Message) bool {
		f, ok := m.(*pgparse.FuncCall)
		if !ok || where != "" {
			return where == ""
		}
		switch name := funcName(f); {
		case name == "pg_notify" && len(f.Args) > 1 && copiesRow(p, t, f.Args[1]):
			where = "a notification"
		case n.GetInsertStmt() != nil && slices.Contains(rowFunctions[:4], name) && len(f.Args) > 0 && copiesRow(p, t, f.Args[0]):
			where = n.GetInsertStmt().GetRelation().GetRelname()
		}
		return where == ""
	})
	return where
}
