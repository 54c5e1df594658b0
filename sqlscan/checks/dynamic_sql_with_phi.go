package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed dynamic_sql_with_phi.md
var dynamicSqlWithPhiPage string

var dynamicSqlWithPhi = &rules.Rule{
	ID: "PHI412", Slug: "dynamic-sql-with-phi", Title: "dynamic SQL is built from a PHI value",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{89, 532}, Help: dynamicSqlWithPhiPage,
}

func checkDynamic(p *Pass) {
	triggers := p.triggersByFunction()
	for _, f := range p.Catalog.Functions() {
		if f.PL == nil {
			continue
		}
		f.PL.Walk(func(st *pgparse.PLStatement) bool {
			if name, class := p.phiIn(st.Dynamic, f, triggers[f.Name]); name != "" {
				n := Note{At: inFunction(f, st.Dynamic), Object: f.Name.Full() + " execute " + name, Reason: class.Reason}
				p.Report(dynamicSqlWithPhi, n, "EXECUTE in function %s puts %s into its SQL text", f.Name, name)
			}
			return true
		})
	}
}
