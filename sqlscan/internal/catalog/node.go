package catalog

import (
	"strconv"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// str returns the text of a String node, or "".
func str(n *pgparse.Node) string { return n.GetString_().GetSval() }

// strs returns the texts of a list of String nodes.
func strs(list []*pgparse.Node) []string {
	out := make([]string, 0, len(list))
	for _, n := range list {
		out = append(out, str(n))
	}
	return out
}

// qualified reads a name from its parts; the schema is "" if not given.
func qualified(parts []*pgparse.Node) Name {
	switch n := len(parts); n {
	case 0:
		return Name{}
	case 1:
		return Name{"", str(parts[0])}
	default:
		return Name{str(parts[n-2]), str(parts[n-1])}
	}
}

func objectName(n *pgparse.Node) Name {
	switch {
	case n.GetList() != nil:
		return qualified(n.GetList().Items)
	case n.GetTypeName() != nil:
		return qualified(n.GetTypeName().Names)
	case n.GetObjectWithArgs() != nil:
		return qualified(n.GetObjectWithArgs().Objname)
	case n.GetRangeVar() != nil:
		return Name{n.GetRangeVar().Schemaname, n.GetRangeVar().Relname}
	}
	return Name{"", str(n)}
}

func rangeName(rv *pgparse.RangeVar) Name { return Name{rv.GetSchemaname(), rv.GetRelname()} }

// optionText returns the value of an option as the server would show it.
func optionText(d *pgparse.DefElem) string {
	if d.Arg == nil {
		return "true"
	}
	return constText(d.Arg)
}

// constText returns the text of a constant, a name or a list of them.
func constText(n *pgparse.Node) string {
	switch x := n.GetNode().(type) {
	case *pgparse.Node_String_:
		return x.String_.Sval
	case *pgparse.Node_Integer:
		return strconv.Itoa(int(x.Integer.Ival))
	case *pgparse.Node_Float:
		return x.Float.Fval
	case *pgparse.Node_Boolean:
		if x.Boolean.Boolval {
			return "true"
		}
		return "false"
	case *pgparse.Node_TypeName:
		parts := strs(x.TypeName.Names)
		return strings.Join(parts, ".")
	case *pgparse.Node_AConst:
		return aconst(x.AConst)
	case *pgparse.Node_TypeCast:
		return constText(x.TypeCast.Arg)
	case *pgparse.Node_List:
		var parts []string
		for _, i := range x.List.Items {
			parts = append(parts, constText(i))
		}
		return strings.Join(parts, ", ")
	}
	return ""
}

func aconst(a *pgparse.A_Const) string {
	switch {
	case a.GetSval() != nil:
		return a.GetSval().Sval
	case a.GetIval() != nil:
		return strconv.Itoa(int(a.GetIval().Ival))
	case a.GetFval() != nil:
		return a.GetFval().Fval
	case a.GetBoolval() != nil:
		if a.GetBoolval().Boolval {
			return "true"
		}
		return "false"
	}
	return ""
}

// truth reads an option such as security_invoker: PostgreSQL takes true, on,
// yes, 1 and their beginnings.
func truth(s string) bool {
	switch strings.ToLower(s) {
	case "true", "on", "yes", "1", "t", "tr", "tru", "y", "ye":
		return true
	}
	return false
}

// roleName returns the role that a RoleSpec names; CURRENT_USER and its like
// are the role that runs the statement.
func (c *Catalog) roleName(r *pgparse.RoleSpec) string {
	switch r.GetRoletype() {
	case pgparse.RoleSpecType_ROLESPEC_PUBLIC:
		return Public
	case pgparse.RoleSpecType_ROLESPEC_CURRENT_USER, pgparse.RoleSpecType_ROLESPEC_CURRENT_ROLE:
		return c.actor
	case pgparse.RoleSpecType_ROLESPEC_SESSION_USER:
		return Superuser
	}
	return r.GetRolename()
}

func (c *Catalog) roleNames(list []*pgparse.Node) []string {
	out := make([]string, 0, len(list))
	for _, n := range list {
		out = append(out, c.roleName(n.GetRoleSpec()))
	}
	return out
}

// optionsOf reads a list of options into a map with lower-case keys.
func optionsOf(list []*pgparse.Node) map[string]string {
	if len(list) == 0 {
		return nil
	}
	m := make(map[string]string, len(list))
	for _, n := range list {
		if d := n.GetDefElem(); d != nil {
			m[strings.ToLower(d.Defname)] = optionText(d)
		}
	}
	return m
}
