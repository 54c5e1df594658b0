// Package jetlib covers jet's raw statements.
package jetlib

import (
	"fmt"

	"github.com/go-jet/jet/v2/postgres"

	"libraries/cases"
)

func positive(f cases.Filter) {
	postgres.RawStatement("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'")                   // want "PHI101"
	postgres.RawStatement(fmt.Sprintf("DELETE FROM patients WHERE last_name = '%s'", f.LastName)) // want "PHI101"
}

func negative(f cases.Filter) {
	postgres.RawStatement("SELECT * FROM patients WHERE ssn = :ssn", postgres.RawArgs{":ssn": f.SSN}) // ok: bound by name
	postgres.RawStatement(fmt.Sprintf("SELECT * FROM patients LIMIT %d", f.Limit))                    // ok: a number of rows
}
