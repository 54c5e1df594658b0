package catalog

import (
	"slices"
	"strings"
)

// A Snapshot is the state in plain values, sorted, to be compared with what a
// server's own catalogs say. Ghosts and what every database has are left out.
type Snapshot struct {
	Tables      []TableState
	Columns     []ColumnState
	Policies    []PolicyState
	ACL         []ACLState
	Roles       []RoleState
	Memberships []MembershipState
	DefaultACLs []DefaultACLState
	Functions   []FunctionState
	Settings    []SettingState
}

// The parts of a [Snapshot], in the terms of PostgreSQL's catalogs.
type (
	// TableState is a row of pg_class. Kind is its relkind.
	TableState struct {
		Schema, Name, Kind, Owner string
		RowSecurity, Force        bool
		Options                   string // sorted name=value, joined by commas
	}
	// ColumnState is a row of pg_attribute; Type is as format_type prints it.
	ColumnState struct {
		Schema, Table, Name, Type string
		NotNull                   bool
	}
	// PolicyState is a row of pg_policies; Roles are sorted, PUBLIC for 0.
	PolicyState struct {
		Schema, Table, Name, Command string
		Permissive                   bool
		Roles                        string
		HasUsing, HasCheck           bool
	}
	// ACLState is one privilege, the built-in defaults included. Object is
	// "table s.t", "column s.t.c", "sequence s.q", "schema s",
	// "function s.f(types)" or "type s.t".
	ACLState struct {
		Object, Grantee, Privilege string
		Grantable                  bool
	}
	// RoleState is a row of pg_roles.
	RoleState struct {
		Name                                                                    string
		Superuser, Inherit, CreateRole, CreateDB, Login, Replication, BypassRLS bool
		ConnLimit                                                               int
	}
	// MembershipState is a row of pg_auth_members.
	MembershipState struct {
		Role, Member string
		Admin        bool
	}
	// DefaultACLState is one privilege of a row of pg_default_acl.
	DefaultACLState struct {
		Role, Schema, Kind, Grantee, Privilege string
		Grantable                              bool
	}
	// FunctionState is a row of pg_proc; Config is sorted name=value.
	FunctionState struct {
		Schema, Name, Args, Owner string
		Definer                   bool
		Config                    string
	}
	// SettingState is one setting of pg_db_role_setting.
	SettingState struct{ Database, Role, Name, Value string }
)

var relkinds = map[TableKind]string{Ordinary: "r", Partitioned: "p", Foreign: "f", View: "v", Materialized: "m", Sequence: "S", Composite: "c"}

// Snapshot returns the state as it is now.
func (c *Catalog) Snapshot() *Snapshot {
	s := &Snapshot{}
	for _, t := range c.allRelations() {
		s.addTable(t)
	}
	for _, name := range sortedKeys(c.Schemas) {
		if sc := c.Schemas[name]; !sc.Ghost {
			s.addACL("schema "+name, sc.ACL, kindSchema, sc.Owner)
		}
	}
	for _, f := range c.Functions() {
		if f.Name.Schema == tempSchema {
			continue
		}
		args := strings.Join(f.Args, ", ")
		s.Functions = append(s.Functions, FunctionState{f.Name.Schema, f.Name.Name, args, f.Owner, f.Definer, joined(f.Config)})
		s.addACL("function "+f.Name.Full()+"("+args+")", f.ACL, kindFunction, f.Owner)
	}
	for _, r := range c.Roles() {
		if r.Ghost || r.BuiltIn {
			continue
		}
		s.Roles = append(s.Roles, RoleState{r.Name, r.Superuser, r.Inherit, r.CreateRole, r.CreateDB, r.Login, r.Replication, r.BypassRLS, r.ConnLimit})
	}
	for _, r := range c.Roles() {
		for _, m := range r.Members {
			s.Memberships = append(s.Memberships, MembershipState{r.Name, m.Member, m.Admin})
		}
	}
	for _, d := range c.DefaultACLs {
		for _, e := range d.ACL.Entries() {
			s.DefaultACLs = append(s.DefaultACLs, DefaultACLState{d.Role, d.Schema, d.Kind, e.Grantee, e.Privilege, e.Grantable})
		}
	}
	for _, x := range c.Settings {
		if !x.Session && (x.Role != "" || x.Database != "" || x.Stmt.Node.GetAlterRoleSetStmt() != nil) {
			s.Settings = append(s.Settings, SettingState{x.Database, x.Role, settingName(x.Name), x.Value})
		}
	}
	s.sort()
	return s
}

