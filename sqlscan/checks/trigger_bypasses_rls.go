package checks

import (
	_ "embed"
	"slices"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed trigger_bypasses_rls.md
var triggerBypassesRlsPage string

var triggerBypassesRls = &rules.Rule{
	ID: "PHI526", Slug: "trigger-bypasses-rls", Title: "trigger carries PHI away with its owner's rights",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.AuditControls},
	CWE:       []int{269, 863}, Help: triggerBypassesRlsPage,
}

func checkTriggers(p *Pass) {
	for _, t := range p.Tables() {
		for _, g := range t.Triggers {
			if g.Disabled {
				continue
			}
			for _, f := range p.Catalog.TriggerFunctions(g) {
				if !f.Definer {
					continue
				}
				if target := carriedTo(p, t, f); target != nil {
					n := Note{At: g.Made, Object: object(t) + " trigger " + g.Name, Related: []Related{{f.Made, "the function runs with its owner's rights"}}}
					p.Report(triggerBypassesRls, n, "trigger %s carries rows of %s to %s as its owner", g.Name, t.Name, target.Name)
				}
			}
		}
	}
}

// carriedTo returns a table without row security that a trigger function of a
// PHI table writes the row to.
func carriedTo(p *Pass, t *catalog.Table, f *catalog.Function) *catalog.Table {
	if !p.PHI(t) {
		return nil
	}
	for _, s := range f.Body {
		ins := s.Node.GetInsertStmt()
		if ins == nil || !copiesRow(p, t, s.Node) {
			continue
		}
		target := p.Catalog.Table(ins.GetRelation().GetSchemaname(), ins.GetRelation().GetRelname())
		if target != nil && target != t && !target.Ghost && !target.RowSecurity.On {
			return target
		}
	}
	return nil
}

// copiesRow reports whether a statement in a trigger takes the whole row, as
// NEW.* or to_jsonb(OLD), or one of its PHI columns.
func copiesRow(p *Pass, t *catalog.Table, n *pgparse.Node) bool {
	found := false
	pgparse.Walk(n, func(m pgparse.Message) bool {
		ref, ok := m.(*pgparse.ColumnRef)
		if !ok || len(ref.Fields) == 0 || !slices.Contains([]string{"new", "old"}, ref.Fields[0].GetString_().GetSval()) {
			return true
		}
		found = found || len(ref.Fields) == 1 || ref.Fields[1].GetAStar() != nil || p.Column(t, refColumn(ref)).PHI()
		return true
	})
	return found
}
