// Package catalog replays SQL statements into the state that PostgreSQL's own
// catalogs would have after them: tables and their row security, policies,
// roles, privileges, views, functions.
//
// [New] gives an empty database; [Catalog.Replay] applies the statements of one
// file; the exported fields and methods then tell the final state. Every object
// knows the [Place] that made it, and the properties that access rules judge
// know the place that changed them last.
//
// The replay trusts the history: a statement that the server would refuse is
// taken as far as it makes sense. An object that is used and was never created
// becomes a ghost, because it may well exist outside the files. What the replay
// does not model and what may matter is listed in [Catalog.Unmodelled].
package catalog

import (
	"cmp"
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Place is a range of bytes of one file.
type Place struct {
	File       string
	Start, End int
}

// Known reports whether the place is set.
func (p Place) Known() bool { return p.File != "" }

// A Name is a qualified name. The schema of roles and other unqualified
// objects is empty.
type Name struct{ Schema, Name string }

// String returns the name as a reader would write it: public is left out.
func (n Name) String() string {
	if n.Schema == "" || n.Schema == publicSchema {
		return n.Name
	}
	return n.Schema + "." + n.Name
}

// Full returns the name with its schema.
func (n Name) Full() string {
	if n.Schema == "" {
		return n.Name
	}
	return n.Schema + "." + n.Name
}

func compareNames(a, b Name) int {
	return cmp.Or(cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Name, b.Name))
}

// A Toggle is a property that is on or off.
type Toggle struct {
	On     bool
	Set    Place // the last change; unknown if it has its initial value
	OnceOn Place // where it had been switched on, if it is off again
}

func (t *Toggle) set(on bool, at Place) {
	if t.On && !on {
		t.OnceOn = t.Set
	}
	t.On, t.Set = on, at
}

// A Text is a comment or label and where it was given.
type Text struct {
	Value string
	Set   Place
}

// Superuser is the name that the replay gives to the role that runs the history.
const Superuser = "postgres"

const publicSchema = "public"

// A Catalog is the state of one database and its cluster.
type Catalog struct {
	Schemas      map[string]*Schema
	Extensions   map[string]Place
	Tablespaces  map[string]*Tablespace
	Publications map[string]*Publication
	DefaultACLs  []*DefaultACL
	Settings     []*Setting
	// Statements are all statements in the order of their replay, those inside
	// DO blocks and other statements right behind the one that holds them.
	Statements []*Statement
	// Sketches are statements that hold a secret, perhaps, and are not applied:
	// those of EXECUTE whose text is known in part only, with [Unknown] for the
	// rest, and all of a DO block. Opaque are DO blocks that do not parse.
	Sketches, Opaque []*Statement

	Unmodelled []Skipped
	// Parser remembers trees; nil parses everything anew.
	Parser *pgparse.Cache

	tables    map[Name]*Table
	indexes   map[Name]*Index
	types     map[Name]*Type
	functions map[Name][]*Function
	roles     map[string]*Role
	phantoms  map[Name]*Table // only named by queries
	gone      map[Name]Place  // dropped relations, so that they do not come back as ghosts

	skipped map[Skipped]bool // what Unmodelled holds

	path  []string // search_path
	actor string   // role that runs statements
	depth int      // of DO blocks and EXECUTE, against runaway nesting
	calls int      // of functions, against runaway work
}

// New returns the catalog of a fresh database.
func New() *Catalog {
	c := &Catalog{
		Schemas:      map[string]*Schema{},
		Extensions:   map[string]Place{},
		Tablespaces:  map[string]*Tablespace{},
		Publications: map[string]*Publication{},
		tables:       map[Name]*Table{},
		indexes:      map[Name]*Index{},
		types:        map[Name]*Type{},
		functions:    map[Name][]*Function{},
		roles:        map[string]*Role{},
		phantoms:     map[Name]*Table{},
		gone:         map[Name]Place{},
		skipped:      map[Skipped]bool{},
	}
	c.roles[Superuser] = &Role{Name: Superuser, Superuser: true, Inherit: true, CreateRole: true, CreateDB: true,
		Login: true, Replication: true, BypassRLS: true, ConnLimit: -1, BuiltIn: true}
	c.Schemas[publicSchema] = &Schema{Name: publicSchema, Owner: "pg_database_owner", BuiltIn: true,
		ACL: &ACL{entries: []Entry{{Grantee: "pg_database_owner", Privilege: "CREATE"}, {Grantee: "pg_database_owner", Privilege: "USAGE"},
			{Grantee: Public, Privilege: "USAGE"}}}}
	c.resetSession()
	return c
}

// resetSession forgets what SET did: the next file may run on another connection.
func (c *Catalog) resetSession() {
	c.path = []string{publicSchema}
	c.actor = Superuser
}

// A Skipped is a statement whose effect may matter and is not modelled.
type Skipped struct {
	What string
	At   Place
}

