package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A TableKind is the kind of a relation.
type TableKind string

// The kinds of relation.
const (
	Ordinary     TableKind = "table"
	Partitioned  TableKind = "partitioned table"
	Foreign      TableKind = "foreign table"
	View         TableKind = "view"
	Materialized TableKind = "materialized view"
	Sequence     TableKind = "sequence"
	Composite    TableKind = "composite type"
)

// A Table is a relation of any kind.
type Table struct {
	Name Name
	Kind TableKind
	// Made is the place of the name in the statement that created it; Stmt is
	// that statement.
	Made Place
	Stmt *Statement
	// Ghost says that the history uses the relation and never creates it, so
	// that its columns are not known.
	Ghost     bool
	Temporary bool

	Columns []*Column
	// Former maps the names that columns once had to those they got: what
	// refers to a column keeps doing so when it is renamed.
	Former      map[string]string
	Constraints []*Constraint
	Indexes     []*Index
	Policies    []*Policy
	byPolicy    map[string]*Policy // while there are many
	Triggers    []*Trigger
	Options     map[string]string
	Tablespace  string
	Owner       string
	ACL         *ACL // nil while the defaults hold
	// Revoked tells for each privilege that somebody revoked it, and where:
	// said so, it is no oversight.
	Revoked map[string]Place
	Comment Text
	Label   Text

	RowSecurity Toggle
	ForceRLS    Toggle

	// Parents are what it inherits from, or the table it is a partition of.
	Parents  []*Table
	Children []*Table
	// Owned are the sequences of its serial and identity columns, and OwnedBy
	// the column of such a sequence.
	Owned     []*Table
	OwnedBy   string
	Partition bool // whether its parent is partitioned

	// Query is what a view, a materialized view or CREATE TABLE AS reads; for
	// LIKE, the tables that were copied are in Reads.
	Query *pgparse.Node
	Reads []*Table
	// usedBy are the relations that refer to it, or once did.
	usedBy []*Table
	// Output maps the columns of a view or of CREATE TABLE AS to where they
	// come from.
	Output []OutputColumn
}

// IsView reports whether it is a view, materialized or not.
func (t *Table) IsView() bool { return t.Kind == View || t.Kind == Materialized }

// HasRows reports whether it is a table of any kind, not a view.
func (t *Table) HasRows() bool {
	return t.Kind == Ordinary || t.Kind == Partitioned || t.Kind == Foreign
}

// A Column is a column of a relation.
type Column struct {
	Name    string
	Type    string // as format_type prints it, as far as known
	NotNull bool
	// Identity says that it is GENERATED AS IDENTITY, with a sequence of its own.
	Identity bool
	// Made is the place of its name in the statement that added it.
	Made    Place
	Stmt    *Statement
	Default *pgparse.Node
	Comment Text
	Label   Text
	ACL     *ACL
	// Inherited says that a parent's statement made it.
	Inherited bool
	TypeSet   Place // the last ALTER TYPE
	// Copied says that LIKE or a query gave it the shape of another column.
	Copied bool
}

// Column returns the column of that name, or nil.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// find returns the relation that a name in a statement means, or nil.
func (c *Catalog) find(n Name) *Table {
	q, ok := c.lookup(n, func(q Name) bool { return c.tables[q] != nil })
	if !ok {
		return nil
	}
	return c.tables[q]
}

// findOrGhost returns the relation that a statement works on. A name that was
// never created stands for a table outside of the history; one that was
// dropped stays away.
func (c *Catalog) findOrGhost(rv *pgparse.RangeVar, s *Statement, missingOK bool) *Table {
	if t := c.find(rangeName(rv)); t != nil {
		return t
	}
	n, _ := c.lookup(rangeName(rv), func(Name) bool { return false })
	if _, dropped := c.gone[n]; dropped || missingOK || n.Name == "" {
		return nil
	}
	t := &Table{Name: n, Kind: Ordinary, Ghost: true, Made: s.Ident(rv.Location), Stmt: s, Owner: c.actor}
	c.schema(n.Schema, t.Made)
	c.tables[n] = t
	return t
}

// newTable registers a relation. It returns nil if there is one of that name
// already; a ghost is filled in.
func (c *Catalog) newTable(s *Statement, rv *pgparse.RangeVar, kind TableKind) *Table {
	n := rangeName(rv)
	at := s.Ident(rv.GetLocation())
	temporary := rv.GetRelpersistence() == "t"
	if temporary {
		n.Schema = tempSchema
	} else {
		n = c.place(n, at)
	}
	t := c.tables[n]
	switch {
	case t == nil:
		t = &Table{Name: n}
		c.tables[n] = t
	case !t.Ghost:
		return nil
	}
	delete(c.gone, n)
	t.Kind, t.Made, t.Stmt, t.Ghost, t.Temporary, t.Owner = kind, at, s, false, temporary, c.actor
	acl := kindTable
	if kind == Sequence {
		acl = kindSequence
	}
	if t.ACL == nil && !temporary {
		t.ACL = c.initialACL(acl, n.Schema, t.Owner)
	}
	return t
}

