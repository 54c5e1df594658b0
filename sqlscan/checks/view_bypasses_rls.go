package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed view_bypasses_rls.md
var viewBypassesRlsPage string

var viewBypassesRls = &rules.Rule{
	ID: "PHI507", Slug: "view-bypasses-rls", Title: "view reads PHI with the rights of its owner",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.MinimumNecessary},
	CWE:       []int{863}, Help: viewBypassesRlsPage,
}

func checkViews(p *Pass) {
	for _, v := range p.Views() {
		if v.Kind != catalog.View || v.Ghost || v.Temporary || truth(v.Options["security_invoker"]) {
			continue
		}
		t := bypassed(p, v, 0)
		if t == nil || !showsRows(p, v, 0) {
			continue
		}
		p.Report(viewBypassesRls, Note{At: v.Made, Object: object(v)}, "view %s reads %s with its owner's rights (no security_invoker)", v.Name, t.Name)
	}
}

// bypassed returns the first PHI table below a view that its row security will
// not guard from the view's reader.
func bypassed(p *Pass, v *catalog.Table, depth int) *catalog.Table {
	for _, t := range v.Reads {
		switch {
		case t.IsView() && depth < 20:
			if found := bypassed(p, t, depth+1); found != nil {
				return found
			}
		case t.IsView() || !p.PHI(t) || ownerBound(p, v, t):
		default:
			return t
		}
	}
	return nil
}

// ownerBound reports whether the policies of t bind the view's owner: forced,
// or another role's table, and no role that bypasses them.
func ownerBound(p *Pass, v, t *catalog.Table) bool {
	if !t.RowSecurity.On {
		return false
	}
	if r := p.Catalog.Role(v.Owner); r != nil && v.Owner != catalog.Superuser && (r.Superuser || r.BypassRLS) {
		return false
	}
	return t.ForceRLS.On || v.Owner != t.Owner && v.Owner != catalog.Superuser
}

// showsRows reports whether a view gives rows of PHI tables away and not only
// counts of them. Groups are fine as long as they are not by PHI.
func showsRows(p *Pass, v *catalog.Table, depth int) bool {
	if len(v.Output) == 0 || len(p.Exposed(v)) > 0 {
		return true
	}
	q := v.Query.GetSelectStmt()
	if len(q.GetGroupClause()) > 0 || len(q.GetDistinctClause()) > 0 {
		return false
	}
	for _, o := range v.Output {
		for _, src := range o.From {
			if o.Plain && p.PHI(src.Table) {
				return true
			}
			if o.Plain && src.Table.IsView() && depth < 20 {
				return showsRows(p, src.Table, depth+1)
			}
		}
	}
	return false
}

// truth reads a boolean option as PostgreSQL does.
func truth(s string) bool {
	switch s {
	case "true", "on", "yes", "1", "t", "y":
		return true
	}
	return false
}
