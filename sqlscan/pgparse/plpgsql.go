package pgparse

import (
	"errors"
	"strings"
)

// A PLFunction is the body of a PL/pgSQL function, procedure or DO block.
type PLFunction struct {
	Name string // "" for a DO block
	// Vars are the declared variables, parameters and loop variables, in the
	// order of their declaration.
	Vars []PLVar
	Body []*PLStatement
	// More counts the rows of data of its INSERTs that are not in their texts:
	// see [MaxRows].
	More int
}

// A PLVar is a variable of a PL/pgSQL function.
type PLVar struct {
	Name, Type string
	Line       int // line of the body, 0 for parameters and the built-in ones
	Constant   bool
	Default    *PLExpr // nil if there is none
	Cursor     *PLExpr // the query of a bound cursor
}

// A PLMode tells how the text of a [PLExpr] is to be parsed.
type PLMode int

// The modes of the library's PL/pgSQL parser.
const (
	PLStatementText PLMode = 0 // a whole SQL statement
	PLExpression    PLMode = 2 // an expression
	PLAssign1       PLMode = 3 // name := expression
	PLAssign2       PLMode = 4 // name.name := expression
	PLAssign3       PLMode = 5 // name.name.name := expression
)

// A PLExpr is SQL text inside a function body: a statement, an expression or
// an assignment.
type PLExpr struct {
	Text string
	Mode PLMode
	// Offset is where Text starts in the text that was given to
	// [Cache.ParsePLpgSQL], or -1 if that is not known. An INTO clause in Text is
	// replaced by spaces, and so are the rows of an INSERT behind the first
	// [MaxRows]; offsets inside Text hold.
	Offset int
	Line   int // line of the body, from 1

	cache *Cache
}

// Expression returns the text to the right of an assignment, or the text
// itself, and where it starts in Text.
func (e *PLExpr) Expression() (string, int) {
	if e.Mode < PLAssign1 {
		return e.Text, 0
	}
	l := lexer{src: []byte(e.Text)}
	for depth := 0; ; {
		t, ok := l.next()
		if !ok {
			return e.Text, 0
		}
		switch text := e.Text[t.Start:t.End]; {
		case text == "[":
			depth++
		case text == "]":
			depth--
		case depth == 0 && (text == ":=" || text == "="):
			return e.Text[t.End:], t.End
		}
	}
}

// Target returns the name an assignment writes to, or "".
func (e *PLExpr) Target() string {
	if e.Mode < PLAssign1 {
		return ""
	}
	_, at := e.Expression()
	return strings.TrimSpace(strings.TrimRight(e.Text[:at], ":="))
}

// Parse parses the text. An expression comes back as SELECT expression. The
// second result is what has to be added to a location of the tree to get an
// offset inside Text.
func (e *PLExpr) Parse() (*Node, int, error) {
	if e.Mode == PLStatementText {
		n, err := e.cache.parseOne(e.Text)
		return n, 0, err
	}
	const prefix = "SELECT "
	text, at := e.Expression()
	n, err := e.cache.parseOne(prefix + text)
	return n, at - len(prefix), err
}

// A PLKind is the kind of a [PLStatement].
type PLKind string

// The kinds of statement. The loops are PLFor (integers), PLForQuery,
// PLForCursor, PLForExecute, PLForEach, PLWhile and PLLoop.
const (
	PLBlock       PLKind = "block"
	PLAssign      PLKind = "assign"
	PLIf          PLKind = "if"
	PLCase        PLKind = "case"
	PLLoop        PLKind = "loop"
	PLWhile       PLKind = "while"
	PLFor         PLKind = "fori"
	PLForQuery    PLKind = "fors"
	PLForCursor   PLKind = "forc"
	PLForExecute  PLKind = "dynfors"
	PLForEach     PLKind = "foreach_a"
	PLExit        PLKind = "exit"
	PLReturn      PLKind = "return"
	PLReturnNext  PLKind = "return_next"
	PLReturnQuery PLKind = "return_query"
	PLRaise       PLKind = "raise"
	PLAssert      PLKind = "assert"
	PLSQL         PLKind = "execsql"    // a plain SQL statement
	PLExecute     PLKind = "dynexecute" // EXECUTE
	PLDiagnostics PLKind = "getdiag"
	PLOpen        PLKind = "open"
	PLFetch       PLKind = "fetch"
	PLClose       PLKind = "close"
	PLPerform     PLKind = "perform"
	PLCall        PLKind = "call"
	PLCommit      PLKind = "commit"
	PLRollback    PLKind = "rollback"
)

// A PLStatement is one statement of a function body.
type PLStatement struct {
	Kind PLKind
	Line int // line of the body, from 1
	// Exprs holds what the statement evaluates or runs, apart from the other
	// fields: the condition of IF and WHILE, the query of FOR and of SQL, the
	// bounds of an integer loop, the array of FOREACH.
	Exprs []*PLExpr
	// Dynamic is the expression whose value is run as SQL: EXECUTE, FOR … IN
	// EXECUTE, RETURN QUERY EXECUTE, OPEN … FOR EXECUTE.
	Dynamic *PLExpr
	Using   []*PLExpr
	// Vars names what the statement assigns to: the target of an
	// assignment, INTO, the variable of a loop.
	Vars  []string
	Raise *PLRaiseInfo
	// Bodies are the statements inside, one list for each branch: THEN, each
	// ELSIF or WHEN, ELSE; the body of a loop or block.
	Bodies [][]*PLStatement
	// Handlers are the exception handlers of a block.
	Handlers []PLHandler
}

