package sqlshape

import "strings"

// A frame is what is put around a fragment to make a statement of it. The
// table named someName in it stands for the table that the text does not say.
type frame struct {
	prefix, suffix string
	fragment       Fragment
}

var (
	whole      = frame{fragment: Statement}
	withOnly   = frame{suffix: " SELECT", fragment: Statement} // WITH x AS (…), its statement elsewhere
	condition  = frame{prefix: "SELECT FROM zqt WHERE", fragment: Condition}
	conjunct   = frame{prefix: "SELECT FROM zqt WHERE true", fragment: Condition}
	comparand  = frame{prefix: "SELECT FROM zqt WHERE zqt", fragment: Condition}
	tail       = frame{prefix: "SELECT FROM zqt", fragment: Condition}
	order      = frame{prefix: "SELECT FROM zqt ORDER BY", fragment: Order}
	columns    = frame{prefix: "SELECT", suffix: " FROM zqt", fragment: Columns}
	moreCols   = frame{prefix: "SELECT zqt", fragment: Columns}
	from       = frame{prefix: "SELECT FROM", fragment: Tables}
	join       = frame{prefix: "SELECT FROM zqt", fragment: Tables}
	joinTable  = frame{prefix: "SELECT FROM zqt JOIN", fragment: Tables}
	joinOn     = frame{prefix: "SELECT FROM zqt JOIN zqt", fragment: Tables}
	assign     = frame{prefix: "UPDATE zqt SET", fragment: Assign}
	assignTail = frame{prefix: "UPDATE zqt", fragment: Assign}
	moreAssign = frame{prefix: "UPDATE zqt SET zqt = NULL", fragment: Assign}
	updateRest = frame{prefix: "UPDATE", fragment: Assign}
	selectRest = frame{prefix: "SELECT", fragment: Columns}
	rows       = frame{prefix: "INSERT INTO zqt VALUES", fragment: Auto}
	moreRows   = frame{prefix: "INSERT INTO zqt VALUES (NULL)", fragment: Auto}
	insertRest = frame{prefix: "INSERT INTO zqt", fragment: Auto}
	conflict   = frame{prefix: "INSERT INTO zqt VALUES (NULL)", fragment: Auto}
	doUpdate   = frame{prefix: "INSERT INTO zqt VALUES (NULL) ON CONFLICT (zqt)", fragment: Assign}
	returning  = frame{prefix: "DELETE FROM zqt", fragment: Columns}
	expression = frame{prefix: "SELECT", fragment: Expr}
)

// byFragment is what a caller's fragment may be wrapped in.
var byFragment = map[Fragment][]frame{
	Condition: {condition, conjunct, tail, whole}, Order: {order, tail}, Columns: {columns, selectRest},
	Tables: {from, join, joinTable}, Assign: {assign, assignTail}, Expr: {expression, condition}, Statement: {whole},
}

// command returns the command of the tokens in this frame.
func (f frame) command(all []tok, toks []int) string {
	if f.prefix != "" {
		return ""
	}
	word := all[toks[0]].word
	if word == "with" { // the statement behind the common table expressions
		depth := 0
		for _, i := range toks {
			switch t := &all[i]; {
			case t.is("("):
				depth++
			case t.is(")"):
				depth--
			case depth == 0 && t.is("select", "insert", "update", "delete", "merge", "values"):
				return upper(t.word)
			}
		}
	}
	for _, i := range toks { // (SELECT …)
		if t := &all[i]; !t.is("(") {
			word = t.word
			break
		}
	}
	if word == "explain" || word == "prepare" || word == "declare" {
		for _, i := range toks[1:] {
			if t := &all[i]; t.is("select", "insert", "update", "delete", "merge", "values", "with") {
				return upper(t.word)
			}
		}
	}
	return upper(word)
}

// frames lists the frames to try for the tokens, the likely ones first.
func (a *analysis) frames(toks []int, first bool) []frame {
	if first && a.Fragment != Auto && len(byFragment[a.Fragment]) > 0 {
		list := byFragment[a.Fragment]
		if t := &a.toks[toks[0]]; !t.is("where", "having", "on", "order", "group", "join", "left", "inner", "set") {
			return list
		} else if a.Fragment != Statement {
			return append(a.auto(toks, first), list...)
		}
		return list
	}
	return a.auto(toks, first)
}

// auto chooses frames by the first words.
func (a *analysis) auto(toks []int, first bool) []frame {
	t := &a.toks[toks[0]]
	var next *tok
	if len(toks) > 1 {
		next = &a.toks[toks[1]]
	}
	column := next != nil && (next.kind == kOp || next.is("in", "like", "ilike", "is", "between", ".", "not", "asc", "desc", ","))
	switch {
	case t.kind == kWord && statementWord[t.word] && !t.is("set", "values") && (!column || t.is("select")):
		if !first && t.is("for") {
			return []frame{tail}
		}
		if t.is("with") {
			return []frame{whole, withOnly}
		}
		return []frame{whole}
	case t.is("("):
		return a.parenthesis(toks, next)
	case t.is(","):
		return []frame{moreAssign, moreRows, moreCols, joinOn}
	case t.kind == kOp || t.is("in", "like", "ilike", "is", "between") || t.is("not") && (next == nil || !next.is("exists", "(")):
		return []frame{comparand, conjunct, condition}
	case t.kind == kWord && len(t.holes) == 0:
		if f := byWord(t.word, first); f != nil {
			return f
		}
	}
	if next != nil && next.is("set") { // the hole before it is UPDATE
		return []frame{updateRest}
	}
	return []frame{condition, columns, order, assign, from}
}

// byWord returns the frames for a text that starts with a clause. SET and VALUES
// are statements, too, unless something stands before them.
func byWord(word string, first bool) []frame {
	switch word {
	case "set":
		if first {
			return []frame{whole, assignTail}
		}
		return []frame{assignTail, whole}
	case "values":
		if first {
			return []frame{whole, insertRest}
		}
		return []frame{insertRest, whole}
	case "where", "group", "having", "limit", "offset", "fetch", "for", "window", "order", "union", "intersect", "except":
		if word == "where" {
			return []frame{tail, assignWhere}
		}
		return []frame{tail}
	case "and", "or":
		return []frame{conjunct}
	case "join", "left", "right", "inner", "full", "cross", "natural", "lateral":
		return []frame{join}
	case "using":
		return []frame{joinOn, returning}
	case "on":
		return []frame{conflict, joinOn}
	case "do":
		return []frame{doUpdate, whole}
	case "from":
		return []frame{selectRest}
	case "returning":
		return []frame{returning}
	}
	return nil
}

var assignWhere = frame{prefix: "UPDATE zqt SET zqt = NULL", fragment: Condition}

// parenthesis tells a subquery, rows of values, a column list with its values
// and a condition apart.
func (a *analysis) parenthesis(toks []int, next *tok) []frame {
	if next != nil && next.is("select", "with") {
		return []frame{whole, condition}
	}
	depth := 0
	for i, idx := range toks {
		switch t := &a.toks[idx]; {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		case depth == 0 && t.is("values", "select"):
			return []frame{insertRest}
		case depth == 0 && t.is(",") && i > 0:
			return []frame{rows, columns}
		}
	}
	return []frame{condition, rows, columns}
}

// unnamed tells the frame's own table from those of the text. What it stands
// for is the table that the caller named, if any.
func (a *analysis) unnamed(table string) (string, bool) {
	if strings.EqualFold(table, someName) {
		return a.Table, true
	}
	return table, false
}
