// Package upperlib covers upper/db.
package upperlib

import (
	"context"
	"fmt"

	"github.com/upper/db/v4"

	"libraries/cases"
)

func positive(ctx context.Context, s db.SQL, f cases.Filter) {
	s.Query("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'")                        // want "PHI101"
	s.Exec(fmt.Sprintf("DELETE FROM patients WHERE last_name = '%s'", f.LastName))       // want "PHI101"
	s.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+f.SSN+"'")                   // want "PHI101"
	s.QueryRow(db.Raw("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'"))             // want "PHI101"
	s.Prepare(fmt.Sprintf("SELECT * FROM patients WHERE ssn = '%s' AND id = $1", f.SSN)) // want "PHI101"
}

func negative(s db.SQL, f cases.Filter) {
	s.Query("SELECT * FROM patients WHERE ssn = ?", f.SSN)                     // ok: bound
	s.QueryRow(db.Raw("SELECT * FROM patients WHERE ssn = ?", f.SSN))          // ok: bound
	s.Exec(fmt.Sprintf("SELECT * FROM patients LIMIT %d", f.Limit))            // ok: a number of rows
	s.Query("SELECT * FROM patients ORDER BY id "+f.Sort, db.Cond{"ssn": "x"}) // ok: a direction
}
