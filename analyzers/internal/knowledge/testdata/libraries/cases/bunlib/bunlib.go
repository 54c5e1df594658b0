// Package bunlib covers bun.
package bunlib

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"libraries/cases"
)

func positive(ctx context.Context, db *bun.DB, tx bun.Tx, f cases.Filter) {
	var ps []cases.Patient
	db.NewSelect().Model(&ps).Where("ssn = '" + f.SSN + "'").Scan(ctx)                                 // want "PHI101"
	db.NewSelect().Model(&ps).WhereOr(fmt.Sprintf("ssn = '%s'", f.SSN)).Scan(ctx)                      // want "PHI101"
	db.NewUpdate().Table("patients").Set("ssn = '" + f.SSN + "'").Where("id = 1").Exec(ctx)            // want "PHI101"
	db.NewDelete().Table("patients").Where("ssn = '" + f.SSN + "'").Exec(ctx)                          // want "PHI101"
	db.NewRaw("SELECT * FROM patients WHERE ssn = '"+f.SSN+"'").Scan(ctx, &ps)                         // want "PHI101"
	db.NewSelect().ColumnExpr("'" + f.SSN + "' AS ssn").Scan(ctx)                                      // want "PHI101"
	db.NewSelect().Model(&ps).Join("JOIN patients p ON p.ssn = '" + f.SSN + "'").Scan(ctx)             // want "PHI101"
	db.NewSelect().Model(&ps).GroupExpr("id").Having("max(ssn) = '" + f.SSN + "'").Scan(ctx)           // want "PHI101"
	db.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+f.SSN+"'")                                // want "PHI101"
	tx.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE last_name = '%s'", f.LastName)) // want "PHI101"
}

func negative(ctx context.Context, db *bun.DB, f cases.Filter) {
	var ps []cases.Patient
	db.NewSelect().Model(&ps).Where("ssn = ?", f.SSN).Scan(ctx)                         // ok: an argument
	db.NewSelect().Model(&ps).Where("? = ?", bun.Ident("ssn"), f.SSN).Scan(ctx)         // ok: an argument
	db.NewSelect().Model(&ps).Order("created_at " + f.Sort).Scan(ctx)                   // ok: a direction
	db.NewRaw("SELECT * FROM patients WHERE ssn = ?", f.SSN).Scan(ctx, &ps)             // ok: an argument
	db.NewUpdate().Table("patients").Set("ssn = ?", f.SSN).Where("id = ?", 1).Exec(ctx) // ok: an argument
	db.NewSelect().Model(&ps).Where("ssn IN (?)", bun.In([]string{f.SSN})).Scan(ctx)    // ok: an argument
}
