// Package sqlxlib covers sqlx.
package sqlxlib

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"clinic.example/testdata/model"
)

func calls(ctx context.Context, db *sqlx.DB, tx *sqlx.Tx, ssn string) {
	var p model.Patient
	var ps []model.Patient
	db.Get(&p, fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s'", ssn))         // want "PHI101"
	db.SelectContext(ctx, &ps, "SELECT * FROM patients WHERE ssn = '"+ssn+"'")      // want "PHI101"
	db.Queryx("SELECT * FROM patients WHERE ssn = '" + ssn + "'")                   // want "PHI101"
	tx.MustExec("DELETE FROM patients WHERE ssn = '" + ssn + "'")                   // want "PHI101"
	db.QueryRowContext(ctx, "SELECT * FROM patients WHERE ssn = '"+ssn+"'")         // want "PHI101"
	db.Get(&p, "SELECT * FROM patients WHERE ssn = $1", ssn)                        // ok: bound
	db.NamedExec("INSERT INTO patients (ssn) VALUES (:ssn)", p)                     // ok: bound by name
	db.Select(&ps, db.Rebind("SELECT * FROM patients WHERE ssn = ? LIMIT 10"), ssn) // ok: bound
}
