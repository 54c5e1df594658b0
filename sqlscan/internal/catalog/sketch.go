package catalog

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// Unknown stands in a sketch for what the files do not tell.
const Unknown = "_unknown_"

// sketch keeps dynamic SQL that is known in part, in [Catalog.Sketches]: it is
// never applied, but a secret may stand in the part that is known.
func (c *Catalog) sketch(x *pgparse.PLExpr, n *pgparse.Node, e env, s *Statement) {
	if len(c.Sketches) >= maxSketches {
		return
	}
	text := e.sketch(n, 0)
	if text == Unknown || !containsFold(text, "password") && !containsFold(text, "secret") {
		return
	}
	c.dynamic(text, x, s, func(in *Statement) { c.Sketches = append(c.Sketches, in) })
}

// maxSketches bounds what loops over EXECUTE can collect.
const maxSketches = 1000

// sketch is eval with [Unknown] for what cannot be computed.
func (e env) sketch(n *pgparse.Node, depth int) string {
	if v, ok := e.eval(n); ok {
		return v
	}
	if depth > maxDepth {
		return Unknown
	}
	switch x := n.GetNode().(type) {
	case *pgparse.Node_TypeCast:
		return e.sketch(x.TypeCast.Arg, depth+1)
	case *pgparse.Node_AExpr:
		if len(x.AExpr.Name) == 1 && str(x.AExpr.Name[0]) == "||" {
			return e.sketchChain(x.AExpr)
		}
	case *pgparse.Node_FuncCall:
		args := make([]string, 0, len(x.FuncCall.Args))
		for _, a := range x.FuncCall.Args {
			args = append(args, e.sketch(a, depth+1))
		}
		if len(args) == 0 {
			return Unknown
		}
		switch qualified(x.FuncCall.Funcname).Name {
		case "format":
			if text, ok := formatText(args[0], args[1:]); ok {
				return text
			}
		case "quote_ident":
			return quoteIdent(args[0])
		case "quote_literal":
			return quoteLiteral(args[0])
		case "concat":
			return strings.Join(args, "")
		}
	}
	return Unknown
}

// sketchChain joins a || b || c, which the parser nests to the left, however
// long it is.
func (e env) sketchChain(x *pgparse.A_Expr) string {
	right := []string{e.sketch(x.Rexpr, 1)}
	left := x.Lexpr
	for {
		next := left.GetAExpr()
		if next == nil || len(next.Name) != 1 || str(next.Name[0]) != "||" {
			break
		}
		right, left = append(right, e.sketch(next.Rexpr, 1)), next.Lexpr
	}
	var b strings.Builder
	b.WriteString(e.sketch(left, 1))
	for i := len(right) - 1; i >= 0; i-- {
		b.WriteString(right[i])
	}
	return b.String()
}
