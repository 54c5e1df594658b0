package sqlshape

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// leaves lists the columns and values that an operand's value is made of. It
// looks through casts, functions of text, arithmetic, lists and CASE, and
// stops at comparisons, whose value is a truth and not data.
func (w *walker) leaves(n *pgparse.Node, sc *scope) leafset {
	var s leafset
	w.collect(n, sc, true, &s, 0)
	return s
}

// collect adds the leaves of n to s. What is not direct is a part that does not
// carry the value: a key, a format, a distance.
func (w *walker) collect(n *pgparse.Node, sc *scope, direct bool, s *leafset, depth int) {
	if n == nil || depth > maxDepth {
		return
	}
	each := func(nodes []*pgparse.Node) {
		for _, m := range nodes {
			w.collect(m, sc, direct, s, depth+1)
		}
	}
	switch x := n.Node.(type) {
	case *pgparse.Node_ColumnRef:
		w.collectColumn(x.ColumnRef, sc, direct, s)
	case *pgparse.Node_ParamRef:
		s.values = append(s.values, leaf{value: value{'p', int(x.ParamRef.Number) - 1}, direct: direct})
	case *pgparse.Node_AConst:
		for _, v := range w.constants(x.AConst) {
			v.direct = direct
			s.values = append(s.values, v)
		}
	case *pgparse.Node_TypeCast:
		// An interval is a distance from a date and not a date itself.
		names := x.TypeCast.GetTypeName().GetNames()
		if len(names) > 0 && names[len(names)-1].GetString_().GetSval() == "interval" {
			direct = false
		}
		w.collect(x.TypeCast.Arg, sc, direct, s, depth+1)
	case *pgparse.Node_FuncCall:
		w.collectCall(x.FuncCall, sc, direct, s, depth)
	case *pgparse.Node_AExpr:
		w.collectOperator(x.AExpr, sc, direct, s, depth)
	case *pgparse.Node_CoalesceExpr:
		each(x.CoalesceExpr.Args)
	case *pgparse.Node_MinMaxExpr:
		each(x.MinMaxExpr.Args)
	case *pgparse.Node_CaseExpr:
		for _, arg := range x.CaseExpr.Args {
			w.collect(arg.GetCaseWhen().GetResult(), sc, direct, s, depth+1)
		}
		w.collect(x.CaseExpr.Defresult, sc, direct, s, depth+1)
	case *pgparse.Node_AArrayExpr:
		each(x.AArrayExpr.Elements)
	case *pgparse.Node_RowExpr:
		each(x.RowExpr.Args)
	case *pgparse.Node_List:
		each(x.List.Items)
	case *pgparse.Node_CollateClause:
		w.collect(x.CollateClause.Arg, sc, direct, s, depth+1)
	case *pgparse.Node_NamedArgExpr:
		w.collect(x.NamedArgExpr.Arg, sc, direct, s, depth+1)
	case *pgparse.Node_AIndirection:
		w.collect(x.AIndirection.Arg, sc, direct, s, depth+1)
	case *pgparse.Node_SubLink:
		if x.SubLink.SubLinkType == pgparse.SubLinkType_EXISTS_SUBLINK || x.SubLink.Testexpr != nil {
			return
		}
		for _, o := range w.query(x.SubLink.Subselect.GetSelectStmt(), sc.child(), nil) {
			s.columns = append(s.columns, o.refs...)
			break
		}
	}
}

// collectColumn adds a column with what it is made of, or a lone hole.
func (w *walker) collectColumn(c *pgparse.ColumnRef, sc *scope, direct bool, s *leafset) {
	qualifier, name := columnName(c)
	if h, ok := onlyHole(name); ok && len(qualifier) == 0 && h < len(w.a.holes) {
		part := w.a.f.parts[w.a.f.holes[h]]
		if part.Ident {
			return
		}
		bare := !part.Numeric && !part.Quoted && part.Verb != 'd' && !w.a.holes[h].InQuotes
		s.values = append(s.values, leaf{value: value{'h', h}, direct: direct, bare: bare})
		return
	}
	if name == "" || name == someName || len(holesIn(name)) > 0 {
		return
	}
	s.columns = append(s.columns, w.resolve(sc, qualifier, name)...)
	for _, v := range w.madeOf(sc, qualifier, name) {
		v.direct = v.direct && direct
		s.values = append(s.values, v)
	}
}

// collectOperator looks through an operator that makes data of data.
func (w *walker) collectOperator(e *pgparse.A_Expr, sc *scope, direct bool, s *leafset, depth int) {
	op := operatorName(e)
	switch {
	case op == "->" || op == "->>" || op == "#>" || op == "#>>":
		w.collectMember(e, sc, direct, s, depth)
	case e.Kind == pgparse.A_Expr_Kind_AEXPR_NULLIF:
		w.collect(e.Lexpr, sc, direct, s, depth+1)
	case compares(e):
	default:
		w.collect(e.Lexpr, sc, direct, s, depth+1)
		w.collect(e.Rexpr, sc, direct, s, depth+1)
	}
}

// collectMember handles data->>'ssn': the member stands for a column.
func (w *walker) collectMember(e *pgparse.A_Expr, sc *scope, direct bool, s *leafset, depth int) {
	var inner leafset
	w.collect(e.Lexpr, sc, direct, &inner, depth+1)
	key := ""
	for _, v := range w.leaves(e.Rexpr, sc).values {
		if v.kind == 's' {
			key = w.a.body(v.n)
		}
		w.use(v.value, nil, 0, ValueOther)
	}
	key = strings.Trim(key, "{}")
	if i := strings.LastIndexByte(key, ','); i >= 0 {
		key = key[i+1:]
	}
	for _, c := range inner.columns {
		if key != "" {
			c = c.member(key)
		}
		s.columns = append(s.columns, c)
	}
}

