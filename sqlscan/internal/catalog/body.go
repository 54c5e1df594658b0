package catalog

import (
	"bytes"
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxDepth bounds DO blocks in EXECUTE in DO blocks.
const maxDepth = 8

// text returns the statement's own text.
func (s *Statement) text() string {
	if s.Base < 0 || s.Source == nil || s.Place.End > len(s.Source) {
		return ""
	}
	return string(s.Source[s.Place.Start:s.Place.End])
}

// plpgsql returns the body of a statement.
func (c *Catalog) plpgsql(s *Statement) (*pgparse.PLFunction, error) {
	if s.body != nil {
		return s.body.Function, s.body.Err
	}
	text := s.text()
	if text == "" {
		return nil, pgparse.ErrNotPLpgSQL
	}
	return c.Parser.ParsePLpgSQL(text)
}

// outermost returns the statement of the file that holds s.
func (s *Statement) outermost() *Statement {
	for s.Inside != nil {
		s = s.Inside
	}
	return s
}

// inner makes a statement for text that stands at an offset of s's own text,
// or somewhere in it if offset is negative.
func (s *Statement) inner(node *pgparse.Node, offset, length int) *Statement {
	in := &Statement{Node: node, Source: s.Source, Base: -1, RolledBack: s.RolledBack, Inside: s.outermost(), Function: s.Function, Place: s.Place}
	if s.Base >= 0 && offset >= 0 {
		in.Base = s.Base + offset
		in.Place = Place{s.Place.File, in.Base, in.Base + length}
	}
	return in
}

// readBody parses what the function will run. Its statements are kept, not
// applied: they run when it is called.
func (c *Catalog) readBody(f *Function, s *Statement, n *pgparse.CreateFunctionStmt) {
	keep := func(in *Statement) {
		in.Function = f
		f.Body = append(f.Body, in)
		c.keep(in)
	}
	if n.SqlBody != nil {
		c.readAtomic(n.SqlBody, s, keep)
		return
	}
	switch f.Language {
	case "plpgsql":
		pl, err := c.plpgsql(s)
		if err != nil {
			return
		}
		f.PL = pl
		c.readPL(pl, s, keep)
	case "sql":
		for _, o := range n.Options {
			if d := o.GetDefElem(); d.GetDefname() == "as" {
				c.readSQLText(constText(d.Arg), s, keep)
			}
		}
	}
}

// readAtomic reads a body in BEGIN ATOMIC … END, or a single RETURN.
func (c *Catalog) readAtomic(body *pgparse.Node, s *Statement, keep func(*Statement)) {
	if list := body.GetList(); list != nil {
		for _, i := range list.Items {
			c.readAtomic(i, s, keep)
		}
		return
	}
	if body != nil {
		in := s.inner(body, 0, 0)
		in.Place = s.Place
		keep(in)
	}
}

func (c *Catalog) readSQLText(body string, s *Statement, keep func(*Statement)) {
	at := -1
	if text := s.text(); text != "" {
		at = bytes.Index([]byte(text), []byte(body))
	}
	for _, st := range c.Parser.Parse([]byte(body)) {
		if st.Err != nil {
			continue
		}
		offset := -1
		if at >= 0 {
			offset = at + st.Start
		}
		keep(s.inner(st.Node, offset, st.End-st.Start))
	}
}

// readPL keeps the SQL of a PL/pgSQL body: its statements and queries, and
// the EXECUTE strings that are constant.
func (c *Catalog) readPL(pl *pgparse.PLFunction, s *Statement, keep func(*Statement)) {
	env := c.environment(pl)
	pl.Walk(func(st *pgparse.PLStatement) bool {
		for _, e := range st.Exprs {
			if st.Kind == pgparse.PLFor || plainExpression(e.Text) {
				continue
			}
			if node, at, err := e.Parse(); err == nil {
				keep(plInner(s, e, node, at))
			}
		}
		if st.Dynamic != nil {
			if text, ok := c.constant(st.Dynamic, env); ok {
				c.dynamic(text, st.Dynamic, s, keep)
			} else if node, _, err := st.Dynamic.Parse(); err == nil {
				c.sketch(st.Dynamic, target(node), env, s)
			}
		}
		return true
	})
}

// plInner makes the statement for an expression of a body.
func plInner(s *Statement, e *pgparse.PLExpr, node *pgparse.Node, at int) *Statement {
	if e.Offset < 0 {
		return s.inner(node, -1, 0)
	}
	in := s.inner(node, e.Offset+at, len(e.Text)-at)
	in.Place.Start = max(in.Place.Start, s.Place.Start)
	if at < 0 { // the parsed text has a prefix of its own
		in.Place.Start -= at
	}
	if start := in.Place.Start; in.Base >= 0 && start > 0 && containsFold(string(s.Source[start-1:min(start+6, len(s.Source))]), "perform") {
		in.Place.Start-- // the parser gives SELECT, which is one shorter
	}
	return in
}

// plainExpression reports whether a text cannot hold a query: most conditions
// and assignments do not, and need no parser.
func plainExpression(text string) bool {
	return !containsFold(text, "select") && !containsFold(text, "(") && !containsFold(text, "insert") &&
		!containsFold(text, "update") && !containsFold(text, "delete") && !containsFold(text, "create") &&
		!containsFold(text, "alter") && !containsFold(text, "grant") && !containsFold(text, "drop") && !containsFold(text, "set") &&
		!containsFold(text, "notify") && !containsFold(text, "copy") && !containsFold(text, "revoke")
}

func containsFold(s, word string) bool {
	for i := 0; i+len(word) <= len(s); i++ {
		j := 0
		for j < len(word) && s[i+j]|0x20 == word[j]|0x20 {
			j++
		}
		if j == len(word) {
			return true
		}
	}
	return false
}

// dynamic parses the text of an EXECUTE. It stands in the file as it is only if
// the expression is one plain literal.
func (c *Catalog) dynamic(text string, e *pgparse.PLExpr, s *Statement, keep func(*Statement)) {
	offset := -1
	if e.Offset >= 0 {
		if i := bytes.Index([]byte(e.Text), []byte(text)); i >= 0 {
			offset = e.Offset + i
		}
	}
	for _, st := range c.Parser.Parse([]byte(text)) {
		if st.Err != nil {
			continue
		}
		at := -1
		if offset >= 0 {
			at = offset + st.Start
		}
		in := s.inner(st.Node, at, st.End-st.Start)
		if at < 0 && e.Offset >= 0 && s.Base >= 0 {
			in.Place = Place{s.Place.File, s.Base + e.Offset, s.Base + e.Offset + len(e.Text)}
		}
		keep(in)
	}
}

// FunctionReads returns the relations that the function's body names, as names
// are understood at the end of the history.
func (c *Catalog) FunctionReads(f *Function) []*Table {
	var out []*Table
	saved := c.path
	if p, ok := f.Config["search_path"]; ok {
		c.apply("search_path", p, nil)
	}
	for _, in := range f.Body {
		for _, t := range c.Reads(in.Node) {
			if !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	c.path = saved
	return out
}
