package catalog

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// constant returns the value of an expression of a body, if it is known.
func (c *Catalog) constant(x *pgparse.PLExpr, e env) (string, bool) {
	node, _, err := x.Parse()
	if err != nil {
		return "", false
	}
	return e.eval(target(node))
}

// eval computes a text from constants, known variables, ||, format, quote_ident,
// quote_literal, concat, lower, upper and replace.
func (e env) eval(n *pgparse.Node) (string, bool) {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_AConst:
		if x.AConst.Isnull {
			return "", false
		}
		return aconst(x.AConst), true
	case *pgparse.Node_TypeCast:
		return e.eval(x.TypeCast.Arg)
	case *pgparse.Node_ColumnRef:
		v, ok := e[strings.ToLower(strings.Join(strs(x.ColumnRef.Fields), "."))]
		return v, ok
	case *pgparse.Node_ParamRef:
		v, ok := e[parameter(int(x.ParamRef.Number)-1)]
		return v, ok
	case *pgparse.Node_AExpr:
		if len(x.AExpr.Name) != 1 || str(x.AExpr.Name[0]) != "||" {
			return "", false
		}
		l, ok := e.eval(x.AExpr.Lexpr)
		if !ok {
			return "", false
		}
		r, ok := e.eval(x.AExpr.Rexpr)
		return l + r, ok
	case *pgparse.Node_CoalesceExpr:
		// What a deployment may set, as in current_setting(name, true), is
		// not known; what holds without is.
		for _, a := range x.CoalesceExpr.Args {
			if v, ok := e.eval(a); ok {
				return v, true
			}
		}
	case *pgparse.Node_SqlvalueFunction:
		v, ok := e[x.SqlvalueFunction.Op.String()]
		return v, ok
	case *pgparse.Node_FuncCall:
		return e.call(x.FuncCall)
	}
	return "", false
}

func (e env) call(f *pgparse.FuncCall) (string, bool) {
	args := make([]string, 0, len(f.Args))
	for _, a := range f.Args {
		v, ok := e.eval(a)
		if !ok {
			return "", false
		}
		args = append(args, v)
	}
	if len(args) == 0 {
		return "", false
	}
	switch qualified(f.Funcname).Name {
	case "format":
		return formatText(args[0], args[1:])
	case "quote_ident":
		return quoteIdent(args[0]), true
	case "quote_literal":
		return quoteLiteral(args[0]), true
	case "concat":
		return strings.Join(args, ""), true
	case "lower":
		return strings.ToLower(args[0]), true
	case "upper":
		return strings.ToUpper(args[0]), true
	case "replace":
		if len(args) == 3 && args[1] != "" {
			return strings.ReplaceAll(args[0], args[1], args[2]), true
		}
	}
	return "", false
}

// formatText is PostgreSQL's format() for %s, %I, %L and %n$s.
func formatText(format string, args []string) (string, bool) {
	var b strings.Builder
	next := 0
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i >= len(format) {
			return "", false
		}
		if format[i] == '%' {
			b.WriteByte('%')
			continue
		}
		number := 0
		j := i
		for ; j < len(format) && '0' <= format[j] && format[j] <= '9'; j++ {
			number = number*10 + int(format[j]-'0')
		}
		if j > i && j < len(format) && format[j] == '$' && number > 0 {
			next, i = number-1, j+1
		}
		if i >= len(format) || next >= len(args) {
			return "", false
		}
		switch format[i] {
		case 's':
			b.WriteString(args[next])
		case 'I':
			b.WriteString(quoteIdent(args[next]))
		case 'L':
			b.WriteString(quoteLiteral(args[next]))
		default:
			return "", false
		}
		next++
	}
	return b.String(), true
}

func quoteLiteral(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func quoteIdent(s string) string {
	plain := s != ""
	for i := 0; i < len(s); i++ {
		c := s[i]
		plain = plain && (c == '_' || 'a' <= c && c <= 'z' || i > 0 && '0' <= c && c <= '9')
	}
	if plain {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// array returns the elements of ARRAY[…] or '{…}' if all are known.
func (e env) array(n *pgparse.Node) ([]string, bool) {
	for n.GetTypeCast() != nil {
		n = n.GetTypeCast().Arg
	}
	if a := n.GetAArrayExpr(); a != nil {
		return e.list(a.Elements)
	}
	text, ok := e.eval(n)
	if !ok || !strings.HasPrefix(text, "{") || !strings.HasSuffix(text, "}") {
		return nil, false
	}
	var out []string
	for _, part := range strings.Split(text[1:len(text)-1], ",") {
		out = append(out, strings.Trim(strings.TrimSpace(part), `"`))
	}
	return out, true
}

func (e env) list(nodes []*pgparse.Node) ([]string, bool) {
	out := make([]string, 0, len(nodes))
	for _, n := range nodes {
		v, ok := e.eval(n)
		if !ok {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}
