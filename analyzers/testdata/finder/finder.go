// Package finder uses package where.
package finder

import (
	"database/sql"
	"fmt"

	"clinic.example/testdata/model"
	"clinic.example/testdata/where"
)

func equal(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE " + where.Equal("ssn", p.SSN)) // want "PHI101 p.SSN"
}

func run(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return where.Run(db, fmt.Sprintf("ssn = '%s'", p.SSN)) // want "PHI101 p.SSN"
}

func build(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	var b where.Builder
	b.And("deleted_at IS NULL").And("last_name = '" + p.LastName + "'") // want "PHI101 p.LastName"
	return db.Query(b.Text())
}

func bound(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return where.Run(db, "ssn = $1", p.SSN) // ok: bound
}
