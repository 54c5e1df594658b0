package pgparse

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

// plSource finds the pieces of a body in the statement it stands in.
type plSource struct {
	stmt  string
	start int   // offset of the body in stmt, -1 if it is not there literally
	lines []int // offset in stmt of each line of the body
	// missed counts searches without result; a few are enough to know that
	// the body is not there as it is, and to stop searching.
	missed int
}

func newPLSource(stmt, body string) *plSource {
	s := &plSource{stmt: stmt, start: -1}
	// A body in single quotes with doubled quotes inside is not found.
	if body != "" {
		s.start = strings.Index(stmt, body)
	}
	if s.start < 0 {
		return s
	}
	s.lines = append(s.lines, s.start)
	for i := range len(body) {
		if body[i] == '\n' {
			s.lines = append(s.lines, s.start+i+1)
		}
	}
	return s
}

// maxMissed bounds fruitless searches, each of which may read the whole body.
const maxMissed = 32

// find returns where text stands, at or behind the given line of the body.
func (s *plSource) find(text string, line int) int {
	if s.start < 0 || line < 1 || line > len(s.lines) || s.missed > maxMissed || text == "" {
		return -1
	}
	from := s.lines[line-1]
	// The library blanks INTO clauses, so what is in front of the first run
	// of spaces is what can be searched for.
	if i := strings.Index(s.stmt[from:], text); i >= 0 {
		return from + i
	}
	if i := strings.Index(text, "     "); i > 0 {
		if j := strings.Index(s.stmt[from:], text[:i+1]); j >= 0 {
			return from + j
		}
	}
	s.missed++
	return -1
}

// The JSON of the library: every node is an object with one key, its type. One
// pass over the text reads it all; what a type does not have stays empty.
type (
	plNode  map[string]*plAny
	plDatum map[string]*plVarJSON

	plExprJSON struct {
		Expr *struct {
			Query     string `json:"query"`
			ParseMode int    `json:"parseMode"`
		} `json:"PLpgSQL_expr"`
	}

	// plAny holds the fields of all statement types; no name means two things.
	plAny struct {
		Lineno     int            `json:"lineno"`
		Varno      *int           `json:"varno"`
		TVarno     *int           `json:"t_varno"`
		Curvar     *int           `json:"curvar"`
		Body       []plNode       `json:"body"`
		ThenBody   []plNode       `json:"then_body"`
		ElseBody   []plNode       `json:"else_body"`
		ElseStmts  []plNode       `json:"else_stmts"`
		Stmts      []plNode       `json:"stmts"`
		ElsifList  []plNode       `json:"elsif_list"`
		CaseWhen   []plNode       `json:"case_when_list"`
		Exceptions plNode         `json:"exceptions"`
		ExcList    []plNode       `json:"exc_list"`
		Conditions []plNode       `json:"conditions"`
		Action     []plNode       `json:"action"`
		Condname   string         `json:"condname"`
		Expr       *plExprJSON    `json:"expr"`
		Cond       *plExprJSON    `json:"cond"`
		TExpr      *plExprJSON    `json:"t_expr"`
		Lower      *plExprJSON    `json:"lower"`
		Upper      *plExprJSON    `json:"upper"`
		Step       *plExprJSON    `json:"step"`
		Query      *plExprJSON    `json:"query"`
		ArgQuery   *plExprJSON    `json:"argquery"`
		DynQuery   *plExprJSON    `json:"dynquery"`
		SQLStmt    *plExprJSON    `json:"sqlstmt"`
		Message    plMessageField `json:"message"`
		Params     []plExprJSON   `json:"params"`
		Options    []struct {
			Option struct {
				Type int         `json:"opt_type"`
				Expr *plExprJSON `json:"expr"`
			} `json:"PLpgSQL_raise_option"`
		} `json:"options"`
		ElogLevel int     `json:"elog_level"`
		Target    plDatum `json:"target"`
		Var       plDatum `json:"var"`
	}

	// plVarJSON holds the fields of all kinds of variable.
	plVarJSON struct {
		Refname   string `json:"refname"`
		Fieldname string `json:"fieldname"`
		Parent    int    `json:"recparentno"`
		Lineno    int    `json:"lineno"`
		Datatype  struct {
			Type struct {
				Name string `json:"typname"`
			} `json:"PLpgSQL_type"`
		} `json:"datatype"`
		Isconst bool        `json:"isconst"`
		Default *plExprJSON `json:"default_val"`
		Cursor  *plExprJSON `json:"cursor_explicit_expr"`
		Fields  []*struct {
			Name string `json:"name"`
		} `json:"fields"`
	}
)

