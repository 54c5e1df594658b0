// Package dbrlib covers dbr.
package dbrlib

import (
	"fmt"

	"github.com/gocraft/dbr/v2"

	"libraries/cases"
)

func positive(s *dbr.Session, f cases.Filter) {
	var ps []cases.Patient
	s.SelectBySql("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'").Load(&ps) // want "PHI101"
	s.Select("*").From("patients").Where("ssn = '" + f.SSN + "'").Load(&ps)       // want "PHI101"
	s.DeleteFrom("patients").Where(fmt.Sprintf("ssn = '%s'", f.SSN)).Exec()       // want "PHI101"
	dbr.Expr("ssn = '" + f.SSN + "'")                                             // want "PHI101"
}

func negative(s *dbr.Session, f cases.Filter) {
	var ps []cases.Patient
	s.SelectBySql("SELECT * FROM patients WHERE ssn = ?", f.SSN).Load(&ps) // ok: an argument
	s.Select("*").From("patients").Where("ssn = ?", f.SSN).Load(&ps)       // ok: an argument
	s.Select("*").From("patients").Where(dbr.Eq("ssn", f.SSN)).Load(&ps)   // ok: an argument
	s.InsertInto("patients").Columns("ssn").Values(f.SSN).Exec()           // ok: an argument
}
