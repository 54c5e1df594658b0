// Package concat puts values into SQL text with + and +=.
package concat

import (
	"database/sql"
	"strconv"

	"clinic.example/testdata/model"
)

func positive(db *sql.DB, p model.Patient, patientID int) {
	db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "' AND active")                                                   // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = " + quote(p.SSN))                                                              // want `PHI101 p.SSN`
	db.Query(`SELECT id FROM "patients" WHERE "ssn" = '` + p.SSN + `'`)                                                          // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = E'" + p.SSN + "'")                                                             // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = $$" + p.SSN + "$$")                                                            // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE id = " + strconv.Itoa(patientID))                                                    // want `PHI101 patientID`
	db.Query("SELECT id FROM patients WHERE id = " + strconv.FormatInt(int64(patientID), 10))                                    // want `PHI101 patientID`
	db.Query("SELECT id FROM patients WHERE ssn = '" + string([]byte(p.SSN)) + "'")                                              // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN[:3] + "'")                                                          // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE (" + ("ssn = '" + p.SSN + "'") + ")")                                                // want `PHI101 p.SSN`
	db.Exec("INSERT INTO patients (ssn) VALUES ('" + p.SSN + "') ON CONFLICT DO NOTHING")                                        // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
	db.Exec("DELETE FROM patients USING visits WHERE visits.id = patients.id AND ssn = '" + p.SSN + "'")                         // want `PHI101 p.SSN`
	db.Exec("WITH x AS (SELECT id FROM patients WHERE ssn = '" + p.SSN + "') DELETE FROM visits WHERE id IN (SELECT id FROM x)") // want `PHI101 p.SSN`
	db.Exec("SELECT 1; DELETE FROM patients WHERE ssn = '" + p.SSN + "'")                                                        // want `PHI101 p.SSN`
	db.Exec("/* " + p.LastName + " */ SELECT id FROM patients WHERE true")                                                       // want `PHI103 p.LastName`
}

func quote(s string) string { return "'" + s + "'" }

func appended(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE active"
	q += " AND ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	if p.Phone != "" {
		q = q + " AND phone = '" + p.Phone + "'" // want `PHI101 p.Phone`
	}
	db.Query(q)
}

func pieces(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = '"
	q += p.SSN // want `PHI101 p.SSN`
	q += "'"
	db.Query(q)
}

func branches(db *sql.DB, p model.Patient, byName bool) {
	var where string
	if byName {
		where = "last_name = '" + p.LastName + "'" // want `PHI101 p.LastName`
	} else {
		where = "ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	}
	db.Query("SELECT id FROM patients WHERE " + where)
}

func reassigned(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // ok: overwritten before it is used
	q = "SELECT id FROM patients"
	db.Query(q)
}

func negative(db *sql.DB, p model.Patient, n int, schema string, desc bool) {
	db.Query("SELECT id FROM patients WHERE ssn = $"+strconv.Itoa(n), p.SSN)              // ok: the number of a placeholder
	db.Query("SELECT id FROM patients WHERE ssn = "+"$1", p.SSN)                          // ok: a constant
	db.Query("SELECT id FROM "+schema+".patients WHERE ssn = $1", p.SSN)                  // ok: a schema's name
	db.Query(`SELECT id FROM "`+schema+`".patients WHERE ssn = $1`, p.SSN)                // ok: a quoted schema's name
	db.Query("SELECT id FROM patients ORDER BY last_name LIMIT " + strconv.Itoa(n))       // ok: a number of rows
	db.Query("SELECT id FROM patients ORDER BY last_name " + direction(desc))             // ok: a direction
	db.Query("SELECT id FROM patients WHERE ssn LIKE '%' || $1 || '%'"+" LIMIT 5", p.SSN) // ok: constants
	db.Query("SELECT id FROM patients WHERE length(ssn) = " + strconv.Itoa(len(p.SSN)))   // ok: a length
	db.Query("SELECT id FROM wards WHERE floor = " + strconv.Itoa(n))                     // ok: a place
	db.Query("SELECT id FROM nurses WHERE shift = '" + shift(n) + "'")                    // ok: staff
	db.Query("SET statement_timeout = " + strconv.Itoa(n))                                // ok: a span of time
	db.Query("SELECT id FROM patients WHERE active = " + strconv.FormatBool(p.SSN != "")) // ok: a comparison
}

func direction(desc bool) string {
	if desc {
		return "DESC"
	}
	return "ASC"
}

func shift(n int) string {
	return [...]string{"early", "late", "night"}[n]
}

func numbered(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE active"
	var args []any
	if p.SSN != "" {
		args = append(args, p.SSN)
		q += " AND ssn = $" + strconv.Itoa(len(args)) // ok: the number of a placeholder
	}
	if p.Phone != "" {
		args = append(args, p.Phone)
		q += " AND phone = $" + strconv.Itoa(len(args)) // ok: the number of a placeholder
	}
	db.Query(q, args...)
}