// plMessageField is the text of RAISE or the expression of ASSERT.
type plMessageField struct {
	text string
	expr *plExprJSON
}

// UnmarshalJSON accepts both.
func (m *plMessageField) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		return json.Unmarshal(b, &m.expr)
	}
	return json.Unmarshal(b, &m.text)
}

// plDecoder turns the library's JSON into the exported types.
type plDecoder struct {
	source *plSource
	datums []*plVarJSON
	more   int // rows left out
}

func decodePL(data string, source *plSource) (*PLFunction, error) {
	var functions []struct {
		Function struct {
			Datums []plDatum `json:"datums"`
			Action plNode    `json:"action"`
		} `json:"PLpgSQL_function"`
	}
	if err := json.Unmarshal([]byte(data), &functions); err != nil {
		return nil, fmt.Errorf("reading the parser's PL/pgSQL tree: %w", err)
	}
	if len(functions) != 1 {
		return nil, ErrNotPLpgSQL
	}
	d := &plDecoder{source: source}
	f := new(PLFunction)
	for _, n := range functions[0].Function.Datums {
		d.datums = append(d.datums, n.fields())
	}
	for _, v := range d.datums {
		if v.Refname != "" && v.Refname != "(unnamed row)" {
			f.Vars = append(f.Vars, PLVar{
				Name: v.Refname, Type: strings.TrimSpace(v.Datatype.Type.Name), Line: v.Lineno, Constant: v.Isconst,
				Default: d.expr(v.Default, v.Lineno), Cursor: d.expr(v.Cursor, v.Lineno),
			})
		}
	}
	if len(functions[0].Function.Action) > 0 {
		f.Body = d.statements([]plNode{functions[0].Function.Action})
	}
	f.More = d.more
	return f, nil
}

// fields returns the type and the fields of a node.
func (n plNode) fields() (PLKind, *plAny) {
	for name, a := range n { // one key only
		if a == nil {
			a = new(plAny)
		}
		return PLKind(strings.TrimPrefix(strings.TrimPrefix(name, "PLpgSQL_"), "stmt_")), a
	}
	return "", new(plAny)
}

func (n plDatum) fields() *plVarJSON {
	for _, v := range n { // one key only
		if v != nil {
			return v
		}
	}
	return new(plVarJSON)
}

func (d *plDecoder) expr(e *plExprJSON, line int) *PLExpr {
	if e == nil || e.Expr == nil {
		return nil
	}
	x := &PLExpr{Text: e.Expr.Query, Mode: PLMode(e.Expr.ParseMode), Line: line, Offset: d.source.find(e.Expr.Query, line)}
	if text, more := shortened([]byte(x.Text)); more > 0 {
		x.Text = string(text)
		d.more += more
	}
	return x
}

func (d *plDecoder) exprs(line int, list ...*plExprJSON) []*PLExpr {
	var out []*PLExpr
	for _, e := range list {
		if x := d.expr(e, line); x != nil {
			out = append(out, x)
		}
	}
	return out
}

func (d *plDecoder) params(line int, list []plExprJSON) []*PLExpr {
	var out []*PLExpr
	for i := range list {
		out = append(out, d.exprs(line, &list[i])...)
	}
	return out
}

func (d *plDecoder) statements(nodes []plNode) []*PLStatement {
	var out []*PLStatement
	for _, n := range nodes {
		kind, a := n.fields()
		out = append(out, d.statement(kind, a))
	}
	return out
}

