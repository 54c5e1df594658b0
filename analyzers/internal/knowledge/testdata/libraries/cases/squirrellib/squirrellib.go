// Package squirrellib covers squirrel.
package squirrellib

import (
	"database/sql"
	"fmt"

	sq "github.com/Masterminds/squirrel"

	"libraries/cases"
)

func positive(db *sql.DB, f cases.Filter) {
	psql := sq.StatementBuilder.PlaceholderFormat(sq.Dollar).RunWith(db)
	psql.Select("*").From("patients").Where("ssn = '" + f.SSN + "'").Query()                                     // want "PHI101"
	psql.Select("*").From("patients").Where(fmt.Sprintf("ssn = '%s'", f.SSN)).Query()                            // want "PHI101"
	psql.Select("*").From("patients").Where(sq.Expr("ssn = '" + f.SSN + "'")).Query()                            // want "PHI101"
	psql.Select("*").From("patients").Join("visits v ON v.ssn = '" + f.SSN + "'").Query()                        // want "PHI101"
	psql.Select("*").From("patients").GroupBy("id").Having("max(ssn) = '" + f.SSN + "'").Query()                 // want "PHI101"
	psql.Delete("patients").Where("ssn LIKE '%" + f.SSN + "%'").Exec()                                           // want "PHI101"
	psql.Select("*").From("patients").Suffix("UNION SELECT * FROM patients WHERE ssn = '" + f.SSN + "'").Query() // want "PHI101"
}

func nested(psql sq.StatementBuilderType, f cases.Filter) {
	psql.Update("patients").Set("ssn", sq.Expr("upper('"+f.SSN+"')")).Exec() // want "PHI101"
}

func negative(db *sql.DB, f cases.Filter) {
	psql := sq.StatementBuilder.PlaceholderFormat(sq.Dollar).RunWith(db)
	psql.Select("*").From("patients").Where("ssn = ?", f.SSN).Query()                       // ok: bound
	psql.Select("*").From("patients").Where(sq.Eq{"ssn": f.SSN}).Query()                    // ok: bound
	psql.Select("*").From("patients").Where(sq.Like{"last_name": "%" + f.LastName}).Query() // ok: bound
	psql.Insert("patients").Columns("ssn", "last_name").Values(f.SSN, f.LastName).Exec()    // ok: bound
	psql.Update("patients").Set("ssn", f.SSN).Where(sq.Eq{"id": 1}).Exec()                  // ok: bound
	psql.Select("*").From("patients").OrderBy("created_at " + f.Sort).Query()               // ok: a direction
	query, args, err := psql.Select("*").From("patients").Where(sq.Eq{"ssn": f.SSN}).ToSql()
	if err == nil {
		db.Query(query, args...) // ok: bound
	}
}
