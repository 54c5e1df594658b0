// Package inventory says where PHI lives: the columns of the database with
// their class and the controls on their tables, and the Go types that carry
// PHI through the program.
package inventory

import (
	"cmp"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// Version is the version of the JSON form.
const Version = 1

// An Inventory is the PHI of a project. Its JSON form is stable.
type Inventory struct {
	Version int      `json:"version"`
	Columns []Column `json:"columns"`
	Tables  []Table  `json:"tables"`
	Types   []Type   `json:"types"`
}

// A Column is a database column of tier 1 or above.
type Column struct {
	Schema    string       `json:"schema"`
	Table     string       `json:"table"`
	Column    string       `json:"column"`
	Type      string       `json:"type"`
	Category  phi.Category `json:"category"`
	Letter    string       `json:"letter,omitempty"` // of 45 CFR 164.514(b)(2)(i)
	Tier      int          `json:"tier"`
	Protected bool         `json:"protected,omitempty"`
	Reason    string       `json:"reason"`
	File      string       `json:"file"`
	Line      int          `json:"line"`
}

// A Table is a table or view that holds PHI, with what guards it.
type Table struct {
	Schema      string   `json:"schema"`
	Table       string   `json:"table"`
	Kind        string   `json:"kind"`
	RowSecurity bool     `json:"rowSecurity"`
	Forced      bool     `json:"forced"`
	Policies    []string `json:"policies"`
	Grants      []string `json:"grants"`
	Views       []string `json:"views"`
	// Protected counts the columns whose name or type says that the value is
	// encrypted, hashed or tokenised; PHI those that hold PHI in clear text.
	Protected int    `json:"protectedColumns"`
	PHI       int    `json:"phiColumns"`
	File      string `json:"file"`
	Line      int    `json:"line"`
}

// A Type is a Go struct that carries PHI.
type Type struct {
	Package  string       `json:"package"` // directory, relative to the root
	Type     string       `json:"type"`
	Category phi.Category `json:"category"`
	Tier     int          `json:"tier"`
	Reason   string       `json:"reason"`
	Fields   []Field      `json:"fields"`
	File     string       `json:"file"`
	Line     int          `json:"line"`
}

// A Field is a field of a [Type] that holds PHI.
type Field struct {
	Field    string       `json:"field"`
	Category phi.Category `json:"category"`
	Tier     int          `json:"tier"`
}

// Collect puts together what a scan of the migrations found and the struct
// types in the Go files below root. Excluded reports whether a slash path
// relative to root is not to be looked at.
func Collect(root string, scan *sqlscan.Result, lexicon *phi.Lexicon, excluded func(string) bool) (*Inventory, error) {
	inv := &Inventory{Version: Version, Columns: []Column{}, Tables: []Table{}, Types: []Type{}}
	seen := map[[3]string]bool{} // one table may stand in two histories
	for _, t := range scan.Tables {
		inv.table(MaskTable(lexicon, t), seen)
	}
	slices.SortFunc(inv.Columns, func(a, b Column) int {
		return cmp.Or(cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Table, b.Table), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	slices.SortFunc(inv.Tables, func(a, b Table) int {
		return cmp.Or(cmp.Compare(a.Schema, b.Schema), cmp.Compare(a.Table, b.Table), cmp.Compare(a.File, b.File))
	})
	types, err := goTypes(root, scan.Schema, lexicon, excluded)
	if err != nil {
		return nil, err
	}
	inv.Types = append(inv.Types, types...)
	return inv, nil
}

func (inv *Inventory) table(t sqlscan.Table, seen map[[3]string]bool) {
	row := Table{Schema: t.Schema, Table: t.Name, Kind: t.Kind, RowSecurity: t.RowSecurity, Forced: t.Force,
		Policies: list(t.Policies), Grants: list(t.Grants), Views: list(t.Views), File: t.Span.File, Line: t.Span.Start.Line}
	for _, c := range t.Columns {
		key := [3]string{t.Schema + "." + t.Name, c.Name, c.Span.File}
		switch {
		case c.Class.Protected:
			row.Protected++
		case c.Class.PHI():
			row.PHI++
		}
		if c.Class.Tier < 1 || seen[key] {
			continue
		}
		seen[key] = true
		inv.Columns = append(inv.Columns, Column{Schema: t.Schema, Table: t.Name, Column: c.Name, Type: c.Type, Category: c.Class.Category,
			Letter: c.Class.Letter, Tier: c.Class.Tier, Protected: c.Class.Protected, Reason: c.Class.Reason, File: c.Span.File, Line: c.Span.Start.Line})
	}
	if t.PHI {
		inv.Tables = append(inv.Tables, row)
	}
}

// MaskTable hides names of persons and values of identifiers inside the names
// of a table and of what belongs to it; PHI401 reports them.
func MaskTable(lexicon *phi.Lexicon, t sqlscan.Table) sqlscan.Table {
	original := t.Name
	t.Schema, t.Name = MaskName(lexicon, t.Schema), MaskName(lexicon, t.Name)
	mask := func(names []string) []string {
		out := slices.Clone(names)
		for i := range out {
			out[i] = MaskName(lexicon, out[i])
		}
		return out
	}
	t.Policies, t.Grants, t.Views = mask(t.Policies), mask(t.Grants), mask(t.Views)
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		c := &t.Columns[i]
		c.Name = MaskName(lexicon, c.Name)
		c.Class.Reason = strings.ReplaceAll(c.Class.Reason, original, t.Name)
	}
	return t
}

// MaskName takes the name of a person or an identifier out of the name of a
// table, a role or a column.
func MaskName(lexicon *phi.Lexicon, name string) string {
	d, ok := lexicon.DetectName(name)
	if !ok || d.Start < 0 || d.End > len(name) || d.Start >= d.End {
		return name
	}
	return name[:d.Start] + "***" + name[d.End:]
}

// list returns the list, or an empty one: JSON readers want [] and not null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}
