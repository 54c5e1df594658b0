// Package crosspkg composes SQL text with the functions of another package.
package crosspkg

import (
	"context"
	"database/sql"
	"strings"

	"clinic.example/testdata/model"
	"clinic.example/testdata/shapes/compose"
)

func positive(ctx context.Context, db *sql.DB, p model.Patient, ssns []string) {
	db.Query("SELECT id FROM patients WHERE " + compose.Equals("ssn", p.SSN))                        // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + compose.In("ssn", ssns...))                          // want `PHI101 ssns`
	db.Query("SELECT id FROM patients WHERE " + compose.In("mrn", p.MRN, "0"))                       // want `PHI101 p.MRN`
	db.Query("SELECT id FROM patients WHERE " + compose.All("active", "phone = '"+p.Phone+"'"))      // want `PHI101 p.Phone`
	db.Query("SELECT id FROM patients WHERE " + compose.All("active", compose.Equals("ssn", p.SSN))) // want `PHI101 p.SSN`
	db.Query(compose.Page("SELECT id FROM patients WHERE ssn = '"+p.SSN+"'", 5, 10))                 // want `PHI101 p.SSN`
	compose.Run(ctx, db, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                             // want `PHI101 p.SSN`
	compose.Run(ctx, db, "DELETE FROM patients WHERE "+compose.Equals("ssn", p.SSN))                 // want `PHI101 p.SSN`
}

func builder(db *sql.DB, p model.Patient) {
	var b strings.Builder
	b.WriteString("SELECT id FROM patients WHERE active")
	compose.Append(&b, "ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
	db.Query(b.String())
}

func query(db *sql.DB, p model.Patient) {
	q := compose.New("patients")
	q.And("active").And("ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(q.String())
	compose.New("patients").And("mrn = '" + p.MRN + "'").Run(db) // want `PHI101 p.MRN`
	r := compose.New("patients")
	r.Text += " JOIN visits v ON v.note = '" + p.Diagnosis + "'" // want `PHI101 p.Diagnosis`
	db.Query(r.Text)
}

func store(ctx context.Context, s compose.Store, p model.Patient) {
	s.Exec(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
	s.Exec(ctx, "DELETE FROM patients WHERE ssn = $1", p.SSN)   // ok: bound
}

func negative(ctx context.Context, db *sql.DB, p model.Patient, f model.Filter) {
	db.Query("SELECT id FROM patients WHERE ssn = "+compose.Mark(1), p.SSN)                         // ok: a placeholder
	db.Query("SELECT id FROM patients WHERE "+compose.All("active", "ssn = $1"), p.SSN)             // ok: bound
	db.Query("SELECT id FROM patients WHERE "+compose.All("ssn = "+compose.Mark(1), "true"), p.SSN) // ok: a placeholder
	db.Query(compose.Page("SELECT id FROM patients WHERE ssn = $1", f.Limit, f.Offset), p.SSN)      // ok: numbers of rows
	compose.Run(ctx, db, "DELETE FROM patients WHERE ssn = $1", p.SSN)                              // ok: bound
	db.Query("SELECT id FROM wards WHERE " + compose.Equals("code", "north"))                       // ok: a constant
	compose.New("patients").And("ssn = $1", p.SSN).Run(db)                                          // ok: bound
	q := compose.New("patients").And("ssn = $1", p.SSN)
	db.Query(q.String(), q.Args...) // ok: bound
	marks := compose.Map([]int{1, 2}, compose.Mark)
	db.Query("SELECT id FROM patients WHERE ssn IN ("+strings.Join(marks, ",")+")", p.SSN, "x") // ok: placeholders
}