func (c *Catalog) createTable(s *Statement, n *pgparse.CreateStmt, kind TableKind) {
	if n == nil || n.Relation == nil {
		return
	}
	if n.Partspec != nil {
		kind = Partitioned
	}
	t := c.newTable(s, n.Relation, kind)
	if t == nil {
		return
	}
	t.Tablespace = n.Tablespacename
	t.Options = optionsOf(n.Options)
	delete(t.Options, "oids") // still read, never kept
	for _, p := range n.InhRelations {
		if parent := c.findOrGhost(p.GetRangeVar(), s, false); parent != nil {
			c.inherit(t, parent, n.Partbound != nil, s)
		}
	}
	if n.OfTypename != nil {
		c.columnsOfType(t, qualified(n.OfTypename.Names), s)
	}
	for _, e := range n.TableElts {
		switch x := e.Node.(type) {
		case *pgparse.Node_ColumnDef:
			c.addColumn(t, x.ColumnDef, s)
		case *pgparse.Node_Constraint:
			c.addConstraint(t, x.Constraint, s)
		case *pgparse.Node_TableLikeClause:
			c.like(t, x.TableLikeClause, s)
		}
	}
	for _, k := range n.Constraints {
		c.addConstraint(t, k.GetConstraint(), s)
	}
}

// inherit makes t a child of parent and gives it the parent's columns.
func (c *Catalog) inherit(t, parent *Table, partition bool, s *Statement) {
	if slices.Contains(t.Parents, parent) || slices.Contains(t.family(), parent) {
		return // PostgreSQL refuses circles
	}
	t.Parents = append(t.Parents, parent)
	parent.Children = append(parent.Children, t)
	t.Partition = partition
	for _, col := range parent.Columns {
		if t.Column(col.Name) == nil {
			t.Columns = append(t.Columns, &Column{Name: col.Name, Type: col.Type, NotNull: col.NotNull, Made: s.Head(), Stmt: s, Default: col.Default, Inherited: true})
		}
	}
}

// family returns a table and all that inherits from it, each once, parents
// first.
func (t *Table) family() []*Table {
	out := []*Table{t}
	seen := map[*Table]bool{t: true}
	for i := 0; i < len(out); i++ {
		for _, child := range out[i].Children {
			if !seen[child] {
				seen[child] = true
				out = append(out, child)
			}
		}
	}
	return out
}

func (c *Catalog) like(t *Table, n *pgparse.TableLikeClause, s *Statement) {
	source := c.find(rangeName(n.Relation))
	if source == nil {
		return
	}
	t.Reads = append(t.Reads, source)
	at := s.Ident(n.Relation.Location)
	for _, col := range source.Columns {
		if t.Column(col.Name) != nil {
			continue
		}
		copied := &Column{Name: col.Name, Type: col.Type, NotNull: col.NotNull, Made: at, Stmt: s, Copied: true}
		t.Columns = append(t.Columns, copied)
		if n.Options&likeIdentity != 0 && col.Identity {
			copied.Identity = true
			c.ownSequence(t, col.Name, s)
		}
	}
}

// likeIdentity is the bit of INCLUDING IDENTITY, CREATE_TABLE_LIKE_IDENTITY in
// PostgreSQL's parsenodes.h; INCLUDING ALL has all bits.
const likeIdentity = 1 << 5

func (c *Catalog) columnsOfType(t *Table, n Name, s *Statement) {
	q, ok := c.lookup(n, func(q Name) bool { return c.tables[q] != nil && c.tables[q].Kind == Composite })
	if !ok {
		return
	}
	for _, col := range c.tables[q].Columns {
		t.Columns = append(t.Columns, &Column{Name: col.Name, Type: col.Type, Made: s.Head(), Stmt: s})
	}
}

// addColumn adds a column with the constraints written at it. A column that a
// parent gave already is merged.
func (c *Catalog) addColumn(t *Table, d *pgparse.ColumnDef, s *Statement) {
	if d == nil || d.Colname == "" {
		return
	}
	col := t.Column(d.Colname)
	if col == nil {
		col = &Column{Name: d.Colname}
		t.Columns = append(t.Columns, col)
	}
	col.Made, col.Stmt, col.Inherited = s.Ident(d.Location), s, false
	if d.TypeName != nil { // a typed table repeats names without types
		typ, serial := c.typeText(d.TypeName)
		col.Type = typ
		if serial {
			col.NotNull = true
			c.ownSequence(t, col.Name, s)
		}
	}
	for _, k := range d.Constraints {
		c.columnConstraint(t, col, k.GetConstraint(), s)
	}
	for _, child := range t.family()[1:] {
		if child.Column(col.Name) == nil {
			child.Columns = append(child.Columns, &Column{Name: col.Name, Type: col.Type, NotNull: col.NotNull, Made: col.Made, Stmt: s, Default: col.Default, Inherited: true})
		}
	}
}

