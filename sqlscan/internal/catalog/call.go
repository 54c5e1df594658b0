package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxCalls bounds how many calls of functions a replay follows, so that it
// stays linear whatever the history calls in its loops.
const maxCalls = 2000

// selectCalls runs the functions that a SELECT without a table calls, or calls
// for rows that are known: histories keep what they repeat in functions.
func (c *Catalog) selectCalls(s *Statement, n *pgparse.SelectStmt) {
	if n.Larg != nil || len(c.functions) == 0 {
		return
	}
	var calls []*pgparse.FuncCall
	for _, t := range n.TargetList {
		if f := t.GetResTarget().GetVal().GetFuncCall(); f != nil && len(c.FunctionsCalled(f.Funcname)) > 0 {
			calls = append(calls, f)
		}
	}
	rows := []env{{}}
	if len(n.FromClause) == 1 && n.FromClause[0].GetRangeFunction() != nil && len(calls) == 0 {
		for _, f := range n.FromClause[0].GetRangeFunction().Functions {
			if items := f.GetList().GetItems(); len(items) > 0 && items[0].GetFuncCall() != nil {
				calls = append(calls, items[0].GetFuncCall())
			}
		}
	} else if len(n.FromClause) > 0 && len(calls) > 0 {
		var ok bool
		all := &pgparse.SelectStmt{FromClause: n.FromClause, WhereClause: n.WhereClause}
		if rows, ok = c.rows(all, s.env); !ok {
			rows = []env{{}}
		}
	}
	for _, row := range rows {
		for _, f := range calls {
			c.call(s, f, s.env.with(row))
		}
	}
}

// with returns the variables of both.
func (e env) with(row env) env {
	out := make(env, len(e)+len(row))
	for k, v := range e {
		out[k] = v
	}
	for k, v := range row {
		out[k] = v
	}
	return out
}

// call runs the body of a function of the history, if it may change what is
// judged. It reports whether it found the function.
func (c *Catalog) call(s *Statement, call *pgparse.FuncCall, e env) bool {
	var f *Function
	for _, x := range c.FunctionsCalled(call.GetFuncname()) {
		if len(x.Args) >= len(call.Args) && (f == nil || len(x.Args) < len(f.Args)) {
			f = x
		}
	}
	if f == nil {
		return false
	}
	if !f.defines() {
		return true
	}
	if c.depth >= maxDepth || c.calls >= maxCalls {
		c.skip("a deep or repeated call", s.Head())
		return true
	}
	c.calls++
	c.depth++
	actor, path := c.actor, c.path
	if f.Definer {
		c.actor = f.Owner
	}
	if p, ok := f.Config["search_path"]; ok {
		c.apply("search_path", p, nil)
	}
	c.runFunction(f, call, e)
	c.depth--
	if f.Definer {
		c.actor = actor
	}
	if _, ok := f.Config["search_path"]; ok {
		c.path = path
	}
	return true
}

func (c *Catalog) runFunction(f *Function, call *pgparse.FuncCall, e env) {
	if f.PL == nil {
		for _, in := range slices.Clone(f.Body) {
			run := *in
			run.Function = nil
			c.run(&run)
		}
		return
	}
	variables := c.environment(f.PL)
	for i, a := range call.Args {
		name := ""
		if i < len(f.ArgNames) {
			name = f.ArgNames[i]
		}
		if named := a.GetNamedArgExpr(); named != nil {
			name, a = named.Name, named.Arg
		}
		for _, key := range []string{strings.ToLower(name), parameter(i)} {
			delete(variables, key)
			if v, ok := e.eval(a); ok && key != "" {
				variables[key] = v
			}
		}
	}
	if f.trees == nil {
		f.trees = map[*pgparse.PLExpr]parsed{}
	}
	b := &block{c: c, s: f.Stmt, trees: f.trees}
	b.run(f.PL.Body, variables)
}

// parameter is the name under which an environment keeps $1 and its like.
func parameter(i int) string { return "$" + string(rune('1'+min(i, 8))) }

// defines reports whether the body holds more than queries.
func (f *Function) defines() bool {
	if f.PL == nil {
		return slices.ContainsFunc(f.Body, func(s *Statement) bool { return changesSchema(s.Node) })
	}
	found := false
	f.PL.Walk(func(st *pgparse.PLStatement) bool {
		switch st.Kind {
		case pgparse.PLExecute:
			found = found || st.Dynamic != nil && !startsWithQuery(st.Dynamic.Text)
		case pgparse.PLPerform, pgparse.PLCall, pgparse.PLForExecute:
			found = true
		case pgparse.PLSQL:
			for _, x := range st.Exprs {
				found = found || !startsWithQuery(x.Text)
			}
		}
		return !found
	})
	return found
}

// startsWithQuery reports whether a text of SQL, or the literal that it starts
// with, changes rows at most.
func startsWithQuery(text string) bool {
	text = strings.TrimLeft(text, " \t\r\n(E'$")
	for _, word := range []string{"select", "insert", "update", "delete", "with", "merge", "notify", "lock", "truncate", "perform"} {
		if len(text) >= len(word) && strings.EqualFold(text[:len(word)], word) {
			return true
		}
	}
	return false
}

func changesSchema(n *pgparse.Node) bool {
	switch n.GetNode().(type) {
	case nil, *pgparse.Node_SelectStmt, *pgparse.Node_InsertStmt, *pgparse.Node_UpdateStmt, *pgparse.Node_DeleteStmt, *pgparse.Node_MergeStmt,
		*pgparse.Node_ReturnStmt:
		return false
	}
	return true
}
