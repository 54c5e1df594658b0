package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A ColumnSource is a column of a relation.
type ColumnSource struct {
	Table  *Table
	Column string
}

// An OutputColumn is a column of a query's result.
type OutputColumn struct {
	Name string
	Type string // "" if not known
	// From are the columns that its expression names.
	From []ColumnSource
	// Plain says that it is a column as it stands, not computed.
	Plain bool
	Made  Place
}

// Reads returns the relations that a statement or an expression names, once
// each, in source order. Names that are not known are left out.
func (c *Catalog) Reads(n any) []*Table {
	ctes := map[string]bool{}
	pgparse.Walk(n, func(m pgparse.Message) bool {
		if e, ok := m.(*pgparse.CommonTableExpr); ok {
			ctes[e.Ctename] = true
		}
		return true
	})
	var out []*Table
	pgparse.Walk(n, func(m pgparse.Message) bool {
		rv, ok := m.(*pgparse.RangeVar)
		if !ok || rv.Schemaname == "" && ctes[rv.Relname] {
			return true
		}
		if t := c.findOrPhantom(rangeName(rv)); t != nil && !slices.Contains(out, t) {
			out = append(out, t)
		}
		return true
	})
	return out
}

// findOrPhantom returns the relation of that name, or a stand-in for one that
// the history never mentions but in queries. A stand-in is no part of the
// catalog.
func (c *Catalog) findOrPhantom(n Name) *Table {
	if t := c.find(n); t != nil {
		return t
	}
	if n.Name == "" || strings.HasPrefix(n.Name, "pg_") || n.Schema == "information_schema" || n.Schema == "pg_catalog" {
		return nil
	}
	n, _ = c.lookup(n, func(Name) bool { return false })
	if _, dropped := c.gone[n]; dropped {
		return nil
	}
	t := c.phantoms[n]
	if t == nil {
		t = &Table{Name: n, Kind: Ordinary, Ghost: true, Owner: Superuser}
		c.phantoms[n] = t
	}
	return t
}

// maxOutput bounds how many columns a query is resolved to: SELECT * over
// views over SELECT * can grow without end.
const maxOutput = 2000

// A resolver finds out what the columns of a query are.
type resolver struct {
	c     *Catalog
	s     *Statement
	ctes  map[string][]OutputColumn
	depth int
}

// scopeItem is one entry of a FROM clause.
type scopeItem struct {
	alias   string
	columns []OutputColumn
	unknown *Table // a ghost: it may have any column
}

func (c *Catalog) outputOf(query *pgparse.Node, s *Statement) []OutputColumn {
	r := &resolver{c: c, s: s, ctes: map[string][]OutputColumn{}}
	return r.query(query.GetSelectStmt())
}

func (r *resolver) query(q *pgparse.SelectStmt) []OutputColumn {
	if q == nil || r.depth > 40 {
		return nil
	}
	r.depth++
	defer func() { r.depth-- }()
	for _, e := range q.GetWithClause().GetCtes() {
		cte := e.GetCommonTableExpr()
		r.ctes[cte.GetCtename()] = r.query(cte.GetCtequery().GetSelectStmt())
	}
	if q.Larg != nil {
		return r.query(q.Larg)
	}
	var scope []scopeItem
	for _, f := range q.FromClause {
		scope = r.from(f, scope)
	}
	var out []OutputColumn
	for _, t := range q.TargetList {
		if len(out) >= maxOutput {
			break
		}
		out = append(out, r.target(t.GetResTarget(), scope)...)
	}
	return out
}

func (r *resolver) from(f *pgparse.Node, scope []scopeItem) []scopeItem {
	switch x := f.Node.(type) {
	case *pgparse.Node_RangeVar:
		return append(scope, r.relation(x.RangeVar))
	case *pgparse.Node_RangeSubselect:
		return append(scope, scopeItem{alias: x.RangeSubselect.GetAlias().GetAliasname(), columns: r.query(x.RangeSubselect.GetSubquery().GetSelectStmt())})
	case *pgparse.Node_JoinExpr:
		if x.JoinExpr.Larg != nil && x.JoinExpr.Rarg != nil {
			scope = r.from(x.JoinExpr.Larg, scope)
			scope = r.from(x.JoinExpr.Rarg, scope)
		}
	}
	return scope
}

