package checks

import (
	"strconv"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A truthValue is what is known of a condition without any row.
type truthValue int

const (
	unknown truthValue = iota
	isTrue
	isFalse
)

// fold computes a condition as far as it does not depend on rows.
func fold(n *pgparse.Node) truthValue {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_AConst:
		return foldConst(x.AConst)
	case *pgparse.Node_TypeCast:
		if isName(x.TypeCast.GetTypeName(), "bool") {
			switch strings.ToLower(literal(x.TypeCast.Arg)) {
			case "t", "true", "on", "yes", "1":
				return isTrue
			case "f", "false", "off", "no", "0":
				return isFalse
			}
		}
		return fold(x.TypeCast.Arg)
	case *pgparse.Node_BoolExpr:
		return foldBool(x.BoolExpr)
	case *pgparse.Node_AExpr:
		return foldCompare(x.AExpr)
	case *pgparse.Node_BooleanTest:
		v := fold(x.BooleanTest.Arg)
		switch x.BooleanTest.Booltesttype {
		case pgparse.BoolTestType_IS_TRUE, pgparse.BoolTestType_IS_NOT_FALSE:
			return v
		}
	case *pgparse.Node_CoalesceExpr:
		if len(x.CoalesceExpr.Args) > 0 {
			return fold(x.CoalesceExpr.Args[0])
		}
	}
	return unknown
}

func foldConst(a *pgparse.A_Const) truthValue {
	if b := a.GetBoolval(); b != nil {
		if b.Boolval {
			return isTrue
		}
		return isFalse
	}
	return unknown
}

func foldBool(b *pgparse.BoolExpr) truthValue {
	if len(b.Args) == 0 {
		return unknown
	}
	all := true
	for _, a := range b.Args {
		v := fold(a)
		switch {
		case b.Boolop == pgparse.BoolExprType_NOT_EXPR:
			return negate(v)
		case b.Boolop == pgparse.BoolExprType_OR_EXPR && v == isTrue:
			return isTrue
		case b.Boolop == pgparse.BoolExprType_AND_EXPR && v == isFalse:
			return isFalse
		}
		all = all && v != unknown
	}
	switch {
	case !all:
		return unknown
	case b.Boolop == pgparse.BoolExprType_AND_EXPR:
		return isTrue
	}
	return isFalse
}

func negate(v truthValue) truthValue {
	switch v {
	case isTrue:
		return isFalse
	case isFalse:
		return isTrue
	}
	return unknown
}

// foldCompare knows 1 = 1, 'a' <> 'b' and column = column.
func foldCompare(a *pgparse.A_Expr) truthValue {
	if a.Kind != pgparse.A_Expr_Kind_AEXPR_OP || len(a.Name) != 1 {
		return unknown
	}
	op := a.Name[0].GetString_().GetSval()
	if op != "=" && op != "<>" {
		return unknown
	}
	same := unknown
	l, r := a.Lexpr, a.Rexpr
	switch {
	case l.GetAConst() != nil && r.GetAConst() != nil:
		same = isFalse
		if literal(l) == literal(r) {
			same = isTrue
		}
	case l.GetColumnRef() != nil && r.GetColumnRef() != nil:
		if refName(l.GetColumnRef()) == refName(r.GetColumnRef()) {
			same = isTrue
		}
	}
	if op == "<>" {
		return negate(same)
	}
	return same
}

// literal returns the text of a constant, casts aside, or "".
func literal(n *pgparse.Node) string {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	a := n.GetAConst()
	switch {
	case a.GetSval() != nil:
		return a.GetSval().Sval
	case a.GetFval() != nil:
		return a.GetFval().Fval
	case a.GetIval() != nil:
		return strconv.Itoa(int(a.GetIval().Ival))
	case a.GetBoolval() != nil:
		return strconv.FormatBool(a.GetBoolval().Boolval)
	}
	return ""
}

// isLiteral reports whether n is a constant, casts aside.
func isLiteral(n *pgparse.Node) bool {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	return n.GetAConst() != nil && !n.GetAConst().Isnull
}

func refName(r *pgparse.ColumnRef) string {
	parts := make([]string, 0, len(r.Fields))
	for _, f := range r.Fields {
		parts = append(parts, f.GetString_().GetSval())
	}
	return strings.Join(parts, ".")
}

func refColumn(r *pgparse.ColumnRef) string {
	if len(r.GetFields()) == 0 {
		return ""
	}
	return r.Fields[len(r.Fields)-1].GetString_().GetSval()
}

// funcName returns the name of the called function, without its schema.
func funcName(f *pgparse.FuncCall) string {
	if len(f.GetFuncname()) == 0 {
		return ""
	}
	return strings.ToLower(f.Funcname[len(f.Funcname)-1].GetString_().GetSval())
}

// funcSchema returns the schema that a call names, or "".
func funcSchema(f *pgparse.FuncCall) string {
	if len(f.GetFuncname()) < 2 {
		return ""
	}
	return strings.ToLower(f.Funcname[len(f.Funcname)-2].GetString_().GetSval())
}

func isName(t *pgparse.TypeName, name string) bool {
	if n := len(t.GetNames()); n > 0 {
		return t.Names[n-1].GetString_().GetSval() == name
	}
	return false
}

// identityColumn reports whether a column's name says whose a row is.
func identityColumn(name string) bool {
	for _, suffix := range []string{"_id", "id", "_uid", "_user", "tenant", "owner", "username", "account", "org", "clinic", "created_by"} {
		if strings.HasSuffix(strings.ToLower(name), suffix) {
			return true
		}
	}
	return false
}
