package catalog

import (
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Setting is a value given to a configuration parameter.
type Setting struct {
	Name, Value string
	// Role and Database say for whom ALTER ROLE or ALTER DATABASE keeps it;
	// both are empty for ALTER SYSTEM and for SET.
	Role, Database string
	Session        bool // SET
	Local          bool // SET LOCAL
	Made           Place
	Stmt           *Statement
}

// listSettings are those whose values are lists of names, which PostgreSQL
// quotes one by one.
var listSettings = map[string]bool{"search_path": true, "temp_tablespaces": true, "session_preload_libraries": true,
	"shared_preload_libraries": true, "local_preload_libraries": true}

func settingText(name string, args []*pgparse.Node) string {
	parts := make([]string, 0, len(args))
	for _, a := range args {
		text := constText(a)
		if listSettings[strings.ToLower(name)] {
			text = quoteIdent(text)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// set handles SET and RESET.
func (c *Catalog) set(s *Statement, n *pgparse.VariableSetStmt) {
	name := strings.ToLower(n.Name)
	switch n.Kind {
	case pgparse.VariableSetKind_VAR_SET_VALUE:
		value := settingText(name, n.Args)
		c.apply(name, value, n.Args)
		c.Settings = append(c.Settings, &Setting{Name: name, Value: value, Session: true, Local: n.IsLocal, Made: s.Head(), Stmt: s})
	case pgparse.VariableSetKind_VAR_RESET_ALL:
		c.path = []string{publicSchema}
	default:
		switch name {
		case "search_path":
			c.path = []string{publicSchema}
		case "role", "session_authorization":
			c.actor = Superuser
		}
	}
}

// apply changes how later statements of the session are read.
func (c *Catalog) apply(name, value string, args []*pgparse.Node) {
	switch name {
	case "search_path":
		c.path = c.path[:0:0]
		var parts []string
		for _, a := range args {
			parts = append(parts, constText(a))
		}
		if args == nil {
			parts = strings.Split(value, ",")
		}
		for _, p := range parts {
			p = strings.Trim(strings.TrimSpace(p), `"`)
			if p == "$user" {
				p = c.actor
				if c.Schemas[p] == nil {
					continue
				}
			}
			if p != "" && p != "pg_catalog" {
				c.path = append(c.path, p)
			}
		}
	case "role", "session_authorization":
		c.actor = value
		if value == "none" || value == "default" || value == "" {
			c.actor = Superuser
		}
	}
}

// setConfig handles SELECT set_config('search_path', …) with constants.
func (c *Catalog) setConfig(s *Statement, f *pgparse.FuncCall) {
	if f == nil || qualified(f.Funcname).Name != "set_config" || len(f.Args) < 2 {
		return
	}
	name, value := strings.ToLower(constText(f.Args[0])), constText(f.Args[1])
	if name == "search_path" || name == "role" {
		c.apply(name, value, nil)
	}
	if name != "" && f.Args[1].GetAConst() != nil {
		local := len(f.Args) > 2 && truth(constText(f.Args[2]))
		c.Settings = append(c.Settings, &Setting{Name: name, Value: value, Session: true, Local: local, Made: s.Head(), Stmt: s})
	}
}

func (c *Catalog) alterRoleSet(s *Statement, n *pgparse.AlterRoleSetStmt) {
	role := "" // ALTER ROLE ALL
	if n.Role != nil {
		role = c.roleName(n.Role)
	}
	c.keepSetting(s, n.Setstmt, role, n.Database)
}

// keepSetting handles ALTER SYSTEM, ALTER DATABASE and ALTER ROLE … SET.
func (c *Catalog) keepSetting(s *Statement, v *pgparse.VariableSetStmt, role, database string) {
	if v == nil {
		return
	}
	name := strings.ToLower(v.Name)
	c.Settings = slices.DeleteFunc(c.Settings, func(x *Setting) bool {
		return !x.Session && x.Role == role && x.Database == database &&
			(x.Name == name || v.Kind == pgparse.VariableSetKind_VAR_RESET_ALL)
	})
	if v.Kind == pgparse.VariableSetKind_VAR_SET_VALUE {
		c.Settings = append(c.Settings, &Setting{Name: name, Value: settingText(name, v.Args), Role: role, Database: database, Made: s.Head(), Stmt: s})
	}
}

// SettingOf returns what a statement of a body sets: SET, or a query or
// PERFORM of set_config with constants.
func SettingOf(n *pgparse.Node) (name, value string, ok bool) {
	if v := n.GetVariableSetStmt(); v != nil {
		name = strings.ToLower(v.Name)
		return name, settingText(name, v.Args), v.Kind == pgparse.VariableSetKind_VAR_SET_VALUE
	}
	f := target(n).GetFuncCall()
	if f == nil || qualified(f.Funcname).Name != "set_config" || len(f.Args) < 2 || f.Args[0].GetAConst() == nil || f.Args[1].GetAConst() == nil {
		return "", "", false
	}
	return strings.ToLower(constText(f.Args[0])), constText(f.Args[1]), true
}
