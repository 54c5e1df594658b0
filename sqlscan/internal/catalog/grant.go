package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A change is one GRANT or REVOKE, ready to be applied to an object.
type change struct {
	grant      bool
	privileges []string // nil means ALL
	columns    map[string][]string
	grantees   []string
	option     bool
	at         Place
	wide       bool
	// may tells whether the role that runs the statement has any say over an
	// object; if not, the server warns and does nothing.
	may func(acl *ACL, owner string) bool
}

func (ch *change) apply(acl **ACL, kind aclKind, owner string) {
	if ch.may != nil && !ch.may(*acl, owner) {
		return
	}
	privileges := ch.privileges
	if privileges == nil && len(ch.columns) == 0 {
		privileges = allPrivileges[kind]
	}
	if len(privileges) == 0 {
		return
	}
	if *acl == nil {
		*acl = defaultACL(kind, owner)
	}
	for _, grantee := range ch.grantees {
		for _, p := range privileges {
			if ch.grant {
				(*acl).add(Entry{Grantee: grantee, Privilege: p, Grantable: ch.option, Made: ch.at, Wide: ch.wide})
			} else {
				(*acl).remove(grantee, p, ch.option)
			}
		}
	}
}

// applyColumns applies the privileges that name columns. A REVOKE on the whole
// table takes those of its columns too.
func (ch *change) applyColumns(t *Table) {
	if ch.may != nil && !ch.may(t.ACL, t.Owner) {
		return
	}
	ch.remember(t)
	if !ch.grant {
		privileges := ch.privileges
		if privileges == nil && len(ch.columns) == 0 {
			privileges = columnPrivileges
		}
		for _, col := range t.Columns {
			ch.revokeColumn(col, privileges)
		}
	}
	for name, privileges := range ch.columns {
		col := t.Column(name)
		if col == nil {
			continue
		}
		if !ch.grant {
			ch.revokeColumn(col, privileges)
			continue
		}
		if col.ACL == nil {
			col.ACL = &ACL{}
		}
		for _, grantee := range ch.grantees {
			for _, p := range privileges {
				col.ACL.add(Entry{Grantee: grantee, Privilege: p, Grantable: ch.option, Made: ch.at})
			}
		}
	}
}

// remember notes what was revoked from the whole table.
func (ch *change) remember(t *Table) {
	if ch.grant || ch.option || len(ch.columns) > 0 {
		return
	}
	privileges := ch.privileges
	if privileges == nil {
		privileges = allPrivileges[kindTable]
	}
	if t.Revoked == nil {
		t.Revoked = map[string]Place{}
	}
	for _, p := range privileges {
		t.Revoked[p] = ch.at
	}
}

func (ch *change) revokeColumn(col *Column, privileges []string) {
	if col.ACL == nil {
		return
	}
	for _, grantee := range ch.grantees {
		for _, p := range privileges {
			col.ACL.remove(grantee, p, ch.option)
		}
	}
}

func (c *Catalog) newChange(s *Statement, n *pgparse.GrantStmt) *change {
	ch := &change{grant: n.IsGrant, option: n.GrantOption, at: s.Head(), grantees: c.roleNames(n.Grantees),
		wide: n.Targtype == pgparse.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA}
	for _, p := range n.Privileges {
		a := p.GetAccessPriv()
		name := privilegeName(a.GetPrivName())
		if len(a.GetCols()) == 0 {
			ch.privileges = append(ch.privileges, name)
			continue
		}
		if ch.columns == nil {
			ch.columns = map[string][]string{}
		}
		for _, col := range strs(a.Cols) {
			if name == "" {
				ch.columns[col] = append(ch.columns[col], columnPrivileges...)
			} else {
				ch.columns[col] = append(ch.columns[col], name)
			}
		}
	}
	return ch
}

func (c *Catalog) grant(s *Statement, n *pgparse.GrantStmt) {
	ch := c.newChange(s, n)
	ch.may = c.mayGrant
	if ch.grant {
		for _, g := range ch.grantees {
			if g != Public {
				c.roleOrGhost(g, s.Head())
			}
		}
	}
	switch n.Targtype {
	case pgparse.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA:
		for _, name := range strs(n.Objects) {
			c.grantInSchema(ch, name, n.Objtype)
		}
	default:
		for _, o := range n.Objects {
			c.grantOn(ch, o, n.Objtype, s)
		}
	}
}

// mayGrant reports whether the role that runs statements owns an object, is
// above that, or was given a privilege on it with grant option.
func (c *Catalog) mayGrant(acl *ACL, owner string) bool {
	r := c.roles[c.actor]
	if r == nil || r.Ghost || r.Superuser {
		return true
	}
	member := c.MemberOf(c.actor)
	if slices.Contains(member, owner) {
		return true
	}
	return slices.ContainsFunc(acl.Entries(), func(e Entry) bool { return e.Grantable && slices.Contains(member, e.Grantee) })
}