func (d *plDecoder) statement(kind PLKind, a *plAny) *PLStatement {
	s := &PLStatement{Kind: kind, Line: a.Lineno}
	if kind == PLPerform && a.Expr != nil && a.Expr.Expr != nil {
		// The library writes SELECT over the end of PERFORM.
		const word = "SELECT"
		text := a.Expr.Expr.Query
		at := d.source.find(strings.TrimPrefix(text, word), a.Lineno)
		s.Exprs = []*PLExpr{{Text: text, Mode: PLStatementText, Line: a.Lineno, Offset: max(at-len(word), -1)}}
		return s
	}
	s.Exprs = d.exprs(a.Lineno, a.TExpr, a.Cond, a.Expr, a.Lower, a.Upper, a.Step, a.ArgQuery, a.SQLStmt, a.Message.expr)
	s.Dynamic = d.expr(a.DynQuery, a.Lineno)
	switch query := d.expr(a.Query, a.Lineno); {
	case query == nil:
	case kind == PLExecute || kind == PLForExecute:
		s.Dynamic = query
	default:
		s.Exprs = append(s.Exprs, query)
	}
	if kind == PLRaise {
		s.Raise = d.raise(a)
	} else {
		s.Using = d.params(a.Lineno, a.Params)
	}
	s.Vars = d.targets(kind, a)
	d.bodies(s, a)
	return s
}

// bodies fills in the statements inside, in source order.
func (d *plDecoder) bodies(s *PLStatement, a *plAny) {
	add := func(nodes []plNode) {
		if len(nodes) > 0 {
			s.Bodies = append(s.Bodies, d.statements(nodes))
		}
	}
	add(a.Body)
	if s.Kind == PLIf {
		// An empty branch keeps its place: conditions and branches go together.
		s.Bodies = append(s.Bodies, d.statements(a.ThenBody))
	} else {
		add(a.ThenBody)
	}
	for _, n := range append(a.ElsifList, a.CaseWhen...) {
		_, branch := n.fields()
		s.Exprs = append(s.Exprs, d.exprs(branch.Lineno, branch.Cond, branch.Expr)...)
		if s.Kind == PLIf {
			s.Bodies = append(s.Bodies, d.statements(branch.Stmts))
		} else {
			add(branch.Stmts)
		}
	}
	add(a.ElseBody)
	add(a.ElseStmts)
	if a.Exceptions == nil {
		return
	}
	_, block := a.Exceptions.fields()
	for _, n := range block.ExcList {
		_, handler := n.fields()
		h := PLHandler{Body: d.statements(handler.Action)}
		for _, c := range handler.Conditions {
			_, condition := c.fields()
			h.Conditions = append(h.Conditions, condition.Condname)
		}
		s.Handlers = append(s.Handlers, h)
	}
}

// targets names the variables the statement writes.
func (d *plDecoder) targets(kind PLKind, a *plAny) []string {
	var out []string
	if a.Varno != nil {
		out = append(out, d.variable(*a.Varno))
	} else if kind == PLAssign || kind == PLForEach { // number 0 is left out of the JSON
		out = append(out, d.variable(0))
	}
	for _, n := range []plDatum{a.Target, a.Var} {
		v := n.fields()
		if len(v.Fields) == 0 && v.Refname != "" {
			out = append(out, v.Refname)
		}
		for _, f := range v.Fields {
			if f != nil {
				out = append(out, f.Name)
			}
		}
	}
	return out
}

// variable returns the name of a numbered variable, "record.field" for a field.
func (d *plDecoder) variable(number int) string {
	if number < 0 || number >= len(d.datums) {
		return ""
	}
	v := d.datums[number]
	if v.Fieldname != "" && v.Parent < len(d.datums) {
		return d.datums[v.Parent].Refname + "." + v.Fieldname
	}
	return v.Refname
}

// PostgreSQL's numbers of the levels and the order of RAISE's options.
var (
	raiseLevels = []struct {
		min  int
		name string
	}{{21, "exception"}, {19, "warning"}, {18, "notice"}, {17, "info"}, {15, "log"}, {0, "debug"}}
	raiseOptions = []string{"errcode", "message", "detail", "hint", "column", "constraint", "datatype", "table", "schema"}
)

func (d *plDecoder) raise(a *plAny) *PLRaiseInfo {
	r := &PLRaiseInfo{Condition: a.Condname, Format: a.Message.text, Params: d.params(a.Lineno, a.Params)}
	i := sort.Search(len(raiseLevels), func(i int) bool { return a.ElogLevel >= raiseLevels[i].min })
	r.Level = raiseLevels[min(i, len(raiseLevels)-1)].name
	for _, o := range a.Options {
		name := "other"
		if t := o.Option.Type; t >= 0 && t < len(raiseOptions) {
			name = raiseOptions[t]
		}
		if e := d.expr(o.Option.Expr, a.Lineno); e != nil {
			r.Options = append(r.Options, PLRaiseOption{Name: name, Expr: e})
		}
	}
	return r
}
