package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed audit_table_unwritten.md
var auditTableUnwrittenPage string

var auditTableUnwritten = &rules.Rule{
	ID: "PHI534", Slug: "audit-table-unwritten", Title: "nothing in the database writes to an audit table",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{778}, Help: auditTableUnwrittenPage,
}

func checkAuditUnwritten(p *Pass) {
	if !p.Relevant {
		return
	}
	written := map[*catalog.Table]bool{}
	for _, s := range p.Catalog.Statements {
		if ins := s.Node.GetInsertStmt(); ins != nil && s.Function != nil {
			written[p.Catalog.Table(ins.GetRelation().GetSchemaname(), ins.GetRelation().GetRelname())] = true
		}
	}
	for _, f := range p.Catalog.Functions() {
		for _, t := range p.functionReads(f) { // also through WITH … INSERT
			written[t] = true
		}
	}
	for _, t := range p.Tables() {
		if isAudit(t) && !written[t] && !childWritten(t, written) {
			p.Report(auditTableUnwritten, Note{At: t.Made, Object: object(t)}, "no trigger or function writes to audit table %s", t.Name)
		}
	}
}

func childWritten(t *catalog.Table, written map[*catalog.Table]bool) bool {
	for _, c := range t.Children {
		if written[c] {
			return true
		}
	}
	return false
}