// body returns the text of a string token.
func (a *analysis) body(tok int) string {
	t := &a.toks[tok]
	if t.kind != kString || t.bodyStart > t.bodyEnd {
		return a.f.text[t.start:t.end]
	}
	return a.f.text[t.bodyStart:t.bodyEnd]
}

// dataArg tells which arguments of a function are data of the kind that it
// returns, as a bit mask; the others are formats, keys, units and counts.
var dataArg = map[string]uint{
	"to_date": 1, "to_timestamp": 1, "to_char": 1, "to_number": 1, "date_part": 2, "date_trunc": 2, "extract": 2,
	"timezone": 2, "pgp_sym_encrypt": 1, "pgp_sym_decrypt": 1, "pgp_pub_encrypt": 1, "pgp_pub_decrypt": 1, "encrypt": 1,
	"decrypt": 1, "digest": 1, "hmac": 1, "crypt": 1, "encode": 1, "decode": 1, "convert_to": 1, "convert_from": 1,
	"regexp_replace": 5, "regexp_matches": 1, "replace": 5, "substring": 1, "substr": 1, "left": 1, "right": 1, "lpad": 1,
	"rpad": 1, "split_part": 1, "translate": 1, "repeat": 1, "string_agg": 1, "array_agg": 1, "to_tsvector": 2,
	"to_tsquery": 2, "plainto_tsquery": 2, "phraseto_tsquery": 2, "websearch_to_tsquery": 2, "jsonb_set": 4,
	"array_append": 3, "array_remove": 3, "string_to_array": 1, "overlay": 3, "btrim": 1, "ltrim": 1, "rtrim": 1,
	"make_interval": 0, "current_setting": 0, "set_config": 0, "nextval": 0, "currval": 0, "format": 0xfffe,
	"concat_ws": 0xfffe, "jsonb_extract_path_text": 1, "json_extract_path_text": 1, "jsonb_path_exists": 1,
}

// noData names functions whose result tells nothing of their argument, or of
// no single row.
var noData = set(`count sum avg stddev stddev_pop stddev_samp variance var_pop var_samp corr percentile_cont length char_length octet_length exists row_number rank dense_rank pg_typeof array_length cardinality
	jsonb_array_length now age similarity word_similarity position strpos levenshtein st_distance`)

// functionName returns the function's name without a schema.
func functionName(f *pgparse.FuncCall) string {
	if len(f.Funcname) == 0 {
		return ""
	}
	return f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
}

// collectCall looks through a function at the arguments that are its data.
func (w *walker) collectCall(f *pgparse.FuncCall, sc *scope, direct bool, s *leafset, depth int) {
	name := functionName(f)
	if noData[name] {
		return
	}
	mask, known := dataArg[name]
	if !known {
		mask = ^uint(0)
	}
	if known && len(f.Args) == 1 { // to_tsquery(q): the optional first argument is missing
		mask = 1
	}
	for i, arg := range f.Args {
		if i < 64 && mask&(1<<i) == 0 {
			var rest leafset
			w.collect(arg, sc, false, &rest, depth+1)
			s.values = append(s.values, rest.values...)
			continue
		}
		w.collect(arg, sc, direct, s, depth+1)
	}
}

// call walks a function call: its name may have holes, its arguments are
// values, and set_config is a SET that takes parameters.
func (w *walker) call(f *pgparse.FuncCall, sc *scope) {
	for _, n := range f.Funcname {
		w.text(n.GetString_().GetSval(), w.identRole())
	}
	name := functionName(f)
	if name == "set_config" && len(f.Args) > 1 {
		w.setConfig(f, sc)
		return
	}
	for _, arg := range f.Args {
		if named := arg.GetNamedArgExpr(); named != nil {
			refs := []*ref{w.nowhere.column(strings.TrimPrefix(named.Name, "p_"))}
			for _, v := range w.leaves(named.Arg, sc).values {
				w.use(v.value, refs, Write, Value)
			}
			arg = named.Arg
		}
		w.operand(arg, sc)
	}
	w.list(f.AggOrder, sc, OrderBy)
	w.condition(f.AggFilter, sc)
	if f.Over != nil {
		w.list(f.Over.PartitionClause, sc, ColumnList)
		w.sort(f.Over.OrderClause, sc)
	}
}

// setConfig records a call of set_config. Its value can be a parameter, so a
// hole there is a value like others, save for application_name.
func (w *walker) setConfig(f *pgparse.FuncCall, sc *scope) {
	st := Set{Call: true}
	for i, v := range w.leaves(f.Args[0], sc).values {
		if v.kind == 's' && i == 0 {
			st.Name = strings.ToLower(w.a.body(v.n))
			st.Part, st.Offset = w.a.f.locate(w.a.toks[v.n].start)
		}
	}
	if len(f.Args) > 2 {
		st.Local = f.Args[2].GetAConst().GetBoolval().GetBoolval()
		if c := f.Args[2].GetTypeCast(); c != nil { // true is a cast of 't' in old trees
			st.Local = c.GetArg().GetAConst().GetBoolval().GetBoolval()
		}
	}
	w.a.shape.Settings = append(w.a.shape.Settings, st)
	for _, v := range w.leaves(f.Args[1], sc).values {
		if v.kind == 'h' && st.Name == "application_name" {
			w.hole(v.n, AppName).Setting = st.Name
		}
	}
	for _, arg := range f.Args {
		w.operand(arg, sc)
	}
}
