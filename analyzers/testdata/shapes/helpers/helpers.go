// Package helpers composes SQL text in functions.
package helpers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"clinic.example/testdata/model"
)

func equals(column, value string) string { return column + " = '" + value + "'" } // want `PHI101 p.SSN`

func returned(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE " + equals("ssn", p.SSN))
}

func text(p model.Patient) (string, error) {
	if p.SSN == "" {
		return "", errors.New("no number")
	}
	return fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", p.SSN), nil // want `PHI101 p.SSN`
}

func severalResults(db *sql.DB, p model.Patient) error {
	q, err := text(p)
	if err != nil {
		return err
	}
	_, err = db.Query(q)
	return err
}

func namedResult(ssn string) (q string) {
	q = "SELECT id FROM patients"
	defer func() { q += " LIMIT 5" }()
	q += " WHERE ssn = '" + ssn + "'" // want `PHI101`
	return
}

func callsNamed(db *sql.DB, ssn string) {
	db.Query(namedResult(ssn))
}

func run(ctx context.Context, db *sql.DB, q string, args ...any) error {
	_, err := db.ExecContext(ctx, q, args...)
	return err
}

func run2(ctx context.Context, db *sql.DB, q string) error { return run(ctx, db, q) }

func wrapped(ctx context.Context, db *sql.DB, p model.Patient) {
	run(ctx, db, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                   // want `PHI101 p.SSN`
	run2(ctx, db, fmt.Sprintf("DELETE FROM patients WHERE phone = '%s'", p.Phone)) // want `PHI101 p.Phone`
	run(ctx, db, "DELETE FROM patients WHERE ssn = $1", p.SSN)                     // ok: bound
}

func where(conditions ...string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conditions, " AND ")
}

func variadic(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients" + where("active", "ssn = '"+p.SSN+"'"))        // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients"+where("active", "ssn = $1"), p.SSN)            // ok: bound
	db.Query("SELECT id FROM patients" + where([]string{"mrn = '" + p.MRN + "'"}...)) // want `PHI101 p.MRN`
}

func fill(q *string, ssn string) {
	*q += " WHERE ssn = '" + ssn + "'" // want `PHI101 p.SSN`
}

func byPointer(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients"
	fill(&q, p.SSN)
	db.Query(q)
}

func chain(conditions []string, rest []string) string {
	if len(rest) == 0 {
		return strings.Join(conditions, " AND ")
	}
	return chain(append(conditions, rest[0]), rest[1:])
}

func recursive(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE " + chain(nil, []string{"active", "ssn = '" + p.SSN + "'"})) // want `PHI101 p.SSN`
}

func even(q string, n int) string {
	if n == 0 {
		return q
	}
	return odd(q, n-1)
}

func odd(q string, n int) string { return even(q+" ", n-1) }

func mutual(db *sql.DB, p model.Patient) {
	db.Query(even("SELECT id FROM patients WHERE ssn = '"+p.SSN+"'", 4)) // want `PHI101 p.SSN`
	db.Query(even("SELECT id FROM patients WHERE ssn = $1", 4), p.SSN)   // ok: bound
}

// A number says nothing of where it goes until it is compared with a key.
func byKey(column string, value any) string { return fmt.Sprintf("%s = '%v'", column, value) } // want `PHI101 p.SSN`

func anyValue(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE " + byKey("ssn", p.SSN))
	db.Query("SELECT id FROM wards WHERE " + byKey("floor", 3))        // ok: a constant and not about patients
	db.Query("SELECT id FROM patients WHERE " + byKey("active", true)) // ok: a constant
}

func sort(name string, desc bool) (string, bool) {
	columns := map[string]string{"name": "last_name", "born": "date_of_birth"}
	c, ok := columns[name]
	if desc {
		c += " DESC"
	}
	return c, ok
}

func sorted(db *sql.DB, f model.Filter) {
	if by, ok := sort(f.Order, true); ok {
		db.Query("SELECT id FROM patients WHERE ssn = $1 ORDER BY "+by, f.SSN) // ok: a column of a list
	}
}

func page(q string, f model.Filter) string {
	return q + fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset)
}

func paged(db *sql.DB, f model.Filter) {
	db.Query(page("SELECT id FROM patients WHERE ssn = $1", f), f.SSN) // ok: numbers of rows
}

func columns(alias string) string { return alias + ".id, " + alias + ".ssn" }

func aliased(db *sql.DB, ssn string) {
	db.Query("SELECT "+columns("p")+" FROM patients p WHERE p.ssn = $1", ssn) // ok: names of columns
}

func conditions(f model.Filter) (string, []any) {
	var parts []string
	var args []any
	add := func(format string, value any) {
		args = append(args, value)
		parts = append(parts, fmt.Sprintf(format, len(args)))
	}
	if f.SSN != "" {
		add("ssn = $%d", f.SSN)
	}
	if f.LastName != "" {
		add("last_name ILIKE $%d", "%"+f.LastName+"%")
	}
	return strings.Join(parts, " AND "), args
}

func split(db *sql.DB, f model.Filter) {
	where, args := conditions(f)
	db.Query("SELECT id FROM patients WHERE "+where, args...) // ok: bound
}

func lookup(ssn string) string { return "ok" }

func ignored(db *sql.DB, ssn string) {
	db.Query("SELECT id FROM wards WHERE code = '" + lookup(ssn) + "'") // ok: the function does not use it
}
