package checks

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed audit_retention_short.md
var auditRetentionShortPage string

var auditRetentionShort = &rules.Rule{
	ID: "PHI533", Slug: "audit-retention-short", Title: "audit records are deleted before six years",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Retention, hipaa.AuditControls},
	CWE:       []int{778}, Help: auditRetentionShortPage,
}

const (
	days      = 1
	years     = 365 * days
	retention = 6 * years
)

func checkRetention(p *Pass) {
	if !p.Relevant {
		return
	}
	p.settings(auditRetentionShort)
	for _, s := range p.Catalog.Statements {
		if d := s.Node.GetDeleteStmt(); d != nil {
			p.checkDelete(d, s)
		}
		if f := scheduled(s.Node); f != nil {
			for _, a := range f.Args {
				for _, in := range pgparse.Parse([]byte(literal(a))) {
					if d := in.Node.GetDeleteStmt(); d != nil {
						p.checkDelete(d, s)
					}
				}
			}
		}
	}
}

// checkDelete reports a DELETE from an audit table by age.
func (p *Pass) checkDelete(d *pgparse.DeleteStmt, s *catalog.Statement) {
	t := p.Catalog.Table(d.GetRelation().GetSchemaname(), d.GetRelation().GetRelname())
	if t == nil || !isAudit(t) {
		return
	}
	age, ok := age(d.WhereClause)
	if ok && age < retention {
		p.Report(auditRetentionShort, Note{At: s.Head(), Object: "delete " + object(t)}, "records of audit table %s are deleted after %d days", t.Name, age)
	}
}

// scheduled returns the call of pg_cron's schedule function, or nil.
func scheduled(n *pgparse.Node) *pgparse.FuncCall {
	list := n.GetSelectStmt().GetTargetList()
	if len(list) == 0 {
		return nil
	}
	if f := list[0].GetResTarget().GetVal().GetFuncCall(); f != nil && funcSchema(f) == "cron" && strings.HasPrefix(funcName(f), "schedule") {
		return f
	}
	return nil
}

// age returns the shortest interval, in days, that a condition subtracts.
func age(n *pgparse.Node) (int, bool) {
	least, ok := 0, false
	pgparse.Walk(n, func(m pgparse.Message) bool {
		a, is := m.(*pgparse.A_Expr)
		if !is || len(a.Name) != 1 || a.Name[0].GetString_().GetSval() != "-" {
			return true
		}
		if c := a.Rexpr.GetTypeCast(); c != nil && isName(c.TypeName, "interval") {
			if d, known := intervalDays(literal(a.Rexpr)); known && (!ok || d < least) {
				least, ok = d, true
			}
		}
		return true
	})
	return least, ok
}

var unitDays = map[string]int{"day": days, "week": 7 * days, "month": 30 * days, "mon": 30 * days, "year": years}

// intervalDays reads an interval such as "90 days" or "1 year 6 months".
func intervalDays(n string) (int, bool) {
	fields := strings.Fields(strings.ToLower(n))
	total := 0
	for i := 0; i+1 < len(fields); i += 2 {
		count, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, false
		}
		total += count * unitDays[strings.TrimSuffix(strings.TrimSuffix(fields[i+1], ","), "s")]
	}
	return total, len(fields) > 0 && len(fields)%2 == 0
}
