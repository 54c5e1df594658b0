// Package xormlib covers xorm.
package xormlib

import (
	"fmt"

	"xorm.io/builder"
	"xorm.io/xorm"

	"libraries/cases"
)

func positive(db *xorm.Engine, s *xorm.Session, f cases.Filter) {
	var ps []cases.Patient
	db.SQL("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'").Find(&ps) // want "PHI101"
	db.Where("ssn = '" + f.SSN + "'").Find(&ps)                            // want "PHI101"
	db.Table("patients").Where(fmt.Sprintf("ssn = '%s'", f.SSN)).Find(&ps) // want "PHI101"
	s.And("ssn = '" + f.SSN + "'").Find(&ps)                               // want "PHI101"
	s.Where(builder.Expr("ssn = '" + f.SSN + "'")).Find(&ps)               // want "PHI101"
}

func negative(db *xorm.Engine, s *xorm.Session, f cases.Filter) {
	var ps []cases.Patient
	db.SQL("SELECT * FROM patients WHERE ssn = ?", f.SSN).Find(&ps) // ok: bound
	db.Where("ssn = ?", f.SSN).Find(&ps)                            // ok: bound
	db.Where(builder.Eq{"ssn": f.SSN}).Find(&ps)                    // ok: bound
	s.OrderBy("created_at " + f.Sort).Limit(f.Limit).Find(&ps)      // ok: a direction
	db.In("ssn", f.SSN).Find(&ps)                                   // ok: bound
}
