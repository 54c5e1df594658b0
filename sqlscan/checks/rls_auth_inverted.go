package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_auth_inverted.md
var rlsAuthInvertedPage string

var rlsAuthInverted = &rules.Rule{
	ID: "PHI516", Slug: "rls-auth-inverted", Title: "policy lets those through who are nobody",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.Authentication},
	CWE:       []int{863, 287}, Help: rlsAuthInvertedPage,
}

func checkAuthInverted(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			expr, s := pol.Using, pol.UsingStmt
			if !authInverted(expr) {
				expr, s = pol.WithCheck, pol.CheckStmt
			}
			if pol.Permissive && authInverted(expr) {
				n := Note{At: s.Head(), Object: object(t) + " policy " + pol.Name}
				p.Report(rlsAuthInverted, n, "policy %s on %s lets sessions without a user through", pol.Name, t.Name)
			}
		}
	}
}

// authInverted reports whether a condition is true where nobody is logged in:
// it is "user IS NULL" or has that as one side of an OR.
func authInverted(n *pgparse.Node) bool {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_BoolExpr:
		if x.BoolExpr.Boolop == pgparse.BoolExprType_OR_EXPR {
			for _, a := range x.BoolExpr.Args {
				if authInverted(a) {
					return true
				}
			}
		}
	case *pgparse.Node_NullTest:
		return x.NullTest.Nulltesttype == pgparse.NullTestType_IS_NULL && isSession(x.NullTest.Arg)
	case *pgparse.Node_AExpr:
		// current_setting('app.user', true) = '' is how an unset variable looks.
		a := x.AExpr
		return a.Kind == pgparse.A_Expr_Kind_AEXPR_OP && len(a.Name) == 1 && a.Name[0].GetString_().GetSval() == "=" &&
			isSession(a.Lexpr) && isLiteral(a.Rexpr) && literal(a.Rexpr) == ""
	}
	return false
}

// isSession reports whether an expression is who the session says it is.
func isSession(n *pgparse.Node) bool {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_TypeCast:
		return isSession(x.TypeCast.Arg)
	case *pgparse.Node_SubLink: // (SELECT auth.uid())
		list := x.SubLink.GetSubselect().GetSelectStmt().GetTargetList()
		return len(list) == 1 && len(x.SubLink.GetSubselect().GetSelectStmt().GetFromClause()) == 0 && isSession(list[0].GetResTarget().GetVal())
	case *pgparse.Node_AExpr: // NULLIF(…, '')
		return x.AExpr.Kind == pgparse.A_Expr_Kind_AEXPR_NULLIF && isSession(x.AExpr.Lexpr)
	case *pgparse.Node_FuncCall:
		name := funcName(x.FuncCall)
		if name == "current_setting" || funcSchema(x.FuncCall) == "auth" && (name == "uid" || name == "jwt" || name == "user_id" || name == "email") {
			return true
		}
		return len(x.FuncCall.Args) == 0 && (strings.HasPrefix(name, "current_") || strings.HasPrefix(name, "get_current_"))
	}
	return false
}
