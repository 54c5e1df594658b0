package catalog

import (
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Schema is a namespace.
type Schema struct {
	Name    string
	Owner   string
	Made    Place
	ACL     *ACL // nil while the defaults hold
	Comment Text
	Ghost   bool // used, never created
	BuiltIn bool
}

func (c *Catalog) createSchema(s *Statement, n *pgparse.CreateSchemaStmt) {
	name := n.Schemaname
	if name == "" {
		name = c.roleName(n.Authrole)
	}
	old := c.Schemas[name]
	if old == nil || old.Ghost {
		sc := &Schema{Name: name, Owner: c.actor, Made: s.Head()}
		if n.Authrole != nil {
			sc.Owner = c.roleName(n.Authrole)
		}
		c.Schemas[name] = sc
		sc.ACL = c.initialACL(kindSchema, "", sc.Owner)
	} else if n.IfNotExists {
		return
	}
	// The elements of CREATE SCHEMA are created inside it.
	saved := c.path
	c.path = append([]string{name}, saved...)
	for _, e := range n.SchemaElts {
		inner := *s
		inner.Node, inner.Inside = e, s
		c.run(&inner)
	}
	c.path = saved
}

// schema returns the schema of that name, making a ghost if there is none.
func (c *Catalog) schema(name string, at Place) *Schema {
	if sc := c.Schemas[name]; sc != nil {
		return sc
	}
	sc := &Schema{Name: name, Owner: Superuser, Made: at, Ghost: true}
	c.Schemas[name] = sc
	return sc
}

// place qualifies the name of an object that is being created.
func (c *Catalog) place(n Name, at Place) Name {
	if n.Schema == "" {
		n.Schema = c.creationSchema()
	}
	c.schema(n.Schema, at)
	return n
}

func (c *Catalog) creationSchema() string {
	for _, name := range c.path {
		if sc := c.Schemas[name]; sc != nil && !sc.Ghost {
			return name
		}
	}
	if len(c.path) > 0 {
		return c.path[0]
	}
	return publicSchema
}

// lookup calls has for the name in each schema that the search path allows.
func (c *Catalog) lookup(n Name, has func(Name) bool) (Name, bool) {
	if n.Schema != "" {
		return n, has(n)
	}
	for _, schema := range c.path {
		if q := (Name{schema, n.Name}); has(q) {
			return q, true
		}
	}
	if q := (Name{tempSchema, n.Name}); has(q) {
		return q, true
	}
	return Name{c.creationSchema(), n.Name}, false
}

// tempSchema stands for the session's own schema of temporary objects.
const tempSchema = "pg_temp"

func (c *Catalog) dropSchema(name string) {
	for _, t := range c.Tables() {
		if t.Name.Schema == name {
			c.dropTable(t, true)
		}
	}
	for n := range c.tables {
		if n.Schema == name {
			delete(c.tables, n)
		}
	}
	for n := range c.types {
		if n.Schema == name {
			delete(c.types, n)
		}
	}
	for n := range c.functions {
		if n.Schema == name {
			delete(c.functions, n)
		}
	}
	c.dropDefaultACLs(func(d *DefaultACL) bool { return d.Schema == name })
	delete(c.Schemas, name)
}

func (c *Catalog) renameSchema(from, to string) {
	sc := c.Schemas[from]
	if sc == nil {
		return
	}
	delete(c.Schemas, from)
	sc.Name = to
	c.Schemas[to] = sc
	rekey(c.tables, from, to, func(t *Table, n Name) { t.Name = n })
	rekey(c.indexes, from, to, func(x *Index, n Name) { x.Name = n })
	rekey(c.types, from, to, func(t *Type, n Name) { t.Name = n })
	rekey(c.functions, from, to, func(fs []*Function, n Name) {
		for _, f := range fs {
			f.Name = n
		}
	})
	for _, d := range c.DefaultACLs {
		if d.Schema == from {
			d.Schema = to
		}
	}
}

// rekey moves the objects of one schema to another name.
func rekey[T any](m map[Name]T, from, to string, rename func(T, Name)) {
	var moved []Name
	for n := range m {
		if n.Schema == from {
			moved = append(moved, n)
		}
	}
	for _, n := range moved {
		v := m[n]
		delete(m, n)
		renamed := Name{to, n.Name}
		rename(v, renamed)
		m[renamed] = v
	}
}
