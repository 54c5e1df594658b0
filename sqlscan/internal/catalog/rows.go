package catalog

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// rows computes the rows of a query that a DO block loops over: unnest of
// constants, VALUES, and the usual questions to the catalog for its tables.
func (c *Catalog) rows(q *pgparse.SelectStmt, e env) ([]env, bool) {
	if q == nil || q.Larg != nil {
		return nil, false
	}
	if len(q.ValuesLists) > 0 {
		return e.values(q.ValuesLists, []string{"column1", "column2", "column3", "column4"})
	}
	if len(q.TargetList) == 1 && len(q.FromClause) == 0 {
		r := q.TargetList[0].GetResTarget()
		f := r.GetVal().GetFuncCall()
		if qualified(f.GetFuncname()).Name != "unnest" || len(f.GetArgs()) != 1 {
			return nil, false
		}
		name := r.Name
		if name == "" {
			name = "unnest"
		}
		return column(e, f.Args[0], name)
	}
	if len(q.FromClause) != 1 {
		return nil, false
	}
	switch from := q.FromClause[0].Node.(type) {
	case *pgparse.Node_RangeFunction:
		return e.unnest(from.RangeFunction)
	case *pgparse.Node_RangeSubselect:
		if values := from.RangeSubselect.GetSubquery().GetSelectStmt().GetValuesLists(); values != nil && q.WhereClause == nil {
			return e.values(values, strs(from.RangeSubselect.GetAlias().GetColnames()))
		}
	case *pgparse.Node_RangeVar:
		return c.tableRows(from.RangeVar.Relname, q, e)
	}
	return nil, false
}

func column(e env, array *pgparse.Node, name string) ([]env, bool) {
	values, ok := e.array(array)
	var out []env
	for _, v := range values {
		out = append(out, env{name: v})
	}
	return out, ok
}

// unnest reads FROM unnest(ARRAY[…]) AS t(name).
func (e env) unnest(f *pgparse.RangeFunction) ([]env, bool) {
	if len(f.Functions) != 1 {
		return nil, false
	}
	items := f.Functions[0].GetList().GetItems()
	if len(items) == 0 {
		return nil, false
	}
	call := items[0].GetFuncCall()
	if qualified(call.GetFuncname()).Name != "unnest" || len(call.GetArgs()) != 1 {
		return nil, false
	}
	name := f.GetAlias().GetAliasname()
	if cols := strs(f.GetAlias().GetColnames()); len(cols) == 1 {
		name = cols[0]
	}
	return column(e, call.Args[0], name)
}

func (e env) values(lists []*pgparse.Node, names []string) ([]env, bool) {
	var out []env
	for _, l := range lists {
		row := env{}
		for i, n := range l.GetList().GetItems() {
			v, ok := e.eval(n)
			if ok && i < len(names) {
				row[names[i]] = v
			}
		}
		out = append(out, row)
	}
	return out, true
}

// tableRows answers a query on one of the catalog's own tables and views.
func (c *Catalog) tableRows(relation string, q *pgparse.SelectStmt, e env) ([]env, bool) {
	all, ok := c.catalogRows(relation)
	if !ok {
		return nil, false
	}
	var out []env
	for _, row := range all {
		keep, ok := row.test(q.WhereClause, e)
		if !ok {
			return nil, false
		}
		if keep {
			out = append(out, row.project(q))
		}
	}
	return out, true
}

// catalogRows returns the rows of a relation of pg_catalog or of the
// information schema, with the columns that histories ask for.
func (c *Catalog) catalogRows(relation string) (out []env, ok bool) {
	switch relation {
	case "pg_policies":
		for _, t := range c.Tables() {
			for _, p := range t.Policies {
				out = append(out, env{"schemaname": t.Name.Schema, "tablename": t.Name.Name, "policyname": p.Name, "cmd": p.Command})
			}
		}
	case "pg_roles", "pg_authid":
		for _, r := range c.Roles() {
			out = append(out, env{"rolname": r.Name})
		}
	case "pg_tables", "pg_views", "pg_matviews", "tables", "views":
		for _, t := range c.Tables() {
			if row := t.catalogRow(); !t.Ghost && slices.Contains(listedIn[t.Kind], relation) {
				out = append(out, row)
			}
		}
	case "pg_sequences", "sequences":
		for _, t := range c.allRelations() {
			if t.Kind == Sequence {
				out = append(out, env{"schemaname": t.Name.Schema, "sequencename": t.Name.Name, "sequence_schema": t.Name.Schema, "sequence_name": t.Name.Name})
			}
		}
	default:
		return nil, false
	}
	return out, true
}

