package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A DefaultACL is what ALTER DEFAULT PRIVILEGES says of objects that a role
// will create, in one schema or, if Schema is "", in any.
type DefaultACL struct {
	Role, Schema string
	Kind         string // letter of pg_default_acl: r S f T n
	ACL          *ACL
	// Set is the last statement that changed it.
	Set Place
}

// empty reports whether the entry says nothing any more; PostgreSQL then
// removes the row.
func (d *DefaultACL) empty() bool {
	if d.Schema != "" {
		return len(d.ACL.Entries()) == 0
	}
	return d.ACL.equal(defaultACL(aclKind(d.Kind), d.Role))
}

var defaultKinds = map[pgparse.ObjectType]aclKind{
	pgparse.ObjectType_OBJECT_TABLE:    kindTable,
	pgparse.ObjectType_OBJECT_SEQUENCE: kindSequence,
	pgparse.ObjectType_OBJECT_FUNCTION: kindFunction,
	pgparse.ObjectType_OBJECT_ROUTINE:  kindFunction,
	pgparse.ObjectType_OBJECT_TYPE:     kindType,
	pgparse.ObjectType_OBJECT_SCHEMA:   kindSchema,
}

func (c *Catalog) alterDefaultPrivileges(s *Statement, n *pgparse.AlterDefaultPrivilegesStmt) {
	kind, ok := defaultKinds[n.Action.GetObjtype()]
	if !ok {
		return
	}
	var roles, schemas []string
	for _, o := range n.Options {
		d := o.GetDefElem()
		items := d.GetArg().GetList().GetItems()
		switch d.GetDefname() {
		case "roles":
			roles = c.roleNames(items)
		case "schemas":
			schemas = strs(items)
		}
	}
	if len(roles) == 0 {
		roles = []string{c.actor}
	}
	if len(schemas) == 0 {
		schemas = []string{""}
	}
	ch := c.newChange(s, n.Action)
	if ch.grant {
		for _, g := range ch.grantees {
			if g != Public {
				c.roleOrGhost(g, s.Head())
			}
		}
	}
	for _, role := range roles {
		for _, schema := range schemas {
			d := c.defaultACL(role, schema, kind)
			ch.apply(&d.ACL, kind, role)
			d.Set = s.Head()
		}
	}
	c.dropDefaultACLs(func(d *DefaultACL) bool { return d.empty() })
}

func (c *Catalog) defaultACL(role, schema string, kind aclKind) *DefaultACL {
	for _, d := range c.DefaultACLs {
		if d.Role == role && d.Schema == schema && d.Kind == string(kind) {
			return d
		}
	}
	d := &DefaultACL{Role: role, Schema: schema, Kind: string(kind), ACL: &ACL{}}
	if schema == "" { // a global entry replaces the built-in default
		d.ACL = defaultACL(kind, role)
	}
	c.DefaultACLs = append(c.DefaultACLs, d)
	return d
}

func (c *Catalog) dropDefaultACLs(gone func(*DefaultACL) bool) {
	c.DefaultACLs = slices.DeleteFunc(c.DefaultACLs, gone)
}

// initialACL returns the privileges of a new object, nil for the built-in
// default.
func (c *Catalog) initialACL(kind aclKind, schema, owner string) *ACL {
	var global, local *DefaultACL
	for _, d := range c.DefaultACLs {
		if d.Role != owner || d.Kind != string(kind) {
			continue
		}
		if d.Schema == "" {
			global = d
		} else if d.Schema == schema {
			local = d
		}
	}
	if global == nil && local == nil {
		return nil
	}
	acl := defaultACL(kind, owner)
	if global != nil {
		acl = global.ACL.clone()
	}
	if local != nil {
		for _, e := range local.ACL.Entries() {
			acl.add(e)
		}
	}
	for i := range acl.entries {
		acl.entries[i].ByDefault = true
	}
	if acl.equal(defaultACL(kind, owner)) {
		return nil
	}
	return acl
}
