package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_by_database_user.md
var rlsByDatabaseUserPage string

var rlsByDatabaseUser = &rules.Rule{
	ID: "PHI519", Slug: "rls-by-database-user", Title: "policy tells users apart by their database login",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.UniqueUserID},
	CWE:       []int{863}, Help: rlsByDatabaseUserPage,
}

func checkByUser(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			if comparesUser(pol.Using) || comparesUser(pol.WithCheck) {
				n := Note{At: pol.Made, Object: object(t) + " policy " + pol.Name}
				p.Report(rlsByDatabaseUser, n, "policy %s on %s compares with the database user", pol.Name, t.Name)
			}
		}
	}
}

// comparesUser reports whether a column is compared with current_user or
// session_user.
func comparesUser(n *pgparse.Node) bool {
	found := false
	pgparse.Walk(n, func(m pgparse.Message) bool {
		if a, ok := m.(*pgparse.A_Expr); ok {
			l, r := uncast(a.Lexpr), uncast(a.Rexpr)
			found = found || l.GetColumnRef() != nil && databaseUser(r) || r.GetColumnRef() != nil && databaseUser(l)
		}
		return !found
	})
	return found
}

func uncast(n *pgparse.Node) *pgparse.Node {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	return n
}

func databaseUser(n *pgparse.Node) bool {
	switch n.GetSqlvalueFunction().GetOp() {
	case pgparse.SQLValueFunctionOp_SVFOP_CURRENT_USER, pgparse.SQLValueFunctionOp_SVFOP_SESSION_USER,
		pgparse.SQLValueFunctionOp_SVFOP_USER, pgparse.SQLValueFunctionOp_SVFOP_CURRENT_ROLE:
		return true
	}
	return false
}
