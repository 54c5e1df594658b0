// Package collections keeps SQL text and values in maps, slices and channels.
package collections

import (
	"database/sql"
	"fmt"
	"strings"

	"clinic.example/testdata/model"
)

func mapOfText(db *sql.DB, p model.Patient) {
	q := map[string]string{"find": "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'"} // want `PHI101 p.SSN`
	db.Query(q["find"])
}

func mapOfValues(db *sql.DB, values map[string]string) {
	db.Query("SELECT id FROM patients WHERE ssn = '" + values["ssn"] + "'")          // want `PHI101 ssn`
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s'", values["mrn"])) // want `PHI101 mrn`
	db.Query("SELECT id FROM patients WHERE ssn = $1", values["ssn"])                // ok: bound
	db.Query("SELECT id FROM patients ORDER BY " + values["sort"])                   // ok: an order
	db.Query("SELECT id FROM patients LIMIT " + values["limit"])                     // ok: a number of rows
	db.Query("SELECT id FROM wards WHERE floor = " + values["floor"])                // ok: a place
}

func updated(db *sql.DB, p model.Patient) {
	q := map[string]string{}
	q["where"] = "ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + q["where"])
}

func ranged(db *sql.DB, conditions map[string]string) {
	q := "SELECT id FROM patients WHERE true"
	for column, value := range conditions {
		q += " AND " + column + " = '" + value + "'"
	}
	db.Query(q) // ok: neither the column nor the value is known
}

func slice(db *sql.DB, p model.Patient) {
	qs := []string{"SELECT 1", "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'"} // want `PHI101 p.SSN`
	for _, q := range qs {
		db.Query(q)
	}
}

func element(db *sql.DB, ssns []string) {
	db.Query("SELECT id FROM patients WHERE ssn = '" + ssns[0] + "'") // want `PHI101 ssns`
	for _, ssn := range ssns {
		db.Query("SELECT id FROM patients WHERE ssn = '" + ssn + "'") // want `PHI101`
		db.Query("SELECT id FROM patients WHERE ssn = $1", ssn)       // ok: bound
	}
	for i := range ssns {
		db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = $1 LIMIT %d", i), ssns[i]) // ok: a number of rows
	}
}

func patients(db *sql.DB, ps []*model.Patient) {
	for _, p := range ps {
		db.Exec("UPDATE patients SET phone = '" + p.Phone + "' WHERE id = $1") // want `PHI101 ps?.Phone`
	}
	for i := range ps {
		db.Exec(fmt.Sprintf("UPDATE patients SET mrn = '%s' WHERE id = $1", ps[i].MRN)) // want `PHI101 ps.MRN`
	}
	byMRN := map[string]model.Patient{}
	db.Exec("DELETE FROM patients WHERE ssn = '" + byMRN["x"].SSN + "'") // want `PHI101`
}

func channel(db *sql.DB, ssns chan string, queries chan string) {
	ssn := <-ssns
	db.Query("SELECT id FROM patients WHERE ssn = '" + ssn + "'") // want `PHI101 ssn`
	for p := range patientsOf() {
		db.Query("SELECT id FROM patients WHERE mrn = '" + p.MRN + "'") // want `PHI101 [pP]\w*.MRN`
		db.Query("SELECT id FROM patients WHERE mrn = $1", p.MRN)       // ok: bound
	}
	select {
	case lastName := <-ssns:
		db.Query("SELECT id FROM patients WHERE last_name = '" + lastName + "'") // want `PHI101 (lastName|ssns)`
	default:
	}
}

func patientsOf() chan model.Patient { return nil }

func sent(db *sql.DB, p model.Patient) {
	queries := make(chan string, 1)
	queries <- "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	db.Query(<-queries)
}

func array(db *sql.DB, p model.Patient) {
	var parts [2]string
	parts[0] = "SELECT id FROM patients WHERE ssn = '" + p.SSN // want `PHI101 p.SSN`
	parts[1] = "'"
	db.Query(parts[0] + parts[1])
}

var columns = map[string]string{"name": "last_name", "born": "date_of_birth"}

func listed(db *sql.DB, f model.Filter) {
	column, ok := columns[f.Order]
	if !ok {
		column = "id"
	}
	db.Query("SELECT id FROM patients WHERE ssn = $1 ORDER BY "+column, f.SSN) // ok: a column of a list
}

func keys(db *sql.DB, values map[string]any) {
	var names, marks []string
	var args []any
	for name, value := range values {
		names = append(names, name)
		args = append(args, value)
		marks = append(marks, fmt.Sprintf("$%d", len(args))) // ok: numbers of placeholders
	}
	db.Exec("INSERT INTO patients ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", args...) // ok: bound
}

func set(db *sql.DB, ids map[int]bool) {
	var parts []string
	for id := range ids {
		parts = append(parts, fmt.Sprint(id))
	}
	db.Query("SELECT id FROM wards WHERE id IN (" + strings.Join(parts, ",") + ")") // ok: not about patients
}
