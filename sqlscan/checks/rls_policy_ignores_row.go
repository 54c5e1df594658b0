package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_policy_ignores_row.md
var rlsPolicyIgnoresRowPage string

var rlsPolicyIgnoresRow = &rules.Rule{
	ID: "PHI515", Slug: "rls-policy-ignores-row", Title: "policy does not look at the row",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863}, Help: rlsPolicyIgnoresRowPage,
}

func checkIgnoresRow(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			if _, open := openTo(p, pol); !pol.Permissive || !open {
				continue
			}
			expr, s := pol.Using, pol.UsingStmt
			if expr == nil {
				expr, s = pol.WithCheck, pol.CheckStmt
			}
			if ignoresRow(expr) && !authInverted(expr) {
				n := Note{At: s.Head(), Object: object(t) + " policy " + pol.Name}
				p.Report(rlsPolicyIgnoresRow, n, "policy %s on %s names no column of the row: it lets all or none through", pol.Name, t.Name)
			}
		}
	}
}

// ignoresRow reports whether a condition asks about the session only, and not
// for a special role: that somebody is logged in is no reason to see a row,
// that somebody administers may be one.
func ignoresRow(n *pgparse.Node) bool {
	if n == nil || fold(n) != unknown {
		return false
	}
	ignores, session := true, false
	pgparse.Walk(n, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.SubLink, *pgparse.ColumnRef:
			ignores = false
		case *pgparse.SQLValueFunction:
			session = true
		case *pgparse.FuncCall:
			if sessionFunctions[funcName(x)] || funcSchema(x) == "auth" {
				session = true
			} else if !harmless[funcName(x)] {
				ignores = false // a function of the project may look anything up
			}
		case *pgparse.A_Const:
			if namesOffice(x.GetSval().GetSval()) {
				ignores = false
			}
		}
		return ignores
	})
	return ignores && session
}

var (
	sessionFunctions = map[string]bool{"current_setting": true}
	harmless         = map[string]bool{"nullif": true, "coalesce": true, "lower": true, "upper": true, "length": true}
)

// namesOffice reports whether a constant names a role that may well see all.
func namesOffice(s string) bool {
	s = strings.ToLower(s)
	for _, w := range []string{"admin", "service", "super", "system", "staff", "doctor", "clinic", "nurse", "provider", "owner", "physician", "support", "audit", "manager"} {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
