package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Role is a role of the cluster.
type Role struct {
	Name        string
	Superuser   bool
	Inherit     bool
	CreateRole  bool
	CreateDB    bool
	Login       bool
	Replication bool
	BypassRLS   bool
	ConnLimit   int
	ValidUntil  string
	HasPassword bool

	Made Place
	// Set tells where an attribute was given last, by the option's name:
	// "superuser", "bypassrls", "createrole", "isreplication", "canlogin".
	Set     map[string]Place
	Stmt    *Statement
	Members []Membership // of this role
	Comment Text
	Ghost   bool
	BuiltIn bool
}

// A Membership makes Member a member of the role that holds it.
type Membership struct {
	Member string
	Admin  bool
	Made   Place
}

// Roles returns the roles, sorted by name.
func (c *Catalog) Roles() []*Role {
	out := make([]*Role, 0, len(c.roles))
	for _, r := range c.roles {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *Role) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// Role returns the role of that name, or nil.
func (c *Catalog) Role(name string) *Role { return c.roles[name] }

func (c *Catalog) roleOrGhost(name string, at Place) *Role {
	r := c.roles[name]
	if r == nil {
		r = &Role{Name: name, Inherit: true, ConnLimit: -1, Ghost: true, Made: at, Set: map[string]Place{}}
		c.roles[name] = r
	}
	return r
}

func (c *Catalog) createRole(s *Statement, n *pgparse.CreateRoleStmt) {
	if old := c.roles[n.Role]; old != nil && !old.Ghost || n.Role == "" {
		return
	}
	r := c.roleOrGhost(n.Role, s.Head())
	r.Ghost, r.Made, r.Stmt = false, s.Head(), s
	r.Login = n.StmtType == pgparse.RoleStmtType_ROLESTMT_USER
	c.roleOptions(r, n.Options, s)
}

func (c *Catalog) alterRole(s *Statement, n *pgparse.AlterRoleStmt) {
	name := c.roleName(n.Role)
	if name == Public || name == "" {
		return
	}
	r := c.roleOrGhost(name, s.Head())
	if n.Action < 0 { // ALTER GROUP … DROP USER
		for _, o := range n.Options {
			for _, m := range c.roleNames(o.GetDefElem().GetArg().GetList().GetItems()) {
				r.dropMember(m)
			}
		}
		return
	}
	c.roleOptions(r, n.Options, s)
}

// roleOptions applies the options of CREATE and ALTER ROLE.
func (c *Catalog) roleOptions(r *Role, options []*pgparse.Node, s *Statement) {
	flags := map[string]*bool{
		"superuser": &r.Superuser, "inherit": &r.Inherit, "createrole": &r.CreateRole, "createdb": &r.CreateDB,
		"canlogin": &r.Login, "isreplication": &r.Replication, "bypassrls": &r.BypassRLS,
	}
	for _, o := range options {
		d := o.GetDefElem()
		if d == nil {
			continue
		}
		if f := flags[d.Defname]; f != nil {
			*f = truth(optionText(d))
			if r.Set == nil {
				r.Set = map[string]Place{}
			}
			r.Set[d.Defname] = s.At(d.Location, 1)
			continue
		}
		c.roleOption(r, d, s)
	}
}

func (c *Catalog) roleOption(r *Role, d *pgparse.DefElem, s *Statement) {
	members := d.GetArg().GetList().GetItems()
	switch d.Defname {
	case "connectionlimit":
		r.ConnLimit = int(d.GetArg().GetInteger().GetIval())
	case "validUntil":
		r.ValidUntil = constText(d.Arg)
	case "password":
		r.HasPassword = d.Arg != nil
	case "rolemembers", "adminmembers":
		for _, m := range c.roleNames(members) {
			r.addMember(c, Membership{m, d.Defname == "adminmembers", s.Head()})
		}
	case "addroleto":
		for _, group := range c.roleNames(members) {
			c.roleOrGhost(group, s.Head()).addMember(c, Membership{r.Name, false, s.Head()})
		}
	}
}

func (r *Role) addMember(c *Catalog, m Membership) {
	c.roleOrGhost(m.Member, m.Made)
	for i := range r.Members {
		if r.Members[i].Member == m.Member {
			r.Members[i].Admin = r.Members[i].Admin || m.Admin
			return
		}
	}
	r.Members = append(r.Members, m)
}

func (r *Role) dropMember(name string) {
	r.Members = slices.DeleteFunc(r.Members, func(m Membership) bool { return m.Member == name })
}

func (c *Catalog) grantRole(s *Statement, n *pgparse.GrantRoleStmt) {
	admin := false
	optionOnly := "" // REVOKE ADMIN OPTION FOR
	for _, o := range n.Opt {
		d := o.GetDefElem()
		if d.GetDefname() == "admin" {
			admin = truth(optionText(d))
		}
		optionOnly = d.GetDefname()
	}
	for _, g := range n.GrantedRoles {
		name := g.GetAccessPriv().GetPrivName()
		if name == "" {
			continue
		}
		role := c.roleOrGhost(name, s.Head())
		for _, member := range c.roleNames(n.GranteeRoles) {
			switch {
			case n.IsGrant:
				role.addMember(c, Membership{member, admin, s.Head()})
			case optionOnly == "admin":
				for i := range role.Members {
					if role.Members[i].Member == member {
						role.Members[i].Admin = false
					}
				}
			case optionOnly == "":
				role.dropMember(member)
			}
		}
	}
}

func (c *Catalog) dropRole(n *pgparse.DropRoleStmt) {
	for _, name := range c.roleNames(n.Roles) {
		delete(c.roles, name)
		for _, r := range c.roles {
			r.dropMember(name)
		}
		c.Settings = slices.DeleteFunc(c.Settings, func(x *Setting) bool { return x.Role == name && !x.Session })
	}
}

// MemberOf returns the roles whose privileges name has: itself and, as far as
// they are inherited, all it is a member of. Sorted.
func (c *Catalog) MemberOf(name string) []string {
	seen := map[string]bool{name: true}
	for queue := []string{name}; len(queue) > 0; queue = queue[1:] {
		for _, r := range c.roles {
			for _, m := range r.Members {
				if m.Member == queue[0] && !seen[r.Name] {
					seen[r.Name] = true
					queue = append(queue, r.Name)
				}
			}
		}
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}
