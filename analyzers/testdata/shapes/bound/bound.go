// Package bound binds constants, some of which look like somebody's.
package bound

import (
	"context"
	"database/sql"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

const known = "501-23-8876"

func positive(ctx context.Context, db *sql.DB, conn *pgx.Conn, g *gorm.DB) {
	db.Query("SELECT id FROM patients WHERE ssn = $1", "501-23-8876")                           // want `PHI107 literal that looks like an SSN is bound for patients.ssn`
	db.Exec("INSERT INTO patients (last_name, mrn) VALUES ($1, $2)", "John Doe", "MRN00482913") // want `PHI107 .* an MRN .*` `PHI107 .* a person name is bound for patients.last_name`
	conn.Exec(ctx, "UPDATE patients SET date_of_birth = $1 WHERE id = $2", "1961-02-03", 7)     // want `PHI107 .* a date of birth`
	conn.Query(ctx, "SELECT record_of($1)", known)                                              // want `PHI107 literal that looks like an SSN is bound as a parameter`
	g.Where("ssn = ?", "501-23-8876").Find(&[]model.Patient{})                                  // want "PHI107 .*patients.ssn"
	ssn := "501-23-8876"
	db.Query("SELECT id FROM patients WHERE ssn = $1", ssn)                           // want "PHI107"
	exec(db, "DELETE FROM patients WHERE ssn = $1", known)                            // want "PHI107"
	db.Exec("DELETE FROM patients WHERE ssn = $2 AND mrn = $1", "MRN00482913", known) // want `PHI107 .* an MRN is bound for patients.mrn` `PHI107 .* an SSN is bound for patients.ssn`
}

func negative(ctx context.Context, db *sql.DB, conn *pgx.Conn, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE ssn = $1", p.SSN)                                  // ok: not a constant
	db.Query("SELECT id FROM patients WHERE ssn = $1", "")                                     // ok: empty
	db.Exec("UPDATE patients SET ssn = $1 WHERE id = $2", "redacted", p.ID)                    // ok: nobody's
	db.Exec("UPDATE patients SET last_name = $1 WHERE id = $2", "anonymous", p.ID)             // ok: nobody's
	db.Query("SELECT id FROM patients WHERE diagnosis = $1", "E11.9")                          // ok: a diagnosis alone is nobody's
	db.Query("SELECT id FROM patients WHERE date_of_birth < $1", "1961-02-03")                 // ok: a limit
	db.Query("SELECT id FROM patients WHERE created_at > $1", time.Now().Format("2006-01-02")) // ok: a layout
	db.Query("SELECT id FROM drugs WHERE code = $1", "501238876")                              // ok: a number of a drug
	db.Query("SELECT id FROM users WHERE email = $1", "duty@hospital.test")                    // ok: no patient's
	db.Query("SELECT id FROM patients WHERE state = $1", "discharged")                         // ok: a state
	db.Query("SELECT pg_advisory_lock($1)", 501238876)                                         // ok: a number without a column
	find(db, p.ID)                                                                             // ok: reported in find
}

func exec(db *sql.DB, query string, args ...any) { db.Exec(query, args...) }

func find(db *sql.DB, id int) {
	db.Query("SELECT id FROM patients WHERE id = $1 AND ssn = $2", id, "501-23-8876") // want "PHI107"
}