func (c *Catalog) skip(what string, at Place) {
	s := Skipped{what, at}
	if c.skipped[s] { // a function may be called many times
		return
	}
	c.skipped[s] = true
	c.Unmodelled = append(c.Unmodelled, s)
}

// A Statement is a parsed statement of the history.
type Statement struct {
	Place Place
	Node  *pgparse.Node
	// Source is the text that holds the statement, with the same offsets as
	// the file; nil for text that the replay put together.
	Source []byte
	// Base is what to add to a location of the tree to get an offset of the
	// file, or -1 if the statement's text does not stand in the file as it is.
	Base int
	// RolledBack says that the transaction around it was rolled back.
	RolledBack bool
	// Inside is the outermost statement that holds this one, such as the DO,
	// or nil.
	Inside *Statement
	// Function is set for a statement in the body of a function: it runs when
	// the function is called, not when the history is replayed.
	Function *Function
	// Calls are the calls of functions in it. What the bodies of functions and
	// DO blocks call is in the statements that these hold.
	Calls []*pgparse.FuncCall

	env  env             // the variables of the body that holds it
	body *pgparse.PLBody // nil if it was not read ahead
}

// At returns the place of length bytes at a location of the tree, or of the
// whole statement if the location is not known.
func (s *Statement) At(location int32, length int) Place {
	if s.Base < 0 || location < 0 {
		return s.Head()
	}
	start := s.Base + int(location)
	return Place{s.Place.File, start, start + length}
}

// Ident returns the place of the identifier that starts at a location,
// quotes included.
func (s *Statement) Ident(location int32) Place {
	if s.Base < 0 || location < 0 || s.Source == nil {
		return s.Head()
	}
	start := s.Base + int(location)
	return Place{s.Place.File, start, identEnd(s.Source, start)}
}

// Head returns the place of the statement's first line.
func (s *Statement) Head() Place {
	p := s.Place
	if s.Source == nil {
		return p
	}
	for i := p.Start; i < p.End && i < len(s.Source); i++ {
		if s.Source[i] == '\n' || s.Source[i] == '\r' {
			p.End = i
			break
		}
	}
	return p
}

// identEnd returns the end of a possibly qualified, possibly quoted name.
func identEnd(src []byte, start int) int {
	i := start
	for i < len(src) {
		switch c := src[i]; {
		case c == '"':
			for i++; i < len(src) && src[i] != '"'; i++ {
			}
			i++
		case c == '.' || c == '_' || c == '$' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z':
			i++
		default:
			return max(i, start+1)
		}
	}
	return min(i, len(src))
}

// Tables returns the relations that have rows or stand for a query: tables,
// partitions, foreign tables, views, materialized views; sorted by name.
func (c *Catalog) Tables() []*Table {
	out := make([]*Table, 0, len(c.tables))
	for _, t := range c.tables {
		if t.Kind != Sequence && t.Kind != Composite {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b *Table) int { return compareNames(a.Name, b.Name) })
	return out
}

// Table returns the relation of that name. Schema "" means any, public first.
func (c *Catalog) Table(schema, name string) *Table {
	if schema != "" {
		return c.tables[Name{schema, name}]
	}
	if t := c.tables[Name{publicSchema, name}]; t != nil {
		return t
	}
	var found *Table
	for n, t := range c.tables {
		if n.Name == name && (found == nil || n.Schema < found.Name.Schema) {
			found = t
		}
	}
	return found
}

// SchemaList returns the schemas that the history makes, sorted by name.
func (c *Catalog) SchemaList() []*Schema {
	var out []*Schema
	for _, name := range sortedKeys(c.Schemas) {
		if s := c.Schemas[name]; !s.BuiltIn && !s.Ghost {
			out = append(out, s)
		}
	}
	return out
}

// PublicationList returns the publications, sorted by name.
func (c *Catalog) PublicationList() []*Publication {
	out := make([]*Publication, 0, len(c.Publications))
	for _, name := range sortedKeys(c.Publications) {
		out = append(out, c.Publications[name])
	}
	return out
}

// Enums returns the types of columns that are lists of labels, as Column.Type
// has them.
func (c *Catalog) Enums() map[string]bool {
	out := make(map[string]bool)
	for n, t := range c.types {
		if t.Kind == "enum" {
			out[n.typeName()] = true
			out[n.typeName()+"[]"] = true
		}
	}
	return out
}

// Types returns the types that the history makes, sorted by name.
func (c *Catalog) Types() []*Type {
	out := make([]*Type, 0, len(c.types))
	for _, t := range c.types {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *Type) int { return compareNames(a.Name, b.Name) })
	return out
}

// Nearest returns a place on the first line of the statement if at lies in it,
// and at itself otherwise: a finding about a whole statement starts with it.
func (s *Statement) Nearest(at Place) Place {
	if s != nil && at.File == s.Place.File && at.Start >= s.Place.Start && at.Start < s.Place.End {
		return s.Head()
	}
	return at
}