func (c *Catalog) grantInSchema(ch *change, schema string, kind pgparse.ObjectType) {
	switch kind {
	case pgparse.ObjectType_OBJECT_TABLE:
		for _, t := range c.Tables() {
			if t.Name.Schema == schema {
				ch.apply(&t.ACL, kindTable, t.Owner)
				ch.applyColumns(t)
			}
		}
	case pgparse.ObjectType_OBJECT_SEQUENCE:
		for n, t := range c.tables {
			if t.Kind == Sequence && n.Schema == schema {
				ch.apply(&t.ACL, kindSequence, t.Owner)
			}
		}
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE:
		for _, f := range c.Functions() {
			if f.Name.Schema == schema && kindMatches(kind, f) {
				ch.apply(&f.ACL, kindFunction, f.Owner)
			}
		}
	}
}

func kindMatches(kind pgparse.ObjectType, f *Function) bool {
	switch kind {
	case pgparse.ObjectType_OBJECT_FUNCTION:
		return !f.Procedure
	case pgparse.ObjectType_OBJECT_PROCEDURE:
		return f.Procedure
	}
	return true
}

func (c *Catalog) grantOn(ch *change, o *pgparse.Node, kind pgparse.ObjectType, s *Statement) {
	switch kind {
	case pgparse.ObjectType_OBJECT_TABLE, pgparse.ObjectType_OBJECT_SEQUENCE:
		if o.GetRangeVar() == nil {
			return
		}
		t := c.find(rangeName(o.GetRangeVar()))
		if t == nil && ch.grant && kind == pgparse.ObjectType_OBJECT_TABLE {
			t = c.findOrGhost(o.GetRangeVar(), s, false)
		}
		if t == nil {
			return
		}
		k := kindTable
		if t.Kind == Sequence {
			k = kindSequence
		}
		ch.apply(&t.ACL, k, t.Owner)
		ch.applyColumns(t)
	case pgparse.ObjectType_OBJECT_SCHEMA:
		sc := c.schema(str(o), s.Head())
		ch.apply(&sc.ACL, kindSchema, sc.Owner)
	case pgparse.ObjectType_OBJECT_FUNCTION, pgparse.ObjectType_OBJECT_PROCEDURE, pgparse.ObjectType_OBJECT_ROUTINE:
		for _, f := range c.functionsNamed(o.GetObjectWithArgs()) {
			ch.apply(&f.ACL, kindFunction, f.Owner)
		}
	case pgparse.ObjectType_OBJECT_TYPE, pgparse.ObjectType_OBJECT_DOMAIN:
		if t := c.typeNamed(objectName(o)); t != nil {
			ch.apply(&t.ACL, kindType, t.Owner)
		}
	}
}

// dropOwned takes away what the roles own and what was granted to them.
func (c *Catalog) dropOwned(n *pgparse.DropOwnedStmt) {
	roles := c.roleNames(n.Roles)
	cascade := n.Behavior == pgparse.DropBehavior_DROP_CASCADE
	for _, t := range c.Tables() {
		if slices.Contains(roles, t.Owner) {
			c.dropTable(t, cascade)
		}
	}
	for n, t := range c.tables {
		if slices.Contains(roles, t.Owner) {
			delete(c.tables, n)
		}
	}
	for _, f := range c.Functions() {
		if slices.Contains(roles, f.Owner) {
			c.dropFunction(f)
		}
	}
	for name, sc := range c.Schemas {
		if slices.Contains(roles, sc.Owner) {
			c.dropSchema(name)
		}
	}
	c.eachACL(func(a **ACL, _ aclKind, _ string) {
		for _, r := range roles {
			(*a).removeGrantee(r)
		}
	})
	for _, t := range c.Tables() {
		for _, p := range slices.Clone(t.Policies) {
			p.Roles = slices.DeleteFunc(p.Roles, func(r string) bool { return slices.Contains(roles, r) })
			if len(p.Roles) == 0 {
				t.dropPolicy(p.Name)
			}
		}
	}
	c.dropDefaultACLs(func(d *DefaultACL) bool { return slices.Contains(roles, d.Role) })
	for _, d := range c.DefaultACLs {
		for _, r := range roles {
			d.ACL.removeGrantee(r)
		}
	}
	c.dropDefaultACLs(func(d *DefaultACL) bool { return d.empty() })
}

// eachACL calls f for the privileges of every object.
func (c *Catalog) eachACL(f func(acl **ACL, kind aclKind, owner string)) {
	for _, t := range c.tables {
		k := kindTable
		if t.Kind == Sequence {
			k = kindSequence
		}
		f(&t.ACL, k, t.Owner)
		for _, col := range t.Columns {
			f(&col.ACL, kindOther, t.Owner)
		}
	}
	for _, sc := range c.Schemas {
		f(&sc.ACL, kindSchema, sc.Owner)
	}
	for _, fs := range c.functions {
		for _, fn := range fs {
			f(&fn.ACL, kindFunction, fn.Owner)
		}
	}
	for _, t := range c.types {
		f(&t.ACL, kindType, t.Owner)
	}
}
