package mappers

import (
	"fmt"

	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func mapped(db *gorm.DB, p model.Patient, f model.Filter) {
	var ps []model.Patient
	db.Raw("SELECT * FROM patients WHERE mrn = '" + p.MRN + "'").Scan(&ps)                               // want `PHI101 p.MRN`
	db.Exec(fmt.Sprintf("UPDATE patients SET phone = '%s'", p.Phone))                                    // want `PHI101 p.Phone`
	db.Model(&model.Patient{}).Where("last_name = '" + p.LastName + "'").Find(&ps)                       // want `PHI101 p.LastName`
	db.Where("active").Or("ssn = '" + p.SSN + "'").Find(&ps)                                             // want `PHI101 p.SSN`
	db.Not(fmt.Sprintf("ssn = '%s'", p.SSN)).Find(&ps)                                                   // want `PHI101 p.SSN`
	db.Group("id").Having("max(ssn) = '" + p.SSN + "'").Find(&ps)                                        // want `PHI101 p.SSN`
	db.Joins("JOIN visits v ON v.patient_id = patients.id AND patients.ssn = '" + p.SSN + "'").Find(&ps) // want `PHI101 p.SSN`
	db.Select("id, '" + p.LastName + "' AS asked").Find(&ps)                                             // want `PHI101 p.LastName`
	db.Model(&p).Update("ssn", gorm.Expr("trim('"+p.SSN+"')"))                                           // want `PHI101 p.SSN`
	db.First(&p, "ssn = '"+p.SSN+"'")                                                                    // want `PHI101 p.SSN`
	db.Find(&ps, fmt.Sprintf("last_name LIKE '%s%%' AND ward = ?", p.LastName), 3)                       // want `PHI101 p.LastName`
	db.Delete(&model.Patient{}, "mrn = '"+p.MRN+"'")                                                     // want `PHI101 p.MRN`
	db.Preload("Visits", "patient_ssn = '"+p.SSN+"'").Find(&ps)                                          // want `PHI101 p.SSN`
	db.Table("patients_" + p.MRN).Find(&ps)                                                              // want `PHI103 p.MRN`
	tx := db.Session(&gorm.Session{})
	if f.SSN != "" {
		tx = tx.Where("ssn = '" + f.SSN + "'") // want `PHI101 f.SSN`
	}
	tx.Find(&ps)
	db.Raw("SELECT * FROM patients WHERE mrn = ?", p.MRN).Scan(&ps)                 // ok: bound
	db.Raw("SELECT * FROM patients WHERE mrn = @mrn", map[string]any{"mrn": p.MRN}) // ok: bound by name
	db.Exec("UPDATE patients SET phone = ? WHERE id = ?", p.Phone, p.ID)            // ok: bound
	db.Where("ssn IN ?", []string{p.SSN}).Find(&ps)                                 // ok: bound
	db.Where(map[string]any{"ssn": p.SSN}).Find(&ps)                                // ok: bound by gorm
	db.Where("last_name LIKE ?", "%"+p.LastName+"%").Or("ssn = ?", p.SSN).Find(&ps) // ok: bound
	db.First(&p, "ssn = ?", p.SSN)                                                  // ok: bound
	db.First(&p, p.ID)                                                              // ok: the key is bound
	db.First(&p, "ward = 3")                                                        // ok: a constant
	db.Find(&ps, model.Patient{SSN: p.SSN})                                         // ok: bound by gorm
	db.Find(&ps, map[string]any{"ssn": p.SSN})                                      // ok: bound by gorm
	db.Find(&ps, []int{1, 2})                                                       // ok: keys are bound
	db.Where(model.Patient{SSN: p.SSN}).Or(&model.Patient{MRN: p.MRN}).Find(&ps)    // ok: bound by gorm
	db.Preload("Visits", "active = ?", true).Find(&ps)                              // ok: bound
	db.Create(&p)                                                                   // ok: bound by gorm
	db.Model(&p).Update("ssn", p.SSN)                                               // ok: bound by gorm
	db.Model(&p).Updates(map[string]any{"ssn": p.SSN})                              // ok: bound by gorm
	db.Order("last_name " + f.Order).Limit(f.Limit).Offset(f.Offset).Find(&ps)      // ok: an order, numbers of rows
	db.Table("app.patients").Where("ssn = ?", p.SSN).Count(nil)                     // ok: bound
}
