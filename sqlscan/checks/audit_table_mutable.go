package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed audit_table_mutable.md
var auditTableMutablePage string

var auditTableMutable = &rules.Rule{
	ID: "PHI532", Slug: "audit-table-mutable", Title: "audit records can be changed",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.Integrity},
	CWE:       []int{778, 732}, Help: auditTableMutablePage,
}

func checkAuditMutable(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, t := range p.Tables() {
		if isAudit(t) && !appendOnly(p, t) {
			p.Report(auditTableMutable, Note{At: t.Made, Object: object(t)}, "audit table %s can be updated and deleted from", t.Name)
		}
	}
}

// isAudit reports whether a table records who did what: its name says so, and
// it has a time.
func isAudit(t *catalog.Table) bool {
	if t.Ghost || t.Temporary || t.Partition {
		return false
	}
	words := strings.FieldsFunc(t.Name.Name, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if !slices.ContainsFunc(words, func(w string) bool { return auditWords[strings.ToLower(w)] }) || aboutAudit[strings.ToLower(words[len(words)-1])] || strings.EqualFold(words[0], "seo") {
		return false
	}
	return slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool {
		return strings.HasPrefix(c.Type, "timestamp") || strings.HasPrefix(c.Type, "date")
	})
}

var auditWords = map[string]bool{"audit": true, "audits": true, "auditlog": true, "auditlogs": true, "audittrail": true}

// aboutAudit are the last words of tables that say how to audit, and hold no records.
var aboutAudit = map[string]bool{"rule": true, "rules": true, "setting": true, "settings": true, "config": true, "configs": true, "policies": true, "template": true, "templates": true, "type": true, "types": true, "schedule": true, "schedules": true}

// appendOnly reports whether anything keeps the records from being changed: a
// trigger before UPDATE and DELETE, a REVOKE of these, row security without a
// policy for them, or grants that leave them out.
func appendOnly(p *Pass, t *catalog.Table) bool {
	guarded := map[string]bool{}
	for _, g := range t.Triggers {
		if g.Before && !g.Disabled {
			for _, e := range g.Events {
				guarded[e] = true
			}
		}
	}
	if guarded["UPDATE"] && guarded["DELETE"] {
		return true
	}
	if t.Revoked["UPDATE"].Known() && t.Revoked["DELETE"].Known() {
		return !othersMay(t)
	}
	if t.RowSecurity.On && t.ForceRLS.On && len(t.Policies) > 0 {
		return !slices.ContainsFunc(t.Policies, func(pol *catalog.Policy) bool {
			return pol.Permissive && (pol.Command == "ALL" || pol.Command == "UPDATE" || pol.Command == "DELETE")
		})
	}
	granted := slices.ContainsFunc(t.ACL.Entries(), func(e catalog.Entry) bool { return e.Grantee != t.Owner })
	return granted && !othersMay(t)
}

// othersMay reports whether anyone but the owner may change the records.
func othersMay(t *catalog.Table) bool {
	return slices.ContainsFunc(t.ACL.Entries(), func(e catalog.Entry) bool {
		return e.Grantee != t.Owner && (e.Privilege == "UPDATE" || e.Privilege == "DELETE" || e.Privilege == "TRUNCATE")
	})
}
