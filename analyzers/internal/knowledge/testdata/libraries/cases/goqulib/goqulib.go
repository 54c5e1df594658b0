// Package goqulib covers goqu.
package goqulib

import (
	"fmt"

	"github.com/doug-martin/goqu/v9"

	"libraries/cases"
)

func positive(db *goqu.Database, f cases.Filter) {
	db.Exec("DELETE FROM patients WHERE ssn = '" + f.SSN + "'")             // want "PHI101"
	db.Query(fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s'", f.SSN)) // want "PHI101"
	var p cases.Patient
	db.ScanStruct(&p, "SELECT * FROM patients WHERE ssn = '"+f.SSN+"'")       // want "PHI101"
	db.From("patients").Where(goqu.L("ssn = '" + f.SSN + "'"))                // want "PHI101"
	db.From("patients").Where(goqu.Literal(fmt.Sprintf("ssn = '%s'", f.SSN))) // want "PHI101"
}

func negative(db *goqu.Database, f cases.Filter) {
	db.Exec("DELETE FROM patients WHERE ssn = $1", f.SSN)             // ok: bound
	db.From("patients").Prepared(true).Where(goqu.C("ssn").Eq(f.SSN)) // ok: bound
	db.From("patients").Prepared(true).Where(goqu.Ex{"ssn": f.SSN})   // ok: bound
	db.From("patients").Where(goqu.L("ssn = ?", f.SSN))               // ok: an argument
}
