package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

func (c *Catalog) drop(s *Statement, n *pgparse.DropStmt) {
	cascade := n.Behavior == pgparse.DropBehavior_DROP_CASCADE
	for _, o := range n.Objects {
		c.dropObject(o, n.RemoveType, cascade)
	}
}

func (c *Catalog) dropObject(o *pgparse.Node, kind pgparse.ObjectType, cascade bool) {
	switch kind {
	case pgparse.ObjectType_OBJECT_TABLE, pgparse.ObjectType_OBJECT_VIEW, pgparse.ObjectType_OBJECT_MATVIEW,
		pgparse.ObjectType_OBJECT_FOREIGN_TABLE, pgparse.ObjectType_OBJECT_SEQUENCE:
		if t := c.find(objectName(o)); t != nil {
			c.dropTable(t, cascade)
		}
	case pgparse.ObjectType_OBJECT_INDEX:
		c.dropIndex(objectName(o))
	case pgparse.ObjectType_OBJECT_SCHEMA:
		c.dropSchema(str(o))
	case pgparse.ObjectType_OBJECT_POLICY:
		if t, name := c.member(o); t != nil {
			t.dropPolicy(name)
		}
	case pgparse.ObjectType_OBJECT_TRIGGER:
		if t, name := c.member(o); t != nil {
			t.dropTrigger(name)
		}
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE,
		pgparse.ObjectType_OBJECT_AGGREGATE:
		for _, f := range c.functionsNamed(o.GetObjectWithArgs()) {
			c.dropFunction(f)
			if cascade {
				c.dropTriggersOf(f.Name)
			}
		}
	case pgparse.ObjectType_OBJECT_TYPE, pgparse.ObjectType_OBJECT_DOMAIN:
		c.dropType(objectName(o), cascade)
	case pgparse.ObjectType_OBJECT_EXTENSION:
		delete(c.Extensions, str(o))
	case pgparse.ObjectType_OBJECT_PUBLICATION:
		delete(c.Publications, str(o))
	}
}

// member splits the name of a policy or trigger from that of its table.
func (c *Catalog) member(o *pgparse.Node) (*Table, string) {
	items := o.GetList().GetItems()
	if len(items) < 2 {
		return nil, ""
	}
	return c.find(qualified(items[:len(items)-1])), str(items[len(items)-1])
}

func (c *Catalog) dropTriggersOf(f Name) {
	if len(c.functions[f]) > 0 {
		return
	}
	for _, t := range c.Tables() {
		t.Triggers = slices.DeleteFunc(t.Triggers, func(g *Trigger) bool { return g.Function == f })
	}
}

func (c *Catalog) dropType(n Name, cascade bool) {
	t := c.typeNamed(n)
	if t == nil {
		if rel := c.find(n); rel != nil && rel.Kind == Composite {
			delete(c.tables, rel.Name)
		}
		return
	}
	delete(c.types, t.Name)
	for _, f := range c.Functions() {
		if f.Stmt == t.Stmt { // the constructors of a range
			c.dropFunction(f)
		}
	}
	if !cascade {
		return
	}
	for _, rel := range c.Tables() {
		for _, col := range slices.Clone(rel.Columns) {
			if strings.TrimSuffix(col.Type, "[]") == t.Name.typeName() {
				rel.dropColumn(col.Name)
			}
		}
	}
}
