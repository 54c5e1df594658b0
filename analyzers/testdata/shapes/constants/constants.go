// Package constants has SQL text in constants and package variables.
package constants

import (
	"database/sql"
	_ "embed"
	"fmt"

	"clinic.example/testdata/model"
)

const (
	table   = "patients"
	fields  = "id, ssn, " + "last_name"
	all     = "SELECT " + fields + " FROM " + table
	bySSN   = all + " WHERE ssn = '%s'"
	byBound = all + " WHERE ssn = $1"
	ssnCol  = "ssn"
	page    = 20
)

var (
	byMRN   = "SELECT id FROM patients WHERE mrn = '" // set once
	byPhone = fmt.Sprintf("SELECT %s FROM %s WHERE phone = '%%s'", fields, table)
	pieces  = [...]string{"SELECT id FROM patients WHERE ssn = '", "'"}
)

func positive(db *sql.DB, p model.Patient) {
	db.Query(fmt.Sprintf(bySSN, p.SSN))                                              // want `PHI101 p.SSN`
	db.Query(byMRN + p.MRN + "'")                                                    // want `PHI101 p.MRN`
	db.Query(fmt.Sprintf(byPhone, p.Phone))                                          // want `PHI101 p.Phone`
	db.Query(all + " WHERE " + ssnCol + " = '" + p.SSN + "'")                        // want `PHI101 p.SSN`
	db.Query(fmt.Sprintf("%s WHERE %s = '%s'", all, ssnCol, p.SSN))                  // want `PHI101 p.SSN`
	db.Query(pieces[0] + p.SSN + pieces[1])                                          // want `PHI101 p.SSN`
	db.Query(fmt.Sprintf("SELECT id FROM "+table+" WHERE "+ssnCol+" = '%s'", p.SSN)) // want `PHI101 p.SSN`
	const local = "SELECT id FROM patients WHERE last_name = '"
	db.Query(local + p.LastName + "'") // want `PHI101 p.LastName`
}

func negative(db *sql.DB, p model.Patient) {
	db.Query(byBound, p.SSN)                                                        // ok: bound
	db.Query(all + " ORDER BY id")                                                  // ok: constants
	db.Query(all+" WHERE "+ssnCol+" = $1", p.SSN)                                   // ok: constants
	db.Query(fmt.Sprintf("SELECT %s FROM %s WHERE ssn = $1", fields, table), p.SSN) // ok: constants
	db.Query(fmt.Sprintf("%s LIMIT %d", all, page))                                 // ok: constants
	const limit = " LIMIT 10"
	db.Query(byBound+limit, p.SSN) // ok: constants
	db.Query(`SELECT id
		FROM patients
		WHERE ssn = $1`, p.SSN) // ok: bound
}

func patterns(db *sql.DB) {
	db.Query("SELECT max(CAST(substring(mrn FROM '[0-9]+$') AS bigint)) FROM patients") // ok: a pattern
	db.Query("SELECT id FROM patients WHERE mrn ~ '^A[0-9]{6}$'")                       // ok: a pattern
	db.Query("SELECT id FROM patients WHERE mrn = 'A004829'")                           // want `PHI102`
}
