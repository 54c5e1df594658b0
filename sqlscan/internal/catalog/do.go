package catalog

import (
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxLoop bounds how often the body of a loop over constants is run.
const maxLoop = 500

// A block runs a DO block.
type block struct {
	c     *Catalog
	s     *Statement // the DO
	steps int
	// trees keeps what was parsed: a loop comes by the same text many times.
	trees map[*pgparse.PLExpr]parsed
}

type parsed struct {
	node *pgparse.Node
	at   int // what to add to its locations
	err  error
}

func (b *block) parse(x *pgparse.PLExpr) parsed {
	p, ok := b.trees[x]
	if !ok {
		p.node, p.at, p.err = x.Parse()
		b.trees[x] = p
	}
	return p
}

// env holds the variables whose values are known.
type env map[string]string

// do runs a DO block: every branch of its conditions, because these mostly ask
// whether something was done before, loops over constants and over the
// catalog's own tables, and what EXECUTE makes of constants.
func (c *Catalog) do(s *Statement, n *pgparse.DoStmt) {
	text := s.text()
	if text == "" || c.depth >= maxDepth {
		c.skip("DO", s.Head())
		return
	}
	pl, err := c.plpgsql(s)
	if err != nil {
		c.skip("DO", s.Head())
		c.Opaque = append(c.Opaque, s)
		return
	}
	if containsFold(text, "password") || containsFold(text, "secret") {
		// What a run does not come by, such as a handler, may hold one as well.
		c.readPL(pl, s, func(in *Statement) { c.Sketches = append(c.Sketches, in) })
	}
	c.depth++
	b := &block{c: c, s: s, trees: map[*pgparse.PLExpr]parsed{}}
	b.run(pl.Body, c.environment(pl))
	c.depth--
}

// environment returns the variables that are declared with a constant, and
// what the session's user is.
func (c *Catalog) environment(pl *pgparse.PLFunction) env {
	e := env{}
	for _, op := range []pgparse.SQLValueFunctionOp{pgparse.SQLValueFunctionOp_SVFOP_CURRENT_USER, pgparse.SQLValueFunctionOp_SVFOP_CURRENT_ROLE,
		pgparse.SQLValueFunctionOp_SVFOP_USER, pgparse.SQLValueFunctionOp_SVFOP_SESSION_USER} {
		e[op.String()] = c.actor
	}
	for _, v := range pl.Vars {
		if v.Default == nil {
			continue
		}
		if node, _, err := v.Default.Parse(); err == nil {
			if text, ok := e.eval(target(node)); ok {
				e[strings.ToLower(v.Name)] = text
			}
		}
	}
	return e
}

// target returns the expression of SELECT expression.
func target(n *pgparse.Node) *pgparse.Node {
	list := n.GetSelectStmt().GetTargetList()
	if len(list) == 0 {
		return nil
	}
	return list[0].GetResTarget().GetVal()
}

func (b *block) run(body []*pgparse.PLStatement, e env) {
	for _, st := range body {
		if b.steps++; b.steps > 50*maxLoop {
			return
		}
		b.statement(st, e)
	}
}

func (b *block) statement(st *pgparse.PLStatement, e env) {
	switch st.Kind {
	case pgparse.PLSQL, pgparse.PLPerform, pgparse.PLCall:
		for _, x := range st.Exprs {
			if p := b.parse(x); p.err == nil {
				in := plInner(b.s, x, p.node, p.at)
				in.env = e
				b.c.run(in)
			}
		}
		e.forget(st.Vars)
	case pgparse.PLExecute:
		b.execute(st.Dynamic, e)
		e.forget(st.Vars)
	case pgparse.PLAssign:
		b.assign(st, e)
	case pgparse.PLForEach, pgparse.PLForQuery:
		b.loop(st, e)
	case pgparse.PLForExecute, pgparse.PLForCursor, pgparse.PLWhile, pgparse.PLFor, pgparse.PLLoop:
		b.unknownLoop(st, e)
	case pgparse.PLBlock:
		for _, body := range st.Bodies {
			b.run(body, e)
		}
	default:
		b.branches(st, e)
	}
}

// branches runs what IF and CASE lead to: one branch if the condition is made
// of constants, else all of them, because conditions mostly ask whether
// something was done before.
func (b *block) branches(st *pgparse.PLStatement, e env) {
	bodies, conditions := st.Bodies, st.Exprs
	if st.Kind == pgparse.PLIf && len(bodies) >= len(conditions) {
		for len(conditions) > 0 {
			holds, known := b.condition(conditions[0], e)
			if !known {
				break
			}
			if holds {
				b.run(bodies[0], e)
				return
			}
			bodies, conditions = bodies[1:], conditions[1:]
		}
		if len(conditions) == 0 && len(bodies) == 1 {
			b.run(bodies[0], e)
			return
		}
	}
	before := e.with(nil)
	for _, body := range bodies {
		branch := before.with(nil)
		b.run(body, branch)
		for k, v := range branch {
			if old, known := before[k]; !known || old == v {
				if !known {
					e[k] = v
				}
				continue
			}
			delete(e, k) // it depends on the condition
		}
		for k := range before {
			if _, known := branch[k]; !known {
				delete(e, k)
			}
		}
	}
}

func (b *block) condition(x *pgparse.PLExpr, e env) (holds, known bool) {
	p := b.parse(x)
	if p.err != nil {
		return false, false
	}
	n := target(p.node)
	if n == nil {
		return false, false
	}
	return e.test(n, e)
}

// forget drops variables whose new value is not known.
func (e env) forget(names []string) {
	for _, name := range names {
		delete(e, strings.ToLower(name))
	}
}

// assigned names the variables that a body of a loop writes: what they were
// before the loop holds in its first round only.
func assigned(bodies [][]*pgparse.PLStatement) []string {
	var out []string
	for _, body := range bodies {
		for _, st := range body {
			st.Walk(func(in *pgparse.PLStatement) bool {
				out = append(out, in.Vars...)
				if in.Kind == pgparse.PLAssign && len(in.Exprs) > 0 {
					out = append(out, in.Exprs[0].Target())
				}
				return true
			})
		}
	}
	return out
}

func (b *block) execute(x *pgparse.PLExpr, e env) {
	if x == nil {
		return
	}
	p := b.parse(x)
	text, ok := e.eval(target(p.node))
	if !ok {
		b.c.sketch(x, target(p.node), e, b.s)
		if mayDefine(x.Text) {
			b.c.skip("EXECUTE of text that is not constant", plInner(b.s, x, nil, 0).Head())
		}
		return
	}
	b.c.dynamic(text, x, b.s, b.c.run)
}

// mayDefine reports whether dynamic SQL looks like more than a query.
func mayDefine(text string) bool {
	for _, word := range []string{"alter", "create", "drop", "grant", "revoke", "policy"} {
		if containsFold(text, word) {
			return true
		}
	}
	return false
}

func (b *block) assign(st *pgparse.PLStatement, e env) {
	for _, x := range st.Exprs {
		name := strings.ToLower(x.Target())
		if name == "" && len(st.Vars) > 0 {
			name = strings.ToLower(st.Vars[0])
		}
		if p := b.parse(x); p.err == nil {
			if text, ok := e.eval(target(p.node)); ok {
				e[name] = text
				continue
			}
		}
		delete(e, name)
	}
}

// loop runs the body once for each value that the loop will take.
func (b *block) loop(st *pgparse.PLStatement, e env) {
	if len(st.Exprs) == 0 || len(st.Vars) == 0 {
		return
	}
	p := b.parse(st.Exprs[0])
	if p.err != nil {
		return
	}
	node := p.node
	var rows []env
	var ok bool
	if st.Kind == pgparse.PLForEach {
		var values []string
		if values, ok = e.array(target(node)); ok {
			for _, v := range values {
				rows = append(rows, env{"": v})
			}
		}
	} else {
		rows, ok = b.c.rows(node.GetSelectStmt(), e)
	}
	if !ok {
		b.unknownLoop(st, e)
		return
	}
	e.forget(assigned(st.Bodies))
	name := strings.ToLower(st.Vars[0])
	for i, row := range rows {
		if i >= maxLoop {
			b.c.skip("a long loop", b.s.Head())
			break
		}
		inner := env{}
		for k, v := range e {
			inner[k] = v
		}
		for k, v := range row {
			if k != "" {
				inner[name+"."+k] = v
			}
			inner[name] = v
		}
		for _, body := range st.Bodies {
			b.run(body, inner)
		}
	}
}

// unknownLoop runs the body once, without the values of the loop.
func (b *block) unknownLoop(st *pgparse.PLStatement, e env) {
	inner := env{}
	for k, v := range e {
		inner[k] = v
	}
	inner.forget(st.Vars)
	inner.forget(assigned(st.Bodies))
	for _, body := range st.Bodies {
		b.run(body, inner)
	}
}
