// Package closures composes SQL text in function values.
package closures

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"clinic.example/testdata/model"
)

func captured(db *sql.DB, p model.Patient) {
	find := func() { db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") } // want `PHI101 p.SSN`
	find()
}

func assigned(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients"
	add := func(s string) { q += s }
	add(" WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(q)
}

func called(db *sql.DB, p model.Patient) {
	eq := func(column, value string) string { return column + " = '" + value + "'" } // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + eq("ssn", p.SSN))
}

func immediate(db *sql.DB, p model.Patient) {
	db.Query(func() string { return "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" }()) // want `PHI101 p.SSN`
}

func factory(column string) func(string) string {
	return func(value string) string { return fmt.Sprintf("%s = '%s'", column, value) } // want `PHI101 p.SSN`
}

func made(db *sql.DB, p model.Patient) {
	bySSN := factory("ssn")
	db.Query("SELECT id FROM patients WHERE " + bySSN(p.SSN))
}

func inTx(db *sql.DB, f func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

func transaction(db *sql.DB, p model.Patient) error {
	return inTx(db, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
		return err
	})
}

func deferred(db *sql.DB, p model.Patient) {
	defer func() {
		db.Exec(fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", p.SSN)) // want `PHI101 p.SSN`
	}()
	go func(mrn string) {
		db.Exec(fmt.Sprintf("DELETE FROM patients WHERE mrn = '%s'", mrn)) // want `PHI101 mrn`
	}(p.MRN)
}

func methodValue(db *sql.DB, p model.Patient) {
	query := db.Query
	query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
}

func methodExpression(db *sql.DB, p model.Patient) {
	exec := (*sql.DB).Exec
	exec(db, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
}

func writeString(db *sql.DB, p model.Patient) {
	var b strings.Builder
	w := b.WriteString
	w("SELECT id FROM patients WHERE ssn = '")
	w(p.SSN) // want `PHI101 p.SSN`
	w("'")
	db.Query(b.String())
}

var byMRN = func(mrn string) string { return "SELECT id FROM patients WHERE mrn = '" + mrn + "'" }

func global(db *sql.DB, mrn string) {
	db.Query(byMRN(mrn)) // want `PHI101 mrn`
}

type option func(*query)

type query struct {
	where []string
	args  []any
}

func withSSN(ssn string) option {
	return func(q *query) { q.where = append(q.where, "ssn = '"+ssn+"'") } // want `PHI101 p.SSN`
}

func withPhone(phone string) option {
	return func(q *query) { // ok: bound
		q.args = append(q.args, phone)
		q.where = append(q.where, fmt.Sprintf("phone = $%d", len(q.args)))
	}
}

func options(db *sql.DB, p model.Patient, opts ...option) {
	q := &query{}
	withSSN(p.SSN)(q)
	withPhone(p.Phone)(q)
	db.Query("SELECT id FROM patients WHERE "+strings.Join(q.where, " AND "), q.args...)
}

func bound(ctx context.Context, db *sql.DB, p model.Patient) {
	find := func(ssn string) *sql.Row {
		return db.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn) // ok: bound
	}
	find(p.SSN)
	exec := db.ExecContext
	exec(ctx, "DELETE FROM patients WHERE ssn = $1", p.SSN) // ok: bound
	inTx(db, func(tx *sql.Tx) error {
		_, err := tx.Exec("DELETE FROM patients WHERE ssn = $1", p.SSN) // ok: bound
		return err
	})
	next := func() func() string {
		n := 0
		return func() string { n++; return fmt.Sprintf("$%d", n) }
	}()
	db.Query("SELECT id FROM patients WHERE ssn = "+next(), p.SSN) // ok: the number of a placeholder
	order := func(desc bool) string {
		if desc {
			return "DESC"
		}
		return "ASC"
	}
	db.Query("SELECT id FROM patients WHERE ssn = $1 ORDER BY id "+order(true), p.SSN) // ok: a direction
	defer db.Exec("DELETE FROM patients WHERE ssn = $1", p.SSN)                        // ok: bound
	go db.Exec("DELETE FROM patients WHERE ssn = $1", p.SSN)                           // ok: bound
}
