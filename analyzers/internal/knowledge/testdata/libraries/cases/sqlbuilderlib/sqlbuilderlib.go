// Package sqlbuilderlib covers go-sqlbuilder.
package sqlbuilderlib

import (
	"database/sql"
	"fmt"

	"github.com/huandu/go-sqlbuilder"

	"libraries/cases"
)

func positive(db *sql.DB, f cases.Filter) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("*").From("patients")
	sb.Where("ssn = '" + f.SSN + "'")                             // want "PHI101"
	sb.Where(sb.Equal("id", 1), fmt.Sprintf("ssn = '%s'", f.SSN)) // want "PHI101"
	query, args := sb.Build()
	db.Query(query, args...)
	db.Query(query+" AND ssn = '"+f.SSN+"'", args...) // want "PHI101"
}

func negative(db *sql.DB, f cases.Filter) {
	sb := sqlbuilder.PostgreSQL.NewSelectBuilder()
	sb.Select("*").From("patients")
	sb.Where(sb.Equal("ssn", f.SSN))              // ok: bound
	sb.Where("last_name = " + sb.Var(f.LastName)) // ok: bound
	sb.Where(sb.In("ssn", f.SSN, f.LastName))     // ok: bound
	sb.OrderBy("created_at " + f.Sort)            // ok: a direction
	query, args := sb.Build()
	db.Query(query, args...)                            // ok: bound
	db.Query(fmt.Sprintf("%s LIMIT 5", query), args...) // ok: bound

	ib := sqlbuilder.PostgreSQL.NewInsertBuilder()
	ib.InsertInto("patients").Cols("ssn").Values(f.SSN) // ok: bound
	query, args = ib.Build()
	db.Exec(fmt.Sprintf("%s RETURNING id", query), args...) // ok: bound
}
