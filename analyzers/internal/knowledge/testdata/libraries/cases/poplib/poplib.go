// Package poplib covers pop.
package poplib

import (
	"fmt"

	"github.com/gobuffalo/pop/v6"

	"libraries/cases"
)

func positive(c *pop.Connection, q *pop.Query, f cases.Filter) {
	var ps []cases.Patient
	c.RawQuery("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'").All(&ps) // want "PHI101"
	c.Where(fmt.Sprintf("ssn = '%s'", f.SSN)).All(&ps)                        // want "PHI101"
	q.Where("ssn = '" + f.SSN + "'").All(&ps)                                 // want "PHI101"
	q.Join("visits v", "v.ssn = '"+f.SSN+"'").All(&ps)                        // want "PHI101"
}

func negative(c *pop.Connection, q *pop.Query, f cases.Filter) {
	var ps []cases.Patient
	c.RawQuery("SELECT * FROM patients WHERE ssn = ?", f.SSN).All(&ps) // ok: bound
	c.Where("ssn = ?", f.SSN).All(&ps)                                 // ok: bound
	q.Order("created_at " + f.Sort).Limit(f.Limit).All(&ps)            // ok: a direction
}
