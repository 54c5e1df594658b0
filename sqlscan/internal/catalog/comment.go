package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

func (c *Catalog) comment(s *Statement, n *pgparse.CommentStmt) {
	text := Text{n.Comment, s.Head()}
	switch n.Objtype {
	case pgparse.ObjectType_OBJECT_SCHEMA:
		if sc := c.Schemas[str(n.Object)]; sc != nil {
			sc.Comment = text
		}
	case pgparse.ObjectType_OBJECT_ROLE:
		if r := c.roles[str(n.Object)]; r != nil {
			r.Comment = text
		}
	default:
		if t, col := c.labelled(n.Objtype, n.Object); col != nil {
			col.Comment = text
		} else if t != nil {
			t.Comment = text
		}
	}
}

func (c *Catalog) securityLabel(s *Statement, n *pgparse.SecLabelStmt) {
	text := Text{n.Label, s.Head()}
	if t, col := c.labelled(n.Objtype, n.Object); col != nil {
		col.Label = text
	} else if t != nil {
		t.Label = text
	}
}

// labelled returns the relation, and the column of it, that COMMENT or
// SECURITY LABEL names.
func (c *Catalog) labelled(kind pgparse.ObjectType, object *pgparse.Node) (*Table, *Column) {
	items := object.GetList().GetItems()
	switch kind {
	case pgparse.ObjectType_OBJECT_TABLE, pgparse.ObjectType_OBJECT_VIEW, pgparse.ObjectType_OBJECT_MATVIEW, pgparse.ObjectType_OBJECT_FOREIGN_TABLE:
		return c.find(qualified(items)), nil
	case pgparse.ObjectType_OBJECT_COLUMN:
		if len(items) < 2 {
			return nil, nil
		}
		if t := c.find(qualified(items[:len(items)-1])); t != nil {
			return nil, t.Column(str(items[len(items)-1]))
		}
	}
	return nil, nil
}
