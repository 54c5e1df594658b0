package sqlscan

import (
	"cmp"
	"slices"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

// A Table is what the inventory says of one table or view: what it holds and
// which controls guard it.
type Table struct {
	Schema, Name, Kind string
	Span               finding.Span
	PHI                bool
	RowSecurity, Force bool
	Policies           []string
	// Grants are the grantees other than the owner, with their privileges:
	// "app: INSERT, SELECT".
	Grants  []string
	Views   []string // views that read it
	Columns []Column
}

// A Column is a column of a [Table].
type Column struct {
	Name, Type string
	Span       finding.Span
	Class      phi.Class
	// Statement is the place of the statement that added it, without its
	// semicolon; no file if it stands inside another statement.
	Statement finding.Span
	Commented bool // it has a comment
}

// column describes one column of a table.
func (h *history) column(pass *checks.Pass, t *catalog.Table, c *catalog.Column) Column {
	out := Column{Name: c.Name, Type: c.Type, Span: h.span(c.Made), Class: pass.Column(t, c.Name), Commented: c.Comment.Value != ""}
	if c.Stmt != nil && c.Stmt.Inside == nil && c.Stmt.Base >= 0 {
		out.Statement = h.span(c.Stmt.Place)
	}
	return out
}

// inventory lists the tables of a history.
func (h *history) inventory(pass *checks.Pass) []Table {
	readers := map[*catalog.Table][]string{}
	for _, v := range pass.Views() {
		for _, t := range v.Reads {
			readers[t] = append(readers[t], v.Name.String())
		}
	}
	var out []Table
	for _, t := range h.catalog.Tables() {
		if t.Ghost || t.Temporary {
			continue
		}
		row := Table{Schema: t.Name.Schema, Name: t.Name.Name, Kind: string(t.Kind), Span: h.span(t.Made), PHI: pass.PHI(t),
			RowSecurity: t.RowSecurity.On, Force: t.ForceRLS.On, Grants: grants(t), Views: readers[t], Columns: make([]Column, 0, len(t.Columns))}
		for _, p := range t.Policies {
			row.Policies = append(row.Policies, p.Name)
		}
		for _, c := range t.Columns {
			row.Columns = append(row.Columns, h.column(pass, t, c))
		}
		out = append(out, row)
	}
	return out
}

func grants(t *catalog.Table) []string {
	by := map[string]string{}
	entries := slices.Clone(t.ACL.Entries())
	slices.SortFunc(entries, func(a, b catalog.Entry) int {
		return cmp.Or(cmp.Compare(a.Grantee, b.Grantee), cmp.Compare(a.Privilege, b.Privilege))
	})
	var order []string
	for _, e := range entries {
		if e.Grantee == t.Owner {
			continue
		}
		if by[e.Grantee] == "" {
			order = append(order, e.Grantee)
			by[e.Grantee] = e.Grantee + ": " + e.Privilege
			continue
		}
		by[e.Grantee] += ", " + e.Privilege
	}
	var out []string
	for _, g := range order {
		out = append(out, by[g])
	}
	return out
}
