package sqlscan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// qualify writes a name as SQL, with its schema or without.
func qualify(n catalog.Name, schema bool) string {
	if !schema || n.Schema == "" {
		return ident(n.Name)
	}
	return ident(n.Schema) + "." + ident(n.Name)
}

var plainName = lazyregexp.New(`^[a-z_][a-z0-9_]*$`)

// ident writes an identifier, in quotes where it needs them. Whether a word is
// reserved is asked of the grammar.
func ident(s string) string {
	if plainName.MatchString(s) {
		if _, err := pgparse.ParseOne("ALTER TABLE " + s + " OWNER TO " + s); err == nil {
			return s
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// roles returns the TO of a policy: the roles that the history lets at the
// table, or nothing where it names none or all.
func roles(t *catalog.Table) string {
	var out []string
	for _, e := range t.ACL.Entries() {
		switch {
		case e.Grantee == catalog.Public || strings.ContainsFunc(e.Grantee, unprintable):
			return ""
		case e.Grantee != t.Owner:
			out = append(out, ident(e.Grantee))
		}
	}
	if len(out) == 0 {
		return ""
	}
	slices.Sort(out)
	return " TO " + strings.Join(slices.Compact(out), ", ")
}

// tenant matches the columns by which rows are usually told apart.
var tenant = lazyregexp.New(`^(tenant|org|organi[sz]ation|clinic|practice|facility|hospital|account|customer|site)_?(id|uuid|key)?$`)

var plainType = lazyregexp.New(`^[a-z][a-z0-9 ]*(\(\d+\))?$`)

// example returns a condition that a policy on the table may turn out to have,
// for a comment: a column that tells rows apart, compared with a setting of the
// session. Which column is right nobody but the reader knows.
func (m *migration) example(t *catalog.Table) string {
	column := m.keyColumn(t)
	if column == nil || !plainName.MatchString(column.Name) {
		return ""
	}
	setting := "app." + column.Name
	if column.Name == "id" && plainName.MatchString(t.Name.Name) {
		setting = "app." + t.Name.Name + "_id"
	}
	for _, used := range m.settings() {
		if strings.HasSuffix(used, "."+column.Name) {
			setting = used
		}
	}
	value := fmt.Sprintf("nullif(current_setting('%s', true), '')", setting)
	if typ := column.Type; plainType.MatchString(typ) && typ != "text" && !strings.HasPrefix(typ, "character varying") {
		value += "::" + typ
	}
	return ident(column.Name) + " = " + value
}

func (m *migration) keyColumn(t *catalog.Table) *catalog.Column {
	for _, c := range t.Columns {
		if tenant.MatchString(c.Name) {
			return c
		}
	}
	for _, c := range t.Columns {
		if m.pass.Column(t, c.Name).Category == phi.Link {
			return c
		}
	}
	for _, k := range t.Constraints {
		if k.Kind == catalog.Primary && len(k.Columns) == 1 {
			for _, c := range t.Columns {
				if c.Name == k.Columns[0] {
					return c
				}
			}
		}
	}
	return nil
}

var settingName = lazyregexp.New(`^[a-z_][a-z0-9_]*\.[a-z_][a-z0-9_]*$`)

// settings returns the names of the session settings that the history's
// policies ask for, sorted.
func (m *migration) settings() []string {
	var out []string
	for _, t := range m.pass.Tables() {
		for _, p := range t.Policies {
			for _, expr := range []*pgparse.Node{p.Using, p.WithCheck} {
				pgparse.Walk(expr, func(n pgparse.Message) bool {
					if c, ok := n.(*pgparse.A_Const); ok && settingName.MatchString(c.GetSval().GetSval()) {
						out = append(out, c.GetSval().GetSval())
					}
					return true
				})
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