// A PLHandler is one WHEN … THEN of an EXCEPTION clause.
type PLHandler struct {
	Conditions []string
	Body       []*PLStatement
}

// PLRaiseInfo is what a RAISE says.
type PLRaiseInfo struct {
	Level     string // "debug" "log" "info" "notice" "warning" "exception"
	Condition string // condition name or SQLSTATE
	Format    string // the message text, "" for a bare RAISE
	Params    []*PLExpr
	Options   []PLRaiseOption
}

// A PLRaiseOption is one option of RAISE … USING.
type PLRaiseOption struct {
	Name string // "message" "detail" "hint" "errcode" "column" "constraint" "datatype" "table" "schema"
	Expr *PLExpr
}

// Walk calls visit for the statement and all below it, in source order.
func (s *PLStatement) Walk(visit func(*PLStatement) bool) {
	if !visit(s) {
		return
	}
	for _, body := range s.Bodies {
		for _, c := range body {
			c.Walk(visit)
		}
	}
	for _, h := range s.Handlers {
		for _, c := range h.Body {
			c.Walk(visit)
		}
	}
}

// Walk calls visit for every statement of the body, in source order.
func (f *PLFunction) Walk(visit func(*PLStatement) bool) {
	for _, s := range f.Body {
		s.Walk(visit)
	}
}

// All returns every expression of the statement itself, in the order of its
// fields.
func (s *PLStatement) All() []*PLExpr {
	out := append([]*PLExpr(nil), s.Exprs...)
	if s.Dynamic != nil {
		out = append(out, s.Dynamic)
	}
	out = append(out, s.Using...)
	if s.Raise != nil {
		out = append(out, s.Raise.Params...)
		for _, o := range s.Raise.Options {
			out = append(out, o.Expr)
		}
	}
	return out
}

// ErrNotPLpgSQL is what [Cache.ParsePLpgSQL] returns for a statement that holds no
// PL/pgSQL.
var ErrNotPLpgSQL = errors.New("no PL/pgSQL body")

// ParseBodies sets the Body of the statements of src that may have one.
func (c *Cache) ParseBodies(src []byte, statements []Statement) {
	for i, s := range statements {
		if s.Node.GetCreateFunctionStmt() != nil || s.Node.GetDoStmt() != nil {
			f, err := c.plpgsql(string(src[s.Start:s.End]), s.Node)
			statements[i].Body = &PLBody{f, err}
			if f != nil {
				statements[i].More += f.More
			}
		}
	}
}

// parsePLpgSQL has the tree of the statement, or nil.
func (c *Cache) parsePLpgSQL(stmt string, node *Node) (*PLFunction, error) {
	if node == nil {
		var err error
		if node, err = c.parseOne(stmt); err != nil {
			return nil, err
		}
	}
	name, body, ok := plBody(node)
	if !ok {
		return nil, ErrNotPLpgSQL
	}
	text := validUTF8(stmt)
	data, types, err := parseBody(text, body)
	if err != nil {
		return nil, newPLError(err, text, body)
	}
	f, err := decodePL(data, newPLSource(text, body))
	if err != nil {
		return nil, err
	}
	f.Name = name
	for i, v := range f.Vars {
		if t, ok := types[strings.ToLower(v.Name)]; ok && v.Line > 0 {
			f.Vars[i].Type = t
		}
	}
	return f, nil
}

// parseBody returns the library's JSON, and the types of variables that had to
// be declared in another way than they are.
func parseBody(text, body string) (string, map[string]string, error) {
	data, err := locked(backendPLpgSQL, text)
	if err == nil || !strings.Contains(err.Error(), "is not a known variable") {
		return data, nil, err
	}
	start := strings.Index(text, body)
	if start < 0 {
		return data, nil, err
	}
	again, types := retype(text, start, body)
	if data, err := locked(backendPLpgSQL, again); err == nil {
		return data, types, nil
	}
	return data, nil, err
}

// newPLError places an error of the body at its start: the library counts in
// the body for some errors and in the statement for others, and the token it
// names stands at that place.
func newPLError(err error, stmt, body string) *SyntaxError {
	msg, _, _ := strings.Cut(newSyntaxError(err, stmt).Message, "\n")
	msg, _, _ = strings.Cut(msg, " at or near ")
	return &SyntaxError{Message: msg + " in PL/pgSQL body", Offset: max(strings.Index(stmt, body), 0)}
}

// plBody returns the PL/pgSQL text of a statement. The library asserts that
// there is a body and compares the language's name without folding it, so
// anything else must not reach it.
func plBody(node *Node) (name, body string, ok bool) {
	var options []*Node
	language := ""
	switch {
	case node.GetDoStmt() != nil:
		options, language = node.GetDoStmt().Args, "plpgsql"
	case node.GetCreateFunctionStmt() != nil:
		f := node.GetCreateFunctionStmt()
		if len(f.Funcname) == 0 || f.SqlBody != nil {
			return "", "", false
		}
		name = f.Funcname[len(f.Funcname)-1].GetString_().GetSval()
		options = f.Options
	}
	for _, o := range options {
		d := o.GetDefElem()
		switch d.GetDefname() {
		case "language":
			language = d.GetArg().GetString_().GetSval()
		case "as":
			if list := d.GetArg().GetList(); list != nil {
				if len(list.Items) != 1 {
					return "", "", false
				}
				body, ok = list.Items[0].GetString_().GetSval(), true
			} else if s := d.GetArg().GetString_(); s != nil {
				body, ok = s.GetSval(), true
			}
		}
	}
	return name, body, ok && language == "plpgsql"
}
