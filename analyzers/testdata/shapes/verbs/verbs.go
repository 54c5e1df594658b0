// Package verbs puts values into SQL text with the verbs of fmt.
package verbs

import (
	"database/sql"
	"fmt"
	"time"

	"clinic.example/testdata/model"
)

func positive(db *sql.DB, p model.Patient, born time.Time, patientID int64) {
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%s'", p.SSN))                                                  // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%v'", p.SSN))                                                  // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = %q", p.SSN))                                                    // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%+v'", p.SSN))                                                 // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%11s'", p.SSN))                                                // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%-11.11s'", p.SSN))                                            // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%[2]s' WHERE id = %[1]d", 7, p.SSN))                           // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%*s'", 11, p.SSN))                                             // want `PHI101 p.SSN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET mrn = decode('%x', 'hex')", p.MRN))                                   // want `PHI101 p.MRN becomes`
	db.Exec(fmt.Sprintf("UPDATE patients SET date_of_birth = '%s'", born.Format("2006-01-02")))                    // want `PHI101`
	db.Exec(fmt.Sprintf("UPDATE patients SET date_of_birth = '%v'", p.DateOfBirth))                                // want `PHI101 p.DateOfBirth becomes`
	db.Query(fmt.Sprintf("SELECT last_name FROM patients WHERE last_name LIKE '%%%s%%'", p.LastName))              // want `PHI101 p.LastName becomes`
	db.Query(fmt.Sprintf("SELECT mrn FROM patients WHERE patient_id = %d", patientID))                             // want `PHI101 patientID becomes`
	db.Query(fmt.Sprintf("SELECT mrn FROM patients WHERE patient_id = %v AND active", patientID))                  // want `PHI101 patientID becomes`
	db.Query(fmt.Sprint("SELECT mrn FROM patients WHERE ssn = '", p.SSN, "'"))                                     // want `PHI101 p.SSN becomes`
	db.Query(fmt.Sprintln("SELECT mrn FROM patients WHERE ssn =", "'"+p.SSN+"'"))                                  // want `PHI101 p.SSN becomes`
	db.Query(string(fmt.Appendf(nil, "SELECT mrn FROM patients WHERE ssn = '%s'", p.SSN)))                         // want `PHI101 p.SSN becomes`
	db.Query(fmt.Sprintf("%s WHERE ssn = '%s'", "SELECT mrn FROM patients", p.SSN))                                // want `PHI101 p.SSN becomes`
	db.Query(fmt.Sprintf(`SELECT mrn FROM patients WHERE lower(last_name) = lower('%s')`, p.LastName))             // want `PHI101 p.LastName becomes`
	db.Query(fmt.Sprintf("SELECT mrn FROM patients WHERE (first_name, last_name) = ('%s', $1)", p.FirstName), "x") // want `PHI101 p.FirstName becomes`
}

func negative(db *sql.DB, p model.Patient, n int, table string, f model.Filter) {
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = $%d", 1), p.SSN)                                      // ok: the number of a placeholder
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = $%d WHERE id = $%d", n, n+1), p.SSN, p.ID)            // ok: numbers of placeholders
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = $%v", n), p.SSN)                                      // ok: the number of a placeholder
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = $%[1]d, last_name = $%[2]d", n, n+1), p.SSN, "x")     // ok: numbers of placeholders
	db.Exec(fmt.Sprintf("UPDATE %s SET ssn = $1", table), p.SSN)                                         // ok: a table's name
	db.Exec(fmt.Sprintf("UPDATE %q SET ssn = $1", table), p.SSN)                                         // ok: a quoted table's name
	db.Exec(fmt.Sprintf("UPDATE patients SET ssn = '%s'", "redacted"))                                   // ok: a constant
	db.Query(fmt.Sprintf("SELECT ssn FROM patients LIMIT %d", f.Limit))                                  // ok: a number of rows
	db.Query(fmt.Sprintf("SELECT ssn FROM patients OFFSET %d ROWS FETCH NEXT %d ROWS ONLY", n, f.Limit)) // ok: numbers of rows
	db.Query(fmt.Sprintf("SELECT ssn FROM patients TABLESAMPLE SYSTEM (%d)", n))                         // ok: a share of the rows
	db.Query(fmt.Sprintf("SELECT ssn FROM patients WHERE created_at > now() - interval '%d days'", n))   // ok: a span of time
	db.Query(fmt.Sprintf("SELECT count(*) FROM audit_events WHERE level = %d", n))                       // ok: not about patients
	db.Query(fmt.Sprintf("SELECT ssn FROM patients WHERE last_name LIKE '%%' || $%d || '%%'", n), "x")   // ok: the number of a placeholder
	db.Query(fmt.Sprintf("SELECT %d", len(p.SSN)))                                                       // ok: a length
	db.Query(fmt.Sprintf("SELECT ssn FROM patients WHERE length(ssn) > $1 -- %T", p), n)                 // ok: a type's name
	_ = fmt.Sprintf("SELECT ssn FROM patients WHERE ssn = '%s'", p.SSN)                                  // ok: reaches no database
	db.Query(fmt.Sprintf("SELECT ssn FROM patients WHERE ssn IS NOT NULL AND %t", n > 3))                // ok: a truth value
	db.Query(fmt.Sprint("SELECT ssn FROM patients LIMIT ", n))                                           // ok: a number of rows
}
