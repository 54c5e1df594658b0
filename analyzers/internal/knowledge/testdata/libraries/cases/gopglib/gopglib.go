// Package gopglib covers go-pg.
package gopglib

import (
	"fmt"

	"github.com/go-pg/pg/v10"

	"libraries/cases"
)

func positive(db *pg.DB, tx *pg.Tx, f cases.Filter) {
	var ps []cases.Patient
	db.Query(&ps, "SELECT * FROM patients WHERE ssn = '"+f.SSN+"'")               // want "PHI101"
	db.Exec(fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", f.SSN))          // want "PHI101"
	tx.QueryOne(&ps, "SELECT * FROM patients WHERE last_name = '"+f.LastName+"'") // want "PHI101"
	db.Model(&ps).Where("ssn = '" + f.SSN + "'").Select()                         // want "PHI101"
	db.Model(&ps).WhereOr(fmt.Sprintf("ssn = '%s'", f.SSN)).Select()              // want "PHI101"
	db.Model(&ps).Set("ssn = '" + f.SSN + "'").Where("id = 1").Update()           // want "PHI101"
	db.Model(&ps).Join("JOIN patients AS p ON p.ssn = '" + f.SSN + "'").Select()  // want "PHI101"
}

func negative(db *pg.DB, f cases.Filter) {
	var ps []cases.Patient
	db.Query(&ps, "SELECT * FROM patients WHERE ssn = ?", f.SSN)            // ok: an argument
	db.Exec("DELETE FROM patients WHERE ssn = ?0", f.SSN)                   // ok: an argument
	db.Model(&ps).Where("ssn = ?", f.SSN).Select()                          // ok: an argument
	db.Model(&ps).OrderExpr("created_at " + f.Sort).Limit(f.Limit).Select() // ok: a direction
	db.Model(&ps).Where("ssn IN (?)", pg.In([]string{f.SSN})).Select()      // ok: an argument
}
