package checks

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_policy_duplicate.md
var rlsPolicyDuplicatePage string

var rlsPolicyDuplicate = &rules.Rule{
	ID: "PHI535", Slug: "rls-policy-duplicate", Title: "policy repeats another one",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{1041}, Help: rlsPolicyDuplicatePage,
}

func checkPolicyDuplicate(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		first := map[string]*catalog.Policy{}
		for _, pol := range t.Policies {
			key := fmt.Sprintf("%s %v %s|%s|%s", pol.Command, pol.Permissive, strings.Join(pol.Roles, ","), shape(pol.Using), shape(pol.WithCheck))
			if same := first[key]; same != nil {
				n := Note{At: pol.Made, Object: object(t) + " policy " + pol.Name, Related: []Related{{same.Made, "the other policy"}}}
				p.Report(rlsPolicyDuplicate, n, "policy %s on %s says the same as %s", pol.Name, t.Name, same.Name)
				continue
			}
			first[key] = pol
		}
	}
}

// shape writes an expression without its places, so that equal ones compare equal.
func shape(n *pgparse.Node) string {
	var b strings.Builder
	pgparse.Walk(n, func(m pgparse.Message) bool {
		fmt.Fprintf(&b, "%T", m)
		switch x := m.(type) {
		case *pgparse.ColumnRef:
			b.WriteString(refName(x))
		case *pgparse.A_Const:
			b.WriteString(aconstText(x))
		case *pgparse.FuncCall:
			b.WriteString(funcSchema(x) + "." + funcName(x))
		case *pgparse.A_Expr:
			fmt.Fprintf(&b, "%d", x.Kind)
		case *pgparse.BoolExpr:
			fmt.Fprintf(&b, "%d/%d", x.Boolop, len(x.Args))
		case *pgparse.NullTest:
			fmt.Fprintf(&b, "%d", x.Nulltesttype)
		case *pgparse.BooleanTest:
			fmt.Fprintf(&b, "%d", x.Booltesttype)
		case *pgparse.SubLink:
			fmt.Fprintf(&b, "%d", x.SubLinkType)
		case *pgparse.SQLValueFunction:
			fmt.Fprintf(&b, "%d", x.Op)
		case *pgparse.RangeVar:
			b.WriteString(x.Schemaname + "." + x.Relname)
		case *pgparse.String:
			b.WriteString(x.Sval)
		}
		b.WriteByte(';')
		return true
	})
	return b.String()
}

func aconstText(a *pgparse.A_Const) string {
	return literal(&pgparse.Node{Node: &pgparse.Node_AConst{AConst: a}})
}
