package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

func (c *Catalog) rename(s *Statement, n *pgparse.RenameStmt) {
	switch n.RenameType {
	case pgparse.ObjectType_OBJECT_TABLE, pgparse.ObjectType_OBJECT_VIEW, pgparse.ObjectType_OBJECT_MATVIEW,
		pgparse.ObjectType_OBJECT_FOREIGN_TABLE, pgparse.ObjectType_OBJECT_SEQUENCE, pgparse.ObjectType_OBJECT_INDEX:
		c.renameRelation(rangeName(n.Relation), n.Newname)
	case pgparse.ObjectType_OBJECT_COLUMN, pgparse.ObjectType_OBJECT_ATTRIBUTE:
		if t := c.find(rangeName(n.Relation)); t != nil {
			t.renameColumn(n.Subname, n.Newname, s)
		}
	case pgparse.ObjectType_OBJECT_SCHEMA:
		c.renameSchema(n.Subname, n.Newname)
	case pgparse.ObjectType_OBJECT_ROLE:
		c.renameRole(n.Subname, n.Newname)
	case pgparse.ObjectType_OBJECT_POLICY:
		if t := c.find(rangeName(n.Relation)); t != nil {
			if p := t.policy(n.Subname); p != nil {
				p.Name, t.byPolicy = n.Newname, nil
			}
		}
	case pgparse.ObjectType_OBJECT_TRIGGER:
		if t := c.find(rangeName(n.Relation)); t != nil {
			for _, g := range t.Triggers {
				if g.Name == n.Subname {
					g.Name = n.Newname
				}
			}
		}
	case pgparse.ObjectType_OBJECT_TABCONSTRAINT:
		if t := c.find(rangeName(n.Relation)); t != nil {
			for _, k := range t.Constraints {
				if k.name(t) == n.Subname {
					k.Name = n.Newname
				}
			}
		}
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE,
		pgparse.ObjectType_OBJECT_AGGREGATE:
		for _, f := range c.functionsNamed(n.Object.GetObjectWithArgs()) {
			c.moveFunction(f, Name{f.Name.Schema, n.Newname})
		}
	case pgparse.ObjectType_OBJECT_TYPE, pgparse.ObjectType_OBJECT_DOMAIN:
		c.renameType(objectName(n.Object), n.Newname)
	case pgparse.ObjectType_OBJECT_PUBLICATION:
		if p := c.Publications[str(n.Object)]; p != nil {
			delete(c.Publications, p.Name)
			p.Name = n.Newname
			c.Publications[p.Name] = p
		}
	}
}

func (c *Catalog) renameRelation(from Name, to string) {
	t := c.find(from)
	if t == nil {
		if x := c.index(from); x != nil {
			delete(c.indexes, x.Name)
			x.Name.Name = to
			c.indexes[x.Name] = x
		}
		return
	}
	c.moveTable(t, Name{t.Name.Schema, to})
}

// moveTable gives a relation another name. The names of its unnamed
// constraints stay what they were.
func (c *Catalog) moveTable(t *Table, to Name) {
	if old := c.tables[to]; old != nil && old != t && !old.Ghost {
		return
	}
	for _, k := range t.Constraints {
		k.Name = k.name(t)
	}
	delete(c.tables, t.Name)
	c.gone[t.Name] = t.Made
	delete(c.gone, to)
	c.retype(t.Name, to) // a table's rows are a type too
	t.Name = to
	c.tables[to] = t
	for _, q := range t.Owned { // they live where their table lives
		if q.Name.Schema != to.Schema {
			c.moveTable(q, Name{to.Schema, q.Name.Name})
		}
	}
}

// renameColumn renames a column, in the table and in what inherits it.
func (t *Table) renameColumn(from, to string, s *Statement) {
	if t.Column(from) == nil {
		return
	}
	for _, x := range t.family() {
		x.renameOwn(from, to, s)
	}
}

func (t *Table) renameOwn(from, to string, s *Statement) {
	col := t.Column(from)
	if col == nil {
		return
	}
	for _, k := range t.Constraints {
		k.Name = k.name(t)
		swap(k.Columns, from, to)
	}
	for _, x := range t.Indexes {
		swap(x.Columns, from, to)
	}
	for _, q := range t.Owned {
		if q.OwnedBy == from {
			q.OwnedBy = to
		}
	}
	if t.Former == nil {
		t.Former = map[string]string{}
	}
	t.Former[from] = to
	col.Name = to
	if !col.Inherited {
		col.Made, col.Stmt = s.Head(), s
	}
}

func swap(list []string, from, to string) {
	for i := range list {
		if list[i] == from {
			list[i] = to
		}
	}
}

func (c *Catalog) renameRole(from, to string) {
	r := c.roles[from]
	if r == nil || c.roles[to] != nil && !c.roles[to].Ghost {
		return
	}
	delete(c.roles, from)
	r.Name = to
	c.roles[to] = r
	for _, other := range c.roles {
		for i := range other.Members {
			if other.Members[i].Member == from {
				other.Members[i].Member = to
			}
		}
	}
	owner := func(o *string) {
		if *o == from {
			*o = to
		}
	}
	for _, t := range c.tables {
		owner(&t.Owner)
		for _, p := range t.Policies {
			swap(p.Roles, from, to)
		}
	}
	for _, fs := range c.functions {
		for _, f := range fs {
			owner(&f.Owner)
		}
	}
	for _, sc := range c.Schemas {
		owner(&sc.Owner)
	}
	for _, t := range c.types {
		owner(&t.Owner)
	}
	c.eachACL(func(a **ACL, _ aclKind, _ string) { (*a).changeOwner(from, to) })
	for _, d := range c.DefaultACLs {
		owner(&d.Role)
		d.ACL.changeOwner(from, to)
	}
	for _, x := range c.Settings {
		owner(&x.Role)
	}
}

func (c *Catalog) renameType(from Name, to string) {
	if t := c.typeNamed(from); t != nil {
		c.moveType(t, Name{t.Name.Schema, to})
		return
	}
	c.renameRelation(from, to)
}

func (c *Catalog) moveType(t *Type, to Name) {
	delete(c.types, t.Name)
	c.retype(t.Name, to)
	t.Name = to
	c.types[to] = t
}

func (c *Catalog) moveFunction(f *Function, to Name) {
	c.dropFunction(f)
	f.Name = to
	c.functions[to] = append(c.functions[to], f)
}

// alterSchema handles ALTER … SET SCHEMA.
func (c *Catalog) alterSchema(s *Statement, n *pgparse.AlterObjectSchemaStmt) {
	c.schema(n.Newschema, s.Head())
	switch n.ObjectType {
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE,
		pgparse.ObjectType_OBJECT_AGGREGATE:
		for _, f := range c.functionsNamed(n.Object.GetObjectWithArgs()) {
			c.moveFunction(f, Name{n.Newschema, f.Name.Name})
		}
	case pgparse.ObjectType_OBJECT_TYPE, pgparse.ObjectType_OBJECT_DOMAIN:
		if t := c.typeNamed(objectName(n.Object)); t != nil {
			c.moveType(t, Name{n.Newschema, t.Name.Name})
		}
	default:
		if n.Relation == nil {
			return
		}
		if t := c.find(rangeName(n.Relation)); t != nil {
			c.moveTable(t, Name{n.Newschema, t.Name.Name})
		}
	}
}
