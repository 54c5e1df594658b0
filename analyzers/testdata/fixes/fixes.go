// Package fixes has PHI in SQL text that can be bound mechanically.
package fixes

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func inline(ctx context.Context, db *sql.DB, p model.Patient) *sql.Row {
	return db.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", p.SSN)) // want "PHI101"
}

func variable(db *sql.DB, p model.Patient, ward string) (*sql.Rows, error) {
	query := fmt.Sprintf("SELECT id FROM patients WHERE ward = $1 AND last_name = '%s' AND first_name = '%s'", p.LastName, p.FirstName) // want "PHI101"
	return db.Query(query, ward)
}

func concatenated(db *sql.DB, patientID int) (sql.Result, error) {
	return db.Exec("DELETE FROM patients WHERE id = " + strconv.Itoa(patientID)) // want "PHI101"
}

func pattern(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn LIKE '%%%s%%'", p.SSN)) // want "PHI101"
}

func condition(db *gorm.DB, p model.Patient) *gorm.DB {
	var ps []model.Patient
	return db.Where("ssn = '" + p.SSN + "'").Find(&ps) // want "PHI101"
}

func dynamic(db *sql.DB, column string, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE " + column + " = 1 AND ssn = '" + p.SSN + "'") // want "PHI101"
}
