// Package boilerlib covers sqlboiler's query mods.
package boilerlib

import (
	"context"
	"fmt"

	"github.com/aarondl/sqlboiler/v4/boil"
	"github.com/aarondl/sqlboiler/v4/queries"
	"github.com/aarondl/sqlboiler/v4/queries/qm"

	"libraries/cases"
)

func positive(ctx context.Context, db boil.ContextExecutor, f cases.Filter) {
	queries.Raw("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'")   // want "PHI101"
	qm.Where("ssn = '" + f.SSN + "'")                                   // want "PHI101"
	qm.Or(fmt.Sprintf("ssn = '%s'", f.SSN))                             // want "PHI101"
	qm.SQL("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'")        // want "PHI101"
	qm.InnerJoin("patients p ON p.ssn = '" + f.SSN + "'")               // want "PHI101"
	db.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+f.SSN+"'") // want "PHI101"
}

func negative(ctx context.Context, db boil.ContextExecutor, f cases.Filter) {
	queries.Raw("SELECT * FROM patients WHERE ssn = $1", f.SSN)       // ok: bound
	qm.Where("ssn = ?", f.SSN)                                        // ok: bound
	qm.WhereIn("ssn IN ?", f.SSN)                                     // ok: bound
	qm.OrderBy("created_at " + f.Sort)                                // ok: a direction
	db.ExecContext(ctx, "DELETE FROM patients WHERE ssn = $1", f.SSN) // ok: bound
}
