// Package mappers runs SQL text with sqlx and gorm.
package mappers

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"clinic.example/testdata/model"
)

func extended(ctx context.Context, db *sqlx.DB, tx *sqlx.Tx, p model.Patient) {
	var ps []model.Patient
	db.Select(&ps, fmt.Sprintf("SELECT * FROM patients WHERE last_name = '%s'", p.LastName)) // want `PHI101 p.LastName`
	db.GetContext(ctx, &p, "SELECT * FROM patients WHERE ssn = '"+p.SSN+"'")                 // want `PHI101 p.SSN`
	tx.NamedExec("UPDATE patients SET phone = :phone WHERE ssn = '"+p.SSN+"'", p)            // want `PHI101 p.SSN`
	db.NamedQuery(fmt.Sprintf("SELECT * FROM patients WHERE mrn = '%s'", p.MRN), p)          // want `PHI101 p.MRN`
	db.PrepareNamed("SELECT * FROM patients WHERE id = :id AND ssn = '" + p.SSN + "'")       // want `PHI101 p.SSN`
	tx.Preparex("SELECT * FROM patients WHERE ssn = '" + p.SSN + "'")                        // want `PHI101 p.SSN`
	sqlx.Select(db, &ps, "SELECT * FROM patients WHERE ssn = '"+p.SSN+"'")                   // want `PHI101 p.SSN`
	db.Exec(db.Rebind("DELETE FROM patients WHERE id = ? AND ssn = '"+p.SSN+"'"), p.ID)      // want `PHI101 p.SSN`
	db.Select(&ps, "SELECT * FROM patients WHERE last_name = $1", p.LastName)                // ok: bound
	tx.NamedExec("UPDATE patients SET phone = :phone WHERE ssn = :ssn", p)                   // ok: bound by name
	db.NamedQuery("SELECT * FROM patients WHERE mrn = :mrn", map[string]any{"mrn": p.MRN})   // ok: bound by name
	sqlx.Select(db, &ps, "SELECT * FROM patients WHERE ssn = $1", p.SSN)                     // ok: bound
}

func in(db *sqlx.DB, ssns []string) error {
	q, args, err := sqlx.In("SELECT * FROM patients WHERE ssn IN (?)", ssns)
	if err != nil {
		return err
	}
	_, err = db.Queryx(db.Rebind(q), args...) // ok: bound
	return err
}

func named(db *sqlx.DB, p model.Patient) error {
	q, args, err := sqlx.Named("SELECT * FROM patients WHERE ssn = :ssn", p)
	if err != nil {
		return err
	}
	_, err = db.Queryx(q, args...) // ok: bound
	return err
}