// listedIn tells which relations list a kind of table.
var listedIn = map[TableKind][]string{
	Ordinary:     {"pg_tables", "tables"},
	Partitioned:  {"pg_tables", "tables"},
	Foreign:      {"tables"},
	View:         {"pg_views", "tables", "views"},
	Materialized: {"pg_matviews"},
}

func (t *Table) catalogRow() env {
	kind := map[TableKind]string{View: "VIEW", Foreign: "FOREIGN"}[t.Kind]
	return env{"schemaname": t.Name.Schema, "tablename": t.Name.Name, "viewname": t.Name.Name, "matviewname": t.Name.Name,
		"table_schema": t.Name.Schema, "table_name": t.Name.Name, "table_type": cmp.Or(kind, "BASE TABLE")}
}

// project adds the query's own names for the columns; a query of one column
// gives that value to a scalar variable.
func (row env) project(q *pgparse.SelectStmt) env {
	if len(q.TargetList) != 1 {
		return row
	}
	r := q.TargetList[0].GetResTarget()
	v, ok := row.eval(r.GetVal())
	if !ok {
		return row
	}
	name := r.GetName()
	if name == "" {
		name = lastField(r.GetVal().GetColumnRef())
	}
	return env{name: v}
}

// test evaluates a condition on a row; ok is false for what it does not know.
func (row env) test(n *pgparse.Node, e env) (keep, ok bool) {
	switch x := n.GetNode().(type) {
	case nil:
		return true, true
	case *pgparse.Node_BoolExpr:
		return row.testBool(x.BoolExpr, e)
	case *pgparse.Node_AExpr:
		return row.compare(x.AExpr, e)
	}
	return false, false
}

func (row env) testBool(b *pgparse.BoolExpr, e env) (keep, ok bool) {
	and := b.Boolop == pgparse.BoolExprType_AND_EXPR
	keep = and
	for _, a := range b.Args {
		k, ok := row.test(a, e)
		if !ok {
			return false, false
		}
		switch b.Boolop {
		case pgparse.BoolExprType_NOT_EXPR:
			return !k, true
		case pgparse.BoolExprType_AND_EXPR:
			keep = keep && k
		default:
			keep = keep || k
		}
	}
	return keep, true
}

func (row env) compare(a *pgparse.A_Expr, e env) (keep, ok bool) {
	if len(a.Name) != 1 {
		return false, false
	}
	left, ok := row.eval(a.Lexpr)
	if !ok {
		return false, false
	}
	op := str(a.Name[0])
	switch a.Kind {
	case pgparse.A_Expr_Kind_AEXPR_OP:
		right, ok := e.eval(a.Rexpr)
		return (left == right) == (op == "="), ok && (op == "=" || op == "<>")
	case pgparse.A_Expr_Kind_AEXPR_IN:
		values, ok := e.list(a.Rexpr.GetList().GetItems())
		return contains(values, left) == (op == "="), ok
	case pgparse.A_Expr_Kind_AEXPR_OP_ANY, pgparse.A_Expr_Kind_AEXPR_OP_ALL:
		values, ok := e.array(a.Rexpr)
		return contains(values, left) == (op == "="), ok
	case pgparse.A_Expr_Kind_AEXPR_LIKE, pgparse.A_Expr_Kind_AEXPR_ILIKE:
		right, ok := e.eval(a.Rexpr)
		return like(left, right) == !strings.HasPrefix(op, "!"), ok
	}
	return false, false
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// like matches a LIKE pattern; RE2 keeps it linear.
func like(s, pattern string) bool {
	re := regexp.QuoteMeta(pattern)
	re = strings.NewReplacer(`\\_`, "_", `\\%`, "%", "%", ".*", "_", ".").Replace(re)
	ok, err := regexp.MatchString("(?s)^"+re+"$", s)
	return err == nil && ok
}
