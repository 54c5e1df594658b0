// Package placeholders numbers placeholders in the ways that real code does.
package placeholders

import (
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"clinic.example/testdata/model"
)

func arithmetic(db *sql.DB, p model.Patient, n int) {
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = $%d", n+1), p.SSN)                           // ok: arithmetic
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = $%d AND mrn = $%d", n, n*2), p.SSN, p.MRN)   // ok: arithmetic
	db.Query("SELECT id FROM patients WHERE ssn = $"+strconv.Itoa(n+1), p.SSN)                             // ok: arithmetic
	db.Query("SELECT id FROM patients WHERE ssn = $"+strconv.FormatInt(int64(n), 10), p.SSN)               // ok: another conversion
	db.Query("SELECT id FROM patients WHERE ssn = $"+fmt.Sprint(n), p.SSN)                                 // ok: another conversion
	db.Query("SELECT id FROM patients WHERE ssn = :p"+strconv.Itoa(n), p.SSN)                              // ok: a named placeholder
	db.Query("SELECT id FROM patients WHERE ssn = @p"+strconv.Itoa(n), p.SSN)                              // ok: a named placeholder
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn ILIKE '%%' || $%d || '%%'", n), p.SSN)         // ok: a number
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = $%d::text", n), p.SSN)                       // ok: a number
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = ANY($%d)", n), p.SSN)                        // ok: a number
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE lower(ssn) = lower($%d)", n), p.SSN)               // ok: a number
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE date_of_birth BETWEEN $%d AND $%d", n, n+1), 1, 2) // ok: numbers
}

func mark(n int) string { return "$" + strconv.Itoa(n) }

func marks(n int) string {
	s := make([]string, n)
	for i := range s {
		s[i] = mark(i + 1)
	}
	return strings.Join(s, ", ")
}

func functions(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE ssn = "+mark(1), p.SSN)                      // ok: a placeholder
	db.Query("SELECT id FROM patients WHERE ssn IN ("+marks(2)+")", p.SSN, p.MRN)        // ok: placeholders
	db.Exec("INSERT INTO patients (ssn, mrn) VALUES ("+marks(2)+")", p.SSN, p.MRN)       // ok: placeholders
	db.Exec(fmt.Sprintf("INSERT INTO patients (ssn) VALUES (%s)", marks(1)), p.SSN)      // ok: placeholders
	db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "' AND mrn = " + mark(1)) // want `PHI101 p.SSN`
}

type counter struct{ n int }

func (c *counter) next() string {
	c.n++
	return fmt.Sprintf("$%d", c.n)
}

func counted(db *sql.DB, p model.Patient) {
	var c counter
	db.Query("SELECT id FROM patients WHERE ssn = "+c.next()+" AND mrn = "+c.next(), p.SSN, p.MRN) // ok: placeholders
}

type params struct{ args []any }

func (p *params) add(v any) string {
	p.args = append(p.args, v)
	return "$" + strconv.Itoa(len(p.args))
}

func added(db *sql.DB, p model.Patient) {
	var ps params
	q := "SELECT id FROM patients WHERE ssn = " + ps.add(p.SSN) + " AND last_name ILIKE " + ps.add(p.LastName+"%") // ok: placeholders
	db.Query(q, ps.args...)
}

func list(db *sql.DB, ssns []any) {
	db.Query("SELECT id FROM patients WHERE ssn IN (?"+strings.Repeat(", ?", len(ssns)-1)+")", ssns...) // ok: placeholders
	q := "SELECT id FROM patients WHERE ssn IN ("
	for i := range ssns {
		if i > 0 {
			q += ", "
		}
		q += fmt.Sprintf("$%d", i+1) // ok: a placeholder
	}
	db.Query(q+")", ssns...)
}

// A value beside a placeholder is found, and its name is the right one.
func mixed(db *sql.DB, p model.Patient, n int) {
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE mrn = $%d AND ssn = '%s'", n, p.SSN), p.MRN)               // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s' LIMIT %d", p.SSN, n))                           // want `PHI101 p.SSN`
	db.Exec(fmt.Sprintf("UPDATE patients SET phone = '%s' WHERE id = $%d", p.Phone, n), p.ID)                      // want `PHI101 p.Phone becomes part of the SQL text \(patients.phone\)`
	db.Exec(fmt.Sprintf("INSERT INTO patients (mrn, ssn) VALUES ($%d, '%s')", n, p.SSN), p.MRN)                    // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
	db.Exec(fmt.Sprintf("INSERT INTO patients (mrn, ssn, id) VALUES ('%s', '%s', $%d)", p.MRN, p.SSN, n), p.ID)    // want `PHI101 p.MRN, p.SSN become`
	db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "' OR mrn = $" + strconv.Itoa(n))                   // want `PHI101 p.SSN`
	db.Query(fmt.Sprintf("SELECT * FROM visits v JOIN patients p ON p.id = v.patient_id AND p.ssn = '%s'", p.SSN)) // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
	db.Query(fmt.Sprintf("SELECT id FROM patients x WHERE x.last_name = '%s' GROUP BY x.id", p.LastName))          // want `PHI101 p.LastName becomes part of the SQL text \(patients.last_name\)`
}
