// Package sqlok has twins of package sqltext that put no PHI into SQL text.
package sqlok

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"clinic.example/testdata/model"
)

type store struct{ db *sql.DB }

func (s *store) bound(ctx context.Context, ssn string) *sql.Row {
	return s.db.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn) // ok: bound
}

func (s *store) numbered(f model.Filter) (*sql.Rows, error) {
	q := "SELECT id FROM patients WHERE true"
	var args []any
	if f.SSN != "" {
		args = append(args, f.SSN)
		q += fmt.Sprintf(" AND ssn = $%d", len(args)) // ok: the number of a placeholder
	}
	n := len(args) + 1
	if f.LastName != "" {
		q += " AND last_name ILIKE $" + strconv.Itoa(n) // ok: the number of a placeholder
		args = append(args, "%"+f.LastName+"%")
	}
	if f.Order == "asc" || f.Order == "desc" {
		q += " ORDER BY created_at " + f.Order // ok: a direction
	}
	q += fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset) // ok: numbers of rows
	return s.db.Query(q, args...)
}

func (s *store) joined(f model.Filter) (*sql.Rows, error) {
	var where []string
	var args []any
	if f.SSN != "" {
		where = append(where, fmt.Sprintf("ssn = $%d", len(args)+1)) // ok: placeholder
		args = append(args, f.SSN)
	}
	return s.db.Query("SELECT id FROM patients WHERE "+strings.Join(where, " AND "), args...)
}

func (s *store) list(ssns []string) (*sql.Rows, error) {
	marks := make([]string, len(ssns))
	args := make([]any, len(ssns))
	for i, ssn := range ssns {
		marks[i] = "$" + strconv.Itoa(i+1) // ok: placeholders
		args[i] = ssn
	}
	return s.db.Query("SELECT id FROM patients WHERE ssn IN ("+strings.Join(marks, ", ")+")", args...)
}

func (s *store) nurse(n model.Nurse) (*sql.Rows, error) {
	return s.db.Query(fmt.Sprintf("SELECT id FROM nurses WHERE shift = '%s'", n.Shift)) // ok: staff
}

func (s *store) appointment(id int) *sql.Row {
	return s.db.QueryRow(fmt.Sprintf("SELECT * FROM appointments WHERE id = %d", id)) // ok: not a patient's key
}

func (s *store) table(tenant string, ssn string) *sql.Row {
	return s.db.QueryRow(fmt.Sprintf("SELECT id FROM %s.patients WHERE ssn = $1", tenant), ssn) // ok: a schema
}

const columns = "id, ssn, first_name, last_name"

func (s *store) columns(ssn string) *sql.Row {
	return s.db.QueryRow(fmt.Sprintf("SELECT %s FROM patients WHERE ssn = $1", columns), ssn) // ok: constant
}

func notSQL(p model.Patient) string {
	return fmt.Sprintf("SELECT a gift for %s", p.FirstName) // ok: reaches no database
}
