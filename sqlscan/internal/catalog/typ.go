package catalog

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Type is an enum, a domain, a range or another type that the history makes.
type Type struct {
	Name   Name
	Kind   string // "enum", "domain", "range"
	Labels []string
	Base   string // of a domain
	Check  []*pgparse.Node
	Owner  string
	ACL    *ACL
	Made   Place
	Stmt   *Statement
}

// typeAliases maps the names of the grammar's own types to what format_type
// prints.
var typeAliases = map[string]string{
	"int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real", "float8": "double precision",
	"bool": "boolean", "varchar": "character varying", "bpchar": "character", "timestamp": "timestamp without time zone",
	"timestamptz": "timestamp with time zone", "time": "time without time zone", "timetz": "time with time zone",
	"varbit": "bit varying", "decimal": "numeric",
}

var serialTypes = map[string]string{
	"serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint", "smallserial": "smallint", "serial2": "smallint",
}

// plainTypes are types of pg_catalog that the grammar leaves unqualified.
const plainTypes = " text uuid bytea json jsonb date inet cidr macaddr xml oid name numeric money point tsvector tsquery interval "

// typeText returns a type as format_type prints it, and whether it is a serial.
func (c *Catalog) typeText(n *pgparse.TypeName) (text string, serial bool) {
	if n == nil {
		return "", false
	}
	q := qualified(n.Names)
	base := q.Name
	system := q.Schema == "pg_catalog"
	if t, ok := serialTypes[base]; ok && (q.Schema == "" || system) {
		return t, true
	}
	alias, known := typeAliases[base]
	switch {
	case known && (system || q.Schema == ""):
		base = alias
	case system:
	default:
		base = c.userType(q)
	}
	if base == "char" && !system { // the one-byte type; CHAR is bpchar to the grammar
		base = `"char"`
	}
	base = typeModifier(base, n)
	if len(n.ArrayBounds) > 0 {
		base += "[]"
	}
	if n.Setof {
		base = "SETOF " + base
	}
	if n.PctType {
		base += "%TYPE"
	}
	return base, false
}

// userType names a type of the history; public needs no schema.
func (c *Catalog) userType(n Name) string {
	if n.Schema == "" && strings.Contains(plainTypes, " "+n.Name+" ") {
		return n.Name
	}
	q, _ := c.lookup(n, func(q Name) bool { return c.types[q] != nil || c.tables[q] != nil })
	if n.Schema == "" && c.types[q] == nil && c.tables[q] == nil {
		return quoteIdent(n.Name)
	}
	return q.typeName()
}

// typeName writes the name of a type as format_type does.
func (n Name) typeName() string {
	if n.Schema == "" || n.Schema == publicSchema {
		return quoteIdent(n.Name)
	}
	return quoteIdent(n.Schema) + "." + quoteIdent(n.Name)
}

// argumentType returns the type of a function's argument: PostgreSQL drops the
// modifiers there, and looks up what a column's type is.
func (c *Catalog) argumentType(n *pgparse.TypeName) string {
	if n == nil {
		return ""
	}
	if n.PctType && len(n.Names) > 1 {
		last := len(n.Names) - 1
		if t := c.find(qualified(n.Names[:last])); t != nil {
			if col := t.Column(str(n.Names[last])); col != nil {
				return withoutModifier(col.Type)
			}
		}
	}
	text, _ := c.typeText(n)
	return withoutModifier(text)
}

func withoutModifier(typ string) string {
	from := strings.IndexByte(typ, '(')
	to := strings.LastIndexByte(typ, ')')
	if from < 0 || to < from || strings.HasPrefix(typ, `"`) {
		return typ
	}
	return typ[:from] + typ[to+1:]
}

// retype follows a type to its new name in all columns that have it.
func (c *Catalog) retype(from, to Name) {
	old, name := from.typeName(), to.typeName()
	for _, t := range c.tables {
		for _, col := range t.Columns {
			if base, isArray := strings.CutSuffix(col.Type, "[]"); base == old {
				col.Type = name
				if isArray {
					col.Type += "[]"
				}
			}
		}
	}
}

// typeModifier adds (n) or (p,s), in the place where format_type has it.
func typeModifier(base string, n *pgparse.TypeName) string {
	var mods []string
	for _, m := range n.Typmods {
		text := constText(m)
		if _, err := strconv.Atoi(text); err != nil {
			return base
		}
		mods = append(mods, text)
	}
	if len(mods) == 0 {
		return base
	}
	switch {
	case base == "interval":
		return intervalText(mods)
	case strings.HasPrefix(base, "timestamp "), strings.HasPrefix(base, "time "):
		word, rest, _ := strings.Cut(base, " ")
		return word + "(" + mods[0] + ") " + rest
	case base == "numeric" && len(mods) == 1:
		mods = append(mods, "0")
	}
	return base + "(" + strings.Join(mods, ",") + ")"
}