// ownSequence makes the sequence of a serial or identity column.
func (c *Catalog) ownSequence(t *Table, column string, s *Statement) {
	n := Name{t.Name.Schema, sequenceName(t.Name.Name, column)}
	for i := 1; c.tables[n] != nil; i++ {
		n.Name = sequenceName(t.Name.Name, column) + string(rune('0'+i%10))
		if i > 9 {
			return
		}
	}
	q := &Table{Name: n, Kind: Sequence, Made: s.Head(), Stmt: s, Owner: t.Owner, OwnedBy: column}
	q.ACL = c.initialACL(kindSequence, n.Schema, t.Owner)
	c.tables[n] = q
	t.Owned = append(t.Owned, q)
}

// sequenceName shortens as PostgreSQL's makeObjectName does.
func sequenceName(table, column string) string {
	const limit = 63 - len("__seq")
	a, b := len(table), len(column)
	for a+b > limit {
		if a > b {
			a--
		} else {
			b--
		}
	}
	return table[:a] + "_" + column[:b] + "_seq"
}

func (c *Catalog) createSequence(s *Statement, n *pgparse.CreateSeqStmt) {
	if q := c.newTable(s, n.Sequence, Sequence); q != nil {
		c.ownedBy(q, n.Options)
	}
}

// ownedBy handles OWNED BY: such a sequence goes when its column goes.
func (c *Catalog) ownedBy(q *Table, options []*pgparse.Node) {
	for _, o := range options {
		d := o.GetDefElem()
		parts := d.GetArg().GetList().GetItems()
		if d.GetDefname() != "owned_by" || len(parts) == 0 {
			continue
		}
		for _, t := range c.tables {
			t.Owned = slices.DeleteFunc(t.Owned, func(x *Table) bool { return x == q })
		}
		q.OwnedBy = ""
		if len(parts) == 1 { // NONE
			continue
		}
		if t := c.find(qualified(parts[:len(parts)-1])); t != nil {
			q.OwnedBy = str(parts[len(parts)-1])
			t.Owned = append(t.Owned, q)
		}
	}
}

func (c *Catalog) alterSequence(n *pgparse.AlterSeqStmt) {
	if q := c.find(rangeName(n.Sequence)); q != nil && q.Kind == Sequence {
		c.ownedBy(q, n.Options)
	}
}

// dropColumn removes a column and what hangs on it.
func (t *Table) dropColumn(name string) {
	t.Columns = slices.DeleteFunc(t.Columns, func(c *Column) bool { return c.Name == name })
	t.Constraints = slices.DeleteFunc(t.Constraints, func(k *Constraint) bool {
		return slices.Contains(k.Columns, name) && k.Kind != Check || k.Kind == Check && slices.Equal(k.Columns, []string{name})
	})
	t.Indexes = slices.DeleteFunc(t.Indexes, func(x *Index) bool { return slices.Contains(x.Columns, name) })
	for _, child := range t.Children {
		if cc := child.Column(name); cc != nil && cc.Inherited {
			child.dropColumn(name)
		}
	}
}

// dropTable removes a relation, its children if they cannot stand alone, and,
// with cascade, what depends on it.
func (c *Catalog) dropTable(t *Table, cascade bool) {
	if c.tables[t.Name] != t {
		return
	}
	delete(c.tables, t.Name)
	c.gone[t.Name] = t.Made
	for _, x := range t.Indexes {
		delete(c.indexes, x.Name)
	}
	for _, p := range t.Parents {
		p.Children = slices.DeleteFunc(p.Children, func(x *Table) bool { return x == t })
	}
	for _, child := range slices.Clone(t.Children) {
		child.Parents = slices.DeleteFunc(child.Parents, func(x *Table) bool { return x == t })
		if child.Partition || cascade {
			c.dropTable(child, cascade)
		}
	}
	for _, q := range t.Owned {
		c.forget(q)
	}
	for _, p := range c.Publications {
		p.Tables = slices.DeleteFunc(p.Tables, func(x PublishedTable) bool { return x.Table == t })
	}
	if cascade {
		for _, other := range t.usedBy {
			if c.tables[other.Name] == other {
				c.detachFrom(other, t)
			}
		}
	}
}

// forget removes a sequence, if it is still the one of that name.
func (c *Catalog) forget(q *Table) {
	if c.tables[q.Name] == q {
		delete(c.tables, q.Name)
	}
}

// dropSequencesOf removes the sequences of a column.
func (c *Catalog) dropSequencesOf(t *Table, column string) {
	t.Owned = slices.DeleteFunc(t.Owned, func(q *Table) bool {
		if q.OwnedBy == column {
			c.forget(q)
		}
		return q.OwnedBy == column
	})
}

// detachFrom removes from other what refers to the dropped relation t.
func (c *Catalog) detachFrom(other, t *Table) {
	other.Constraints = slices.DeleteFunc(other.Constraints, func(k *Constraint) bool { return k.References == t })
	other.keepPolicies(func(p *Policy) bool { return !slices.Contains(p.Reads, t) })
	if other.IsView() && slices.Contains(other.Reads, t) {
		c.dropTable(other, true)
	}
}
