package sqlshape_test

import (
	"testing"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

// TestBuilderFragments covers what a builder's method tells of its text: what
// piece of SQL it is, and the table.
func TestBuilderFragments(t *testing.T) {
	schema := clinic()
	for _, tt := range []struct {
		name     string
		fragment sqlshape.Fragment
		table    string
		text     string
		role     sqlshape.Role
		column   string // as mark writes it
	}{
		{"where", sqlshape.Condition, "patients", "first_name = '«s»'", sqlshape.Value, "patients.first_name!"},
		{"where, a table of another kind", sqlshape.Condition, "drugs", "name = '«s»'", sqlshape.Value, "drugs.name"},
		{"where with the word", sqlshape.Condition, "patients", "WHERE last_name = '«s»'", sqlshape.Value, "patients.last_name!"},
		{"where named by a verb", sqlshape.Condition, "patients", "comment = '«s»'", sqlshape.Value, "patients.comment!"},
		{"where, a whole hole", sqlshape.Condition, "patients", "«»", sqlshape.SQLFragment, ""},
		{"having", sqlshape.Condition, "patients", "max(ssn) = '«s»'", sqlshape.Value, "patients.ssn!"},
		{"order", sqlshape.Order, "patients", "«» DESC", sqlshape.OrderBy, ""},
		{"order, direction", sqlshape.Order, "patients", "created_at «»", sqlshape.Keyword, ""},
		{"order, value", sqlshape.Order, "patients", "first_name = '«s»' DESC", sqlshape.Value, "patients.first_name!"},
		{"columns", sqlshape.Columns, "patients", "id, «»", sqlshape.ColumnList, ""},
		{"columns, value", sqlshape.Columns, "patients", "'«s»' AS ssn", sqlshape.ValueOther, "patients.ssn!"},
		{"table", sqlshape.Tables, "", "patients p", sqlshape.Unknown, ""},
		{"table name", sqlshape.Tables, "", "«» p", sqlshape.Identifier, ""},
		{"join", sqlshape.Tables, "visits", "JOIN patients p ON p.last_name = '«s»'", sqlshape.Value, "patients.last_name!"},
		{"join without the word", sqlshape.Tables, "visits", "patients p ON p.last_name = '«s»'", sqlshape.Value, "patients.last_name!"},
		{"set", sqlshape.Assign, "patients", "first_name = '«s»'", sqlshape.Value, "patients.first_name!"},
		{"set, several", sqlshape.Assign, "patients", "status = $1, mrn = upper('«s»')", sqlshape.Value, "patients.mrn!"},
		{"expression", sqlshape.Expr, "patients", "upper('«s»')", sqlshape.ValueOther, ""},
		{"expression, comparison", sqlshape.Expr, "patients", "mrn = '«s»'", sqlshape.Value, "patients.mrn!"},
		{"statement", sqlshape.Statement, "", "SELECT 1 FROM patients WHERE mrn = '«s»'", sqlshape.Value, "patients.mrn!"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := sqlshape.Context{Schema: schema, Fragment: tt.fragment, Table: tt.table}
			s := c.Analyze(template(tt.text))
			if !s.OK {
				t.Errorf("%s: does not parse as a whole", tt.text)
			}
			if len(s.Holes) == 0 {
				return
			}
			if h := s.Holes[0]; h.Role != tt.role || mark(h.ColumnRef) != tt.column {
				t.Errorf("%s: got %v of %q, want %v of %q", tt.text, h.Role, mark(h.ColumnRef), tt.role, tt.column)
			}
		})
	}
}
