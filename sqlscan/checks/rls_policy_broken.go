package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_policy_broken.md
var rlsPolicyBrokenPage string

var rlsPolicyBroken = &rules.Rule{
	ID: "PHI529", Slug: "rls-policy-broken", Title: "policy names a column that does not exist",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{863, 754}, Help: rlsPolicyBrokenPage,
}

func checkPolicyBroken(p *Pass) {
	for _, t := range p.Tables() {
		if t.Ghost || !complete(t, 0) {
			continue
		}
		for _, pol := range t.Policies {
			name, s := missingColumn(t, pol.Using), pol.UsingStmt
			if name == "" {
				name, s = missingColumn(t, pol.WithCheck), pol.CheckStmt
			}
			if name != "" && (p.PHI(t) || p.Relevant) {
				n := Note{At: s.Head(), Object: object(t) + " policy " + pol.Name}
				p.Report(rlsPolicyBroken, n, "policy %s on %s names column %s, which does not exist", pol.Name, t.Name, name)
			}
		}
	}
}

// complete reports whether all columns of a table are known.
func complete(t *catalog.Table, depth int) bool {
	if len(t.Columns) == 0 || depth > 20 {
		return false
	}
	for _, other := range append(t.Parents, t.Reads...) {
		if other.Ghost || !complete(other, depth+1) {
			return false
		}
	}
	return true
}

// systemColumns are those that every table has.
var systemColumns = map[string]bool{"ctid": true, "xmin": true, "xmax": true, "cmin": true, "cmax": true, "tableoid": true}

// missingColumn returns a name outside of subqueries that is no column of t.
func missingColumn(t *catalog.Table, n *pgparse.Node) string {
	missing := ""
	pgparse.Walk(n, func(m pgparse.Message) bool {
		switch x := m.(type) {
		case *pgparse.SubLink:
			return false
		case *pgparse.ColumnRef:
			name := refColumn(x)
			own := len(x.Fields) == 1 || len(x.Fields) == 2 && x.Fields[0].GetString_().GetSval() == t.Name.Name
			if own && name != "" && name != t.Name.Name && t.Column(name) == nil && t.Former[name] == "" && !systemColumns[name] && missing == "" {
				missing = name
			}
		}
		return true
	})
	return missing
}
