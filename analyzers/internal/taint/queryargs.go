package taint

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/analyzers/internal/typename"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// queryArgs is the typ of what is bound to queries, in code that hands any
// query on: the values are known to callers only.
const queryArgs = "query arguments"

// Names of the parameters of functions that hand a query on.
var (
	textName = lazyregexp.New(`(?i)^(query|sql|stmt|statement|q|querystring|querystr|sqlstr|sqltext|sqlquery|rawsql|command)$`)
	argsName = lazyregexp.New(`(?i)^(args|arg|params|parameters|values|vals|binds|bindings|arguments|bindvars|queryargs|namedargs|nargs)$`)
)

// passesArgs reports whether p holds the values bound to a query that another
// parameter of the function holds the text of.
func passesArgs(f *ssa.Function, p *ssa.Parameter) bool {
	t := p.Type()
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
		if typename.Of(t) == "database/sql/driver.NamedValue" || typename.Of(t) == "database/sql/driver.Value" {
			return true
		}
	} else if !argsName.MatchString(p.Name()) {
		return false
	}
	if i, ok := t.Underlying().(*types.Interface); !ok || i.NumMethods() > 0 || !argsName.MatchString(p.Name()) {
		return false
	}
	for _, q := range f.Params {
		if kindOf(q.Type()) == "string" && textName.MatchString(q.Name()) {
			return true
		}
	}
	return false
}