// intervalFields names the masks that the grammar gives for the fields of an
// interval, from PostgreSQL's datetime.h.
var intervalFields = map[string]string{
	"4": "year", "2": "month", "8": "day", "1024": "hour", "2048": "minute", "4096": "second",
	"6": "year to month", "1032": "day to hour", "3080": "day to minute", "7176": "day to second",
	"3072": "hour to minute", "7168": "hour to second", "6144": "minute to second",
}

func intervalText(mods []string) string {
	text := "interval"
	if f := intervalFields[mods[0]]; f != "" {
		text += " " + f
	}
	if len(mods) > 1 {
		text += "(" + mods[1] + ")"
	}
	return text
}

func (c *Catalog) addType(s *Statement, parts []*pgparse.Node, kind string) *Type {
	n := c.place(qualified(parts), s.Head())
	if c.types[n] != nil {
		return nil
	}
	t := &Type{Name: n, Kind: kind, Made: s.Head(), Stmt: s, Owner: c.actor}
	t.ACL = c.initialACL(kindType, n.Schema, t.Owner)
	c.types[n] = t
	return t
}

func (c *Catalog) createEnum(s *Statement, n *pgparse.CreateEnumStmt) {
	if t := c.addType(s, n.TypeName, "enum"); t != nil {
		t.Labels = strs(n.Vals)
	}
}

func (c *Catalog) createRange(s *Statement, n *pgparse.CreateRangeStmt) {
	t := c.addType(s, n.TypeName, "range")
	if t == nil {
		return
	}
	subtype, multi := "", t.Name
	if before, after, found := strings.Cut(t.Name.Name, "range"); found {
		multi.Name = before + "multirange" + after
	} else {
		multi.Name += "_multirange"
	}
	for _, p := range n.Params {
		switch d := p.GetDefElem(); strings.ToLower(d.GetDefname()) {
		case "subtype":
			subtype, _ = c.typeText(d.GetArg().GetTypeName())
		case "multirange_type_name":
			multi = qualified(d.GetArg().GetTypeName().GetNames())
			multi.Schema = cmp.Or(multi.Schema, t.Name.Schema)
		}
	}
	// The constructors that come with the type.
	name := t.Name.typeName()
	for _, f := range []Function{{Name: t.Name, Args: []string{subtype, subtype}}, {Name: t.Name, Args: []string{subtype, subtype, "text"}},
		{Name: multi}, {Name: multi, Args: []string{name}}, {Name: multi, Args: []string{name + "[]"}}} {
		f.Language, f.Owner, f.Made, f.Stmt = "internal", t.Owner, t.Made, s
		f.ArgNames = make([]string, len(f.Args))
		f.ACL = c.initialACL(kindFunction, f.Name.Schema, f.Owner)
		c.functions[f.Name] = append(c.functions[f.Name], &f)
	}
}

func (c *Catalog) createDomain(s *Statement, n *pgparse.CreateDomainStmt) {
	t := c.addType(s, n.Domainname, "domain")
	if t == nil {
		return
	}
	t.Base, _ = c.typeText(n.TypeName)
	for _, k := range n.Constraints {
		if e := k.GetConstraint().GetRawExpr(); e != nil {
			t.Check = append(t.Check, e)
		}
	}
}

func (c *Catalog) createComposite(s *Statement, n *pgparse.CompositeTypeStmt) {
	t := c.newTable(s, n.Typevar, Composite)
	if t == nil {
		return
	}
	t.ACL = nil
	for _, d := range n.Coldeflist {
		c.addColumn(t, d.GetColumnDef(), s)
	}
}

func (c *Catalog) typeNamed(n Name) *Type {
	q, _ := c.lookup(n, func(q Name) bool { return c.types[q] != nil })
	return c.types[q]
}

func (c *Catalog) alterEnum(s *Statement, n *pgparse.AlterEnumStmt) {
	t := c.typeNamed(qualified(n.TypeName))
	if t == nil {
		return
	}
	if n.OldVal != "" {
		for i, l := range t.Labels {
			if l == n.OldVal {
				t.Labels[i] = n.NewVal
			}
		}
		return
	}
	t.Labels = append(t.Labels, n.NewVal)
}
