// Package gormv1lib covers gorm before version 2.
package gormv1lib

import (
	"fmt"

	"github.com/jinzhu/gorm"

	"libraries/cases"
)

func positive(db *gorm.DB, f cases.Filter) {
	var ps []cases.Patient
	db.Raw(fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s'", f.SSN)).Scan(&ps) // want "PHI101"
	db.Where("ssn = '" + f.SSN + "'").Find(&ps)                                     // want "PHI101"
	db.Joins("JOIN patients p ON p.ssn = '" + f.SSN + "'").Find(&ps)                // want "PHI101"
	db.Table("patients").Select("'" + f.SSN + "' AS ssn").Find(&ps)                 // want "PHI101"
}

func negative(db *gorm.DB, f cases.Filter) {
	var ps []cases.Patient
	db.Raw("SELECT * FROM patients WHERE ssn = ?", f.SSN).Scan(&ps)    // ok: bound
	db.Where("ssn = ?", f.SSN).Order("created_at " + f.Sort).Find(&ps) // ok: bound
	db.Where(&cases.Patient{SSN: f.SSN}).Find(&ps)                     // ok: bound
	db.Where(map[string]interface{}{"ssn": f.SSN}).Find(&ps)           // ok: bound
}
