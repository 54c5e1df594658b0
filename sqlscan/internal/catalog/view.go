package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// checkOptions are the values that WITH CHECK OPTION gives to the option of
// that name.
var checkOptions = map[pgparse.ViewCheckOption]string{
	pgparse.ViewCheckOption_LOCAL_CHECK_OPTION:    "local",
	pgparse.ViewCheckOption_CASCADED_CHECK_OPTION: "cascaded",
}

func (c *Catalog) createView(s *Statement, n *pgparse.ViewStmt) {
	if n.View == nil {
		return
	}
	reads, output := c.Reads(n.Query), c.outputOf(n.Query, s)
	v := c.newTable(s, n.View, View)
	if v == nil {
		v = c.find(rangeName(n.View))
		if v == nil || v.Kind != View || !n.Replace {
			return
		}
		v.Made, v.Stmt = s.Ident(n.View.Location), s
	}
	v.Options = optionsOf(n.Options)
	if check := checkOptions[n.WithCheckOption]; check != "" {
		if v.Options == nil {
			v.Options = map[string]string{}
		}
		v.Options["check_option"] = check
	}
	c.defineQuery(v, n.Query, reads, output, n.Aliases, s)
}

// defineQuery gives a relation the columns of its query.
func (c *Catalog) defineQuery(t *Table, query *pgparse.Node, reads []*Table, output []OutputColumn, aliases []*pgparse.Node, s *Statement) {
	t.Query, t.Reads, t.Output, t.Columns = query, reads, output, nil
	for _, r := range reads {
		r.usedBy = append(r.usedBy, t)
	}
	for i := range t.Output {
		if i < len(aliases) {
			t.Output[i].Name = str(aliases[i])
		}
		o := &t.Output[i]
		if t.Column(o.Name) == nil {
			t.Columns = append(t.Columns, &Column{Name: o.Name, Type: o.Type, Made: o.Made, Stmt: s, Copied: true})
		}
	}
}

// createTableAs handles CREATE TABLE AS and CREATE MATERIALIZED VIEW.
func (c *Catalog) createTableAs(s *Statement, n *pgparse.CreateTableAsStmt) {
	if n.Into.GetRel() == nil {
		return
	}
	kind := Ordinary
	if n.Objtype == pgparse.ObjectType_OBJECT_MATVIEW {
		kind = Materialized
	}
	c.copyQuery(s, n.Query, n.Into, kind)
}

// selectStatement handles SELECT … INTO and the functions that change the
// session, as pg_dump writes them.
func (c *Catalog) selectStatement(s *Statement, n *pgparse.SelectStmt) {
	if n.IntoClause.GetRel() != nil {
		c.copyQuery(s, s.Node, n.IntoClause, Ordinary)
		return
	}
	if len(n.TargetList) == 1 && len(n.FromClause) == 0 {
		c.setConfig(s, n.TargetList[0].GetResTarget().GetVal().GetFuncCall())
	}
	c.selectCalls(s, n)
}

func (c *Catalog) copyQuery(s *Statement, query *pgparse.Node, into *pgparse.IntoClause, kind TableKind) {
	reads, output := c.Reads(query), c.outputOf(query, s)
	t := c.newTable(s, into.Rel, kind)
	if t == nil {
		return
	}
	for i, r := range reads { // the target of SELECT … INTO is a RangeVar too
		if r == t {
			reads = append(reads[:i:i], reads[i+1:]...)
			break
		}
	}
	t.Options, t.Tablespace = optionsOf(into.Options), into.TableSpaceName
	c.defineQuery(t, query, reads, output, into.ColNames, s)
}
