package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

func (c *Catalog) changeOwner(t *Table, to string) {
	t.ACL.changeOwner(t.Owner, to)
	for _, col := range t.Columns {
		col.ACL.changeOwner(t.Owner, to)
	}
	t.Owner = to
	for _, q := range t.Owned {
		c.changeOwner(q, to)
	}
}

func (c *Catalog) alterOwner(s *Statement, n *pgparse.AlterOwnerStmt) {
	to := c.roleName(n.Newowner)
	switch n.ObjectType {
	case pgparse.ObjectType_OBJECT_SCHEMA:
		if sc := c.Schemas[str(n.Object)]; sc != nil {
			sc.ACL.changeOwner(sc.Owner, to)
			sc.Owner = to
		}
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE,
		pgparse.ObjectType_OBJECT_AGGREGATE:
		for _, f := range c.functionsNamed(n.Object.GetObjectWithArgs()) {
			f.ACL.changeOwner(f.Owner, to)
			f.Owner = to
		}
	case pgparse.ObjectType_OBJECT_TYPE, pgparse.ObjectType_OBJECT_DOMAIN:
		if t := c.typeNamed(objectName(n.Object)); t != nil {
			t.ACL.changeOwner(t.Owner, to)
			t.Owner = to
		}
	default:
		if n.Relation != nil {
			if t := c.find(rangeName(n.Relation)); t != nil {
				c.changeOwner(t, to)
			}
		}
	}
}

func (c *Catalog) reassignOwned(n *pgparse.ReassignOwnedStmt) {
	from, to := c.roleNames(n.Roles), c.roleName(n.Newrole)
	for _, t := range c.tables {
		if slices.Contains(from, t.Owner) {
			c.changeOwner(t, to)
		}
	}
	for _, f := range c.Functions() {
		if slices.Contains(from, f.Owner) {
			f.ACL.changeOwner(f.Owner, to)
			f.Owner = to
		}
	}
	for _, sc := range c.Schemas {
		if slices.Contains(from, sc.Owner) {
			sc.ACL.changeOwner(sc.Owner, to)
			sc.Owner = to
		}
	}
	for _, t := range c.types {
		if slices.Contains(from, t.Owner) {
			t.ACL.changeOwner(t.Owner, to)
			t.Owner = to
		}
	}
}
