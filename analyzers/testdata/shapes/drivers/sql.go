// Package drivers runs SQL text with every handle of the drivers.
package drivers

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"

	"clinic.example/testdata/model"
)

func database(ctx context.Context, db *sql.DB, p model.Patient) {
	db.Exec("DELETE FROM patients WHERE ssn = '" + p.SSN + "'")                                      // want `PHI101 p.SSN`
	db.ExecContext(ctx, fmt.Sprintf("DELETE FROM patients WHERE mrn = '%s'", p.MRN))                 // want `PHI101 p.MRN`
	db.Query("SELECT id FROM patients WHERE phone = '" + p.Phone + "'")                              // want `PHI101 p.Phone`
	db.QueryContext(ctx, "SELECT id FROM patients WHERE last_name LIKE '"+p.LastName+"%'")           // want `PHI101 p.LastName`
	db.QueryRow(fmt.Sprintf("SELECT id FROM patients WHERE first_name = '%s'", p.FirstName))         // want `PHI101 p.FirstName`
	db.QueryRowContext(ctx, "SELECT id FROM patients WHERE diagnosis = '"+p.Diagnosis+"'")           // want `PHI101 p.Diagnosis`
	db.Prepare("SELECT id FROM patients WHERE active AND ssn = '" + p.SSN + "'")                     // want `PHI101 p.SSN`
	db.PrepareContext(ctx, "SELECT id FROM patients WHERE date_of_birth = $1 AND ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
	db.Exec("DELETE FROM patients WHERE ssn = $1", p.SSN)                                            // ok: bound
	db.QueryContext(ctx, "SELECT id FROM patients WHERE last_name LIKE $1", p.LastName+"%")          // ok: bound
	db.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = @ssn", sql.Named("ssn", p.SSN))     // ok: bound by name
}

func transaction(ctx context.Context, tx *sql.Tx, conn *sql.Conn, p model.Patient) {
	tx.Exec("UPDATE patients SET phone = '" + p.Phone + "'")                              // want `PHI101 p.Phone`
	tx.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"' FOR UPDATE") // want `PHI101 p.SSN`
	tx.Prepare("SELECT id FROM patients WHERE mrn = '" + p.MRN + "'")                     // want `PHI101 p.MRN`
	conn.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                 // want `PHI101 p.SSN`
	conn.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")          // want `PHI101 p.SSN`
	tx.Exec("UPDATE patients SET phone = $1 WHERE id = $2", p.Phone, p.ID)                // ok: bound
	conn.ExecContext(ctx, "DELETE FROM patients WHERE ssn = $1", p.SSN)                   // ok: bound
	tx.ExecContext(ctx, "SAVEPOINT before_patient")                                       // ok: a constant
}

func statement(db *sql.DB, p model.Patient) error {
	stmt, err := db.Prepare("SELECT id FROM patients WHERE ssn = $1")
	if err != nil {
		return err
	}
	defer stmt.Close()
	if _, err := stmt.Exec(p.SSN); err != nil { // ok: bound
		return err
	}
	return stmt.QueryRow(p.SSN).Err() // ok: bound
}

func copyIn(tx *sql.Tx, ps []model.Patient) error {
	stmt, err := tx.Prepare(pq.CopyIn("patients", "ssn", "last_name"))
	if err != nil {
		return err
	}
	for _, p := range ps {
		if _, err := stmt.Exec(p.SSN, p.LastName); err != nil { // ok: rows of a copy
			return err
		}
	}
	return stmt.Close()
}

func arrays(db *sql.DB, ssns []string) {
	db.Query("SELECT id FROM patients WHERE ssn = ANY($1)", pq.Array(ssns)) // ok: bound
}