func (c *Catalog) allRelations() []*Table {
	out := make([]*Table, 0, len(c.tables))
	for _, t := range c.tables {
		if !t.Ghost && !t.Temporary && t.Name.Schema != tempSchema {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *Table) int { return compareNames(a.Name, b.Name) })
	return out
}

func (s *Snapshot) addTable(t *Table) {
	n := t.Name
	s.Tables = append(s.Tables, TableState{n.Schema, n.Name, relkinds[t.Kind], t.Owner, t.RowSecurity.On, t.ForceRLS.On, joined(t.Options)})
	if t.Kind == Composite {
		return
	}
	kind, word := kindTable, "table "
	if t.Kind == Sequence {
		kind, word = kindSequence, "sequence "
	}
	s.addACL(word+n.Full(), t.ACL, kind, t.Owner)
	for _, col := range t.Columns {
		s.Columns = append(s.Columns, ColumnState{n.Schema, n.Name, col.Name, col.Type, col.NotNull})
		for _, e := range col.ACL.Entries() {
			s.ACL = append(s.ACL, ACLState{"column " + n.Full() + "." + col.Name, e.Grantee, e.Privilege, e.Grantable})
		}
	}
	for _, p := range t.Policies {
		s.Policies = append(s.Policies, PolicyState{n.Schema, n.Name, p.Name, p.Command, p.Permissive, strings.Join(p.Roles, ","), p.Using != nil, p.WithCheck != nil})
	}
}

func (s *Snapshot) addACL(object string, acl *ACL, kind aclKind, owner string) {
	if acl == nil {
		acl = defaultACL(kind, owner)
	}
	for _, e := range acl.Entries() {
		s.ACL = append(s.ACL, ACLState{object, e.Grantee, e.Privilege, e.Grantable})
	}
}

func (s *Snapshot) sort() {
	sortStates(s.Columns, func(x ColumnState) string { return x.Schema + "\x00" + x.Table + "\x00" + x.Name })
	sortStates(s.Policies, func(x PolicyState) string { return x.Schema + "\x00" + x.Table + "\x00" + x.Name })
	sortStates(s.ACL, func(x ACLState) string { return x.Object + "\x00" + x.Grantee + "\x00" + x.Privilege })
	sortStates(s.Memberships, func(x MembershipState) string { return x.Role + "\x00" + x.Member })
	sortStates(s.DefaultACLs, func(x DefaultACLState) string {
		return x.Role + "\x00" + x.Schema + "\x00" + x.Kind + "\x00" + x.Grantee + "\x00" + x.Privilege
	})
	sortStates(s.Settings, func(x SettingState) string { return x.Database + "\x00" + x.Role + "\x00" + x.Name })
}

func sortStates[T any](list []T, key func(T) string) {
	slices.SortStableFunc(list, func(a, b T) int { return strings.Compare(key(a), key(b)) })
}

func sortedKeys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// settingName writes the few settings that PostgreSQL does not write in small
// letters as it does.
func settingName(name string) string {
	for _, s := range []string{"DateStyle", "IntervalStyle", "TimeZone"} {
		if strings.EqualFold(name, s) {
			return s
		}
	}
	return name
}

func joined(m map[string]string) string {
	var parts []string
	for _, k := range sortedKeys(m) {
		parts = append(parts, settingName(k)+"="+m[k])
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
