package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Publication sends changes of tables to subscribers.
type Publication struct {
	Name      string
	AllTables bool
	Schemas   []string
	Tables    []PublishedTable
	Made      Place
	Stmt      *Statement
}

// A PublishedTable is a table of a publication.
type PublishedTable struct {
	Table    *Table
	Columns  []string // nil means all
	Filtered bool     // has a WHERE
	Made     Place
}

func (c *Catalog) createPublication(s *Statement, n *pgparse.CreatePublicationStmt) {
	if c.Publications[n.Pubname] != nil {
		return
	}
	p := &Publication{Name: n.Pubname, AllTables: n.ForAllTables, Made: s.Head(), Stmt: s}
	c.Publications[n.Pubname] = p
	c.publish(p, n.Pubobjects, s)
}

func (c *Catalog) alterPublication(s *Statement, n *pgparse.AlterPublicationStmt) {
	if len(n.Pubobjects) == 0 {
		return
	}
	p := c.Publications[n.Pubname]
	if p == nil { // made by the hosting service, such as supabase_realtime
		p = &Publication{Name: n.Pubname, Made: s.Head(), Stmt: s}
		c.Publications[n.Pubname] = p
	}
	switch n.Action {
	case pgparse.AlterPublicationAction_AP_SetObjects:
		p.Tables, p.Schemas = nil, nil
		c.publish(p, n.Pubobjects, s)
	case pgparse.AlterPublicationAction_AP_AddObjects:
		c.publish(p, n.Pubobjects, s)
	case pgparse.AlterPublicationAction_AP_DropObjects:
		gone := &Publication{}
		c.publish(gone, n.Pubobjects, s)
		p.Schemas = slices.DeleteFunc(p.Schemas, func(x string) bool { return slices.Contains(gone.Schemas, x) })
		p.Tables = slices.DeleteFunc(p.Tables, func(x PublishedTable) bool {
			return slices.ContainsFunc(gone.Tables, func(y PublishedTable) bool { return y.Table == x.Table })
		})
	}
}

func (c *Catalog) publish(p *Publication, objects []*pgparse.Node, s *Statement) {
	for _, o := range objects {
		spec := o.GetPublicationObjSpec()
		switch spec.GetPubobjtype() {
		case pgparse.PublicationObjSpecType_PUBLICATIONOBJ_TABLES_IN_SCHEMA:
			p.Schemas = append(p.Schemas, spec.Name)
		case pgparse.PublicationObjSpecType_PUBLICATIONOBJ_TABLES_IN_CUR_SCHEMA:
			p.Schemas = append(p.Schemas, c.creationSchema())
		default:
			pt := spec.GetPubtable()
			if pt.GetRelation() == nil {
				continue
			}
			if t := c.findOrGhost(pt.Relation, s, false); t != nil {
				entry := PublishedTable{Table: t, Filtered: pt.WhereClause != nil, Made: s.Ident(pt.Relation.Location)}
				if len(pt.Columns) > 0 {
					entry.Columns = strs(pt.Columns)
				}
				p.Tables = append(p.Tables, entry)
			}
		}
	}
}
