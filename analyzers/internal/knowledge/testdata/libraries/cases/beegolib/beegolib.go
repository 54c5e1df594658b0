// Package beegolib covers beego's mapper.
package beegolib

import (
	"context"
	"fmt"

	"github.com/beego/beego/v2/client/orm"

	"libraries/cases"
)

func positive(ctx context.Context, o orm.DML, qb orm.QueryBuilder, f cases.Filter) {
	var p cases.Patient
	o.Raw("SELECT * FROM patients WHERE ssn = '" + f.SSN + "'").QueryRow(&p)                  // want "PHI101"
	o.RawWithCtx(ctx, fmt.Sprintf("DELETE FROM patients WHERE last_name = '%s'", f.LastName)) // want "PHI101"
	qb.Select("*").From("patients").Where("ssn = '" + f.SSN + "'")                            // want "PHI101"
	qb.Select("*").From("patients").Where("active").And(fmt.Sprintf("ssn = '%s'", f.SSN))     // want "PHI101"
}

func negative(o orm.DML, qb orm.QueryBuilder, f cases.Filter) {
	var p cases.Patient
	o.Raw("SELECT * FROM patients WHERE ssn = ?", f.SSN).QueryRow(&p)         // ok: bound
	o.Raw("SELECT * FROM patients WHERE ssn = ?").SetArgs(f.SSN).QueryRow(&p) // ok: bound
	q := qb.Select("*").From("patients").Where("ssn = ?").Limit(f.Limit).String()
	o.Raw(q, f.SSN).QueryRow(&p) // ok: bound
}
