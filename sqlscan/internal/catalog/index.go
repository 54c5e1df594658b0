package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// An Index is an index that CREATE INDEX made; those of constraints are not kept.
type Index struct {
	Name    Name
	Table   *Table
	Unique  bool
	Columns []string // plain columns; an expression is ""
	Exprs   []*pgparse.Node
	Where   *pgparse.Node
	Made    Place
	Stmt    *Statement
}

func (c *Catalog) createIndex(s *Statement, n *pgparse.IndexStmt) {
	if n.Relation == nil {
		return
	}
	t := c.findOrGhost(n.Relation, s, false)
	if t == nil {
		return
	}
	x := &Index{Table: t, Unique: n.Unique, Where: n.WhereClause, Made: s.Head(), Stmt: s}
	for _, p := range n.IndexParams {
		e := p.GetIndexElem()
		x.Columns = append(x.Columns, e.GetName())
		if e.GetExpr() != nil {
			x.Exprs = append(x.Exprs, e.Expr)
		}
	}
	if n.Idxname != "" {
		x.Name = Name{t.Name.Schema, n.Idxname}
		if c.indexes[x.Name] != nil {
			return
		}
		c.indexes[x.Name] = x
	}
	t.Indexes = append(t.Indexes, x)
}

func (c *Catalog) index(n Name) *Index {
	q, _ := c.lookup(n, func(q Name) bool { return c.indexes[q] != nil })
	return c.indexes[q]
}

func (c *Catalog) dropIndex(n Name) {
	if x := c.index(n); x != nil {
		delete(c.indexes, x.Name)
		x.Table.Indexes = slices.DeleteFunc(x.Table.Indexes, func(y *Index) bool { return y == x })
	}
}