func (r *resolver) relation(rv *pgparse.RangeVar) scopeItem {
	alias := rv.GetAlias().GetAliasname()
	if alias == "" {
		alias = rv.Relname
	}
	if columns, ok := r.ctes[rv.Relname]; ok && rv.Schemaname == "" {
		return scopeItem{alias: alias, columns: columns}
	}
	t := r.c.findOrPhantom(rangeName(rv))
	if t == nil {
		return scopeItem{alias: alias}
	}
	var columns []OutputColumn
	for _, col := range t.Columns {
		columns = append(columns, OutputColumn{Name: col.Name, Type: col.Type, From: []ColumnSource{{t, col.Name}}, Plain: true})
	}
	item := scopeItem{alias: alias, columns: columns}
	if t.Ghost {
		item.unknown = t
	}
	return item
}

func (r *resolver) target(t *pgparse.ResTarget, scope []scopeItem) []OutputColumn {
	at := r.s.Ident(t.GetLocation())
	val := t.GetVal()
	if ref := val.GetColumnRef(); ref != nil && len(ref.Fields) > 0 && ref.Fields[len(ref.Fields)-1].GetAStar() != nil {
		return expand(ref, scope, at)
	}
	out := OutputColumn{Name: t.GetName(), Made: at}
	bare := val
	for bare.GetTypeCast() != nil {
		bare = bare.GetTypeCast().Arg
	}
	if ref := bare.GetColumnRef(); ref != nil {
		out.Plain = true
		if src, ok := find(ref, scope); ok {
			out.From, out.Type, out.Plain = src.From, src.Type, src.Plain
		}
		if out.Name == "" {
			out.Name = lastField(ref)
		}
		if cast := val.GetTypeCast(); cast != nil {
			out.Type, _ = r.c.typeText(cast.TypeName)
		}
		return []OutputColumn{out}
	}
	pgparse.Walk(val, func(m pgparse.Message) bool {
		if f, ok := m.(*pgparse.FuncCall); ok && counting[qualified(f.Funcname).Name] && f.Over == nil {
			return false // what is counted or summed up is of no single row
		}
		if ref, ok := m.(*pgparse.ColumnRef); ok {
			if src, ok := find(ref, scope); ok {
				out.From = append(out.From, src.From...)
			}
		}
		_, sub := m.(*pgparse.SubLink) // has a scope of its own
		return !sub
	})
	if out.Name == "" {
		out.Name = expressionName(val)
	}
	return []OutputColumn{out}
}

// counting are aggregates whose result tells no value of a row.
var counting = map[string]bool{
	"count": true, "sum": true, "avg": true, "stddev": true, "stddev_pop": true, "stddev_samp": true, "variance": true,
	"var_pop": true, "var_samp": true, "bool_and": true, "bool_or": true, "every": true, "percentile_cont": true, "corr": true,
}

func expand(ref *pgparse.ColumnRef, scope []scopeItem, at Place) []OutputColumn {
	var out []OutputColumn
	for _, item := range scope {
		if len(ref.Fields) > 1 && item.alias != str(ref.Fields[len(ref.Fields)-2]) {
			continue
		}
		for _, c := range item.columns {
			c.Made = at
			out = append(out, c)
		}
	}
	return out
}

func find(ref *pgparse.ColumnRef, scope []scopeItem) (OutputColumn, bool) {
	name := lastField(ref)
	qualifier := ""
	if n := len(ref.Fields); n > 1 {
		qualifier = str(ref.Fields[n-2])
	}
	for _, item := range scope {
		if qualifier != "" && item.alias != qualifier {
			continue
		}
		for _, c := range item.columns {
			if c.Name == name {
				return c, true
			}
		}
		if item.unknown != nil && (qualifier != "" || len(scope) == 1) {
			return OutputColumn{Name: name, From: []ColumnSource{{item.unknown, name}}, Plain: true}, true
		}
	}
	return OutputColumn{}, false
}

func lastField(ref *pgparse.ColumnRef) string {
	if len(ref.Fields) == 0 {
		return ""
	}
	return str(ref.Fields[len(ref.Fields)-1])
}

// expressionName is the name that PostgreSQL gives to an unnamed column.
func expressionName(n *pgparse.Node) string {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_FuncCall:
		return qualified(x.FuncCall.Funcname).Name
	case *pgparse.Node_TypeCast:
		return qualified(x.TypeCast.GetTypeName().GetNames()).Name
	case *pgparse.Node_CoalesceExpr:
		return "coalesce"
	case *pgparse.Node_CaseExpr:
		return "case"
	}
	return "?column?"
}
