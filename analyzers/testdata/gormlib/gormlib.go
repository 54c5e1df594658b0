// Package gormlib covers gorm.
package gormlib

import (
	"fmt"

	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func calls(db *gorm.DB, f model.Filter) {
	var ps []model.Patient
	db.Raw(fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s'", f.SSN)).Scan(&ps) // want "PHI101"
	db.Exec("DELETE FROM patients WHERE ssn = '" + f.SSN + "'")                     // want "PHI101"
	db.Where("ssn = '" + f.SSN + "'").Find(&ps)                                     // want "PHI101"
	db.Where(fmt.Sprintf("last_name LIKE '%%%s%%'", f.LastName)).Find(&ps)          // want "PHI101"
	db.Where("ssn = ?", f.SSN).Find(&ps)                                            // ok: bound
	db.Where("last_name LIKE ?", fmt.Sprintf("%%%s%%", f.LastName)).Find(&ps)       // ok: bound
	db.Order("created_at " + f.Order).Limit(f.Limit).Find(&ps)                      // ok: a direction
	db.Where(&model.Patient{SSN: f.SSN}).Find(&ps)                                  // ok: bound by gorm
}
