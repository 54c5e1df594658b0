package catalog

import (
	"slices"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A ConstraintKind is the kind of a constraint.
type ConstraintKind string

// The kinds of constraint that are kept. NOT NULL is a property of its column.
const (
	Primary   ConstraintKind = "primary key"
	Unique    ConstraintKind = "unique"
	ForeignK  ConstraintKind = "foreign key"
	Check     ConstraintKind = "check"
	Exclusion ConstraintKind = "exclusion"
)

// A Constraint is a constraint of a table.
type Constraint struct {
	Name    string
	Kind    ConstraintKind
	Columns []string
	Made    Place
	// References is the other table of a foreign key; RefColumns are empty
	// where its primary key is meant.
	References *Table
	RefColumns []string
	Expr       *pgparse.Node // of CHECK
	Stmt       *Statement
}

var constraintKinds = map[pgparse.ConstrType]ConstraintKind{
	pgparse.ConstrType_CONSTR_PRIMARY:   Primary,
	pgparse.ConstrType_CONSTR_UNIQUE:    Unique,
	pgparse.ConstrType_CONSTR_FOREIGN:   ForeignK,
	pgparse.ConstrType_CONSTR_CHECK:     Check,
	pgparse.ConstrType_CONSTR_EXCLUSION: Exclusion,
}

// columnConstraint applies a constraint that is written at a column.
func (c *Catalog) columnConstraint(t *Table, col *Column, k *pgparse.Constraint, s *Statement) {
	switch k.GetContype() {
	case pgparse.ConstrType_CONSTR_NOTNULL:
		col.NotNull = true
	case pgparse.ConstrType_CONSTR_DEFAULT, pgparse.ConstrType_CONSTR_GENERATED:
		col.Default = k.RawExpr
	case pgparse.ConstrType_CONSTR_IDENTITY:
		col.NotNull, col.Identity = true, true
		c.ownSequence(t, col.Name, s)
	default:
		if made := c.addConstraint(t, k, s); made != nil && len(made.Columns) == 0 {
			made.Columns = []string{col.Name}
			if made.Kind == Primary {
				col.NotNull = true
			}
		}
	}
}

// addConstraint adds a table constraint and returns it, or nil.
func (c *Catalog) addConstraint(t *Table, k *pgparse.Constraint, s *Statement) *Constraint {
	kind, ok := constraintKinds[k.GetContype()]
	if !ok {
		return nil
	}
	made := &Constraint{Name: k.Conname, Kind: kind, Made: s.At(k.Location, 1), Expr: k.RawExpr, Stmt: s}
	if s.Base >= 0 && k.Location >= 0 {
		made.Made = s.Ident(k.Location)
	}
	switch kind {
	case Primary, Unique:
		made.Columns = strs(k.Keys)
		if k.Indexname != "" {
			if x := c.index(Name{"", k.Indexname}); x != nil {
				made.Columns = x.Columns
			}
		}
	case ForeignK:
		made.Columns = strs(k.FkAttrs)
		made.RefColumns = strs(k.PkAttrs)
		if k.Pktable != nil {
			if made.References = c.findOrGhost(k.Pktable, s, false); made.References != nil {
				made.References.usedBy = append(made.References.usedBy, t)
			}
		}
	case Exclusion:
		for _, e := range k.Exclusions {
			if items := e.GetList().GetItems(); len(items) > 0 {
				made.Columns = append(made.Columns, items[0].GetIndexElem().GetName())
			}
		}
	case Check:
		made.Columns = columnsIn(k.RawExpr)
	}
	if kind == Primary {
		for _, name := range made.Columns {
			if col := t.Column(name); col != nil {
				col.NotNull = true
			}
		}
	}
	t.Constraints = append(t.Constraints, made)
	return made
}

// columnsIn returns the names of the columns in an expression, once each.
func columnsIn(n *pgparse.Node) []string {
	var out []string
	pgparse.Walk(n, func(m pgparse.Message) bool {
		if ref, ok := m.(*pgparse.ColumnRef); ok && len(ref.Fields) > 0 {
			if name := str(ref.Fields[len(ref.Fields)-1]); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return true
	})
	return out
}