// argsField reports whether a field of the type, or the whole struct for "",
// holds what is bound to a query, as tracers get it.
func argsField(t types.Type, field string) bool {
	named := elementType(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	fields := knowledge.QueryFields[named.Obj().Pkg().Path()+"."+named.Obj().Name()]
	if field == "" {
		return len(fields) > 0
	}
	return fields[field]
}

// A boundQuery is a query of the function itself with the values it binds.
type boundQuery struct {
	use   *use
	items []*node
}

// boundQueries returns the queries of this function that values are bound to,
// and all of the values, with false for constants.
func (fn *function) boundQueries() ([]boundQuery, map[*node]bool) {
	if fn.bound != nil {
		return fn.boundTo, fn.bound
	}
	fn.bound = map[*node]bool{}
	for _, u := range fn.uses {
		if u.kind != knowledge.SQL || len(u.values) == 0 || u.via {
			continue
		}
		items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(u.values[0])
		fn.boundTo = append(fn.boundTo, boundQuery{u, items})
		for _, x := range items {
			fn.bound[x] = x.kind != kConst
		}
	}
	return fn.boundTo, fn.bound
}

// boundPHI returns the values that this function binds to queries for columns
// that hold PHI, with the columns.
func (e *engine) boundPHI(fn *function) map[*node]string {
	if fn.boundColumns != nil {
		return fn.boundColumns
	}
	fn.boundColumns = map[*node]string{}
	queries, _ := fn.boundQueries()
	for _, q := range queries {
		u, items := q.use, q.items
		if len(items) == 0 || u.text == nil {
			continue
		}
		for _, ps := range variants(u.text) {
			parts, _ := partsOf(ps)
			shape := e.context(u).Analyze(parts)
			for _, p := range shape.Params {
				if p.Role != sqlshape.Value || !p.Class.PHI() || p.Number < 1 || p.Number > len(items) || e.harmless(items[p.Number-1]) {
					continue
				}
				if x := items[p.Number-1]; fn.boundColumns[x] == "" && x.typ != "bool" {
					fn.boundColumns[x] = p.Qualified()
				}
			}
		}
	}
	return fn.boundColumns
}

// argsLeaks finds what is logged of the values bound to queries: of a wrapper
// that hands any query on, and of a query beside the call.
func (e *engine) argsLeaks(fn *function, u *use) []leak {
	var out []leak
	for _, v := range u.values {
		walkPrinted(v, func(n *node) bool {
			switch {
			case n.kind == kQuery || n.kind == kError:
				return false
			case n.typ == queryArgs && (n.kind == kParam || n.kind == kLeaf || n.kind == kField || n.kind == kThrough):
				u.attr = "args"
				if e.result.Health() {
					out = append(out, leak{"PHI203", n, n, display(n) + " of any query is logged"})
				}
				return false
			}
			return true
		})
	}
	if u.via || !fn.queries {
		return out
	}
	_, values := fn.boundQueries()
	for _, v := range u.values {
		walkPrinted(v, func(n *node) bool {
			if n.kind == kQuery || n.kind == kError {
				return false
			}
			// Little of what is logged is bound as well: only then is a query read.
			if _, ok := values[n]; ok && !sensitive(n) {
				if c := e.boundPHI(fn)[n]; c != "" {
					out = append(out, leak{"PHI203", n, n, display(n) + ", bound for " + c + ", is logged"})
					return false
				}
			}
			return n.kind != kField && (n.kind != kElem || n.text == "")
		})
	}
	return out
}

// sqlStart matches the beginning of a statement that has values in it.
var sqlStart = lazyregexp.New(`(?is)^\W*(select|insert\s+into|update|delete\s+from|with|merge|copy)\s`)

// beside turns a PHI value that is logged into an argument or the text of a
// query that is logged, where it is that.
func (e *engine) beside(fn *function, u *use, l leak) leak {
	if l.rule != "PHI201" || !l.value.class.PHI() {
		return l
	}
	if u.attr == "args" {
		return leak{"PHI203", l.at, l.value, display(l.value) + " is logged with the arguments of a query"}
	}
	for _, v := range u.values {
		if e.printsQuery(fn, v, l.value, map[*node]bool{}) {
			return leak{"PHI203", l.at, l.value, display(l.value) + " is logged with a query"}
		}
	}
	return l
}

// printsQuery reports whether v prints value inside SQL text, or inside a list
// that is bound to a query of the function. Outermost, v may be the list of
// what is printed; seen has what was looked at.
func (e *engine) printsQuery(fn *function, v, value *node, seen map[*node]bool) bool {
	if seen[v] {
		return false
	}
	outermost := len(seen) == 0
	seen[v] = true
	var inner []*node
	switch v.kind {
	case kFormat, kConcat, kJoin, kAlt, kReplace, kSame:
		if e.startsSQL(v) && contains(v, value) {
			return true
		}
		inner = printed(v)
	case kThrough:
		inner = v.x
	case kList:
		inner = (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(v)
		if !outermost && fn.queries && contains(v, value) {
			_, all := fn.boundQueries()
			if slices.ContainsFunc(inner, func(x *node) bool { return all[x] && contains(x, value) }) {
				return true
			}
		}
	}
	return slices.ContainsFunc(inner, func(x *node) bool { return e.printsQuery(fn, x, value, seen) })
}

// startsSQL reports whether one of the texts that n may be begins as a
// statement and goes on with more than constant text. It looks at what comes
// first only, and remembers: the text of a long function has thousands of
// beginnings inside each other.
func (e *engine) startsSQL(n *node) bool { return n.kind != kConst && e.leadsSQL(n) }

func (e *engine) leadsSQL(n *node) bool {
	if found, known := e.leading[n]; known {
		return found
	}
	e.leading[n] = false // a cycle has no other beginning
	found := false
	switch n.kind {
	case kConst:
		found = sqlStart.MatchString(n.text)
	case kAlt:
		found = slices.ContainsFunc(n.x, e.leadsSQL)
	case kConcat:
		first := slices.IndexFunc(n.x, func(x *node) bool { return x.kind != kConst || strings.TrimSpace(x.text) != "" })
		found = first >= 0 && e.leadsSQL(n.x[first])
	case kJoin:
		if items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(n.x[0]); len(items) > 0 {
			found = e.leadsSQL(items[0])
		}
	case kFormat, kReplace, kSame:
		found = len(n.x) > 0 && e.leadsSQL(n.x[0])
	}
	e.leading[n] = found
	return found
}

func contains(n, value *node) bool {
	found := false
	walkPrinted(n, func(n *node) bool {
		found = found || n == value
		return !found
	})
	return found
}
