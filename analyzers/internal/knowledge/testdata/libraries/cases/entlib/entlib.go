// Package entlib covers what ent lets by its generated code.
package entlib

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"libraries/cases"
)

func positive(ctx context.Context, drv dialect.Driver, s *sql.Selector, f cases.Filter) {
	var rows sql.Rows
	drv.Query(ctx, "SELECT * FROM patients WHERE ssn = '"+f.SSN+"'", []any{}, &rows)         // want "PHI101"
	drv.Exec(ctx, fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", f.SSN), []any{}, nil) // want "PHI101"
	s.Where(sql.ExprP("ssn = '" + f.SSN + "'"))                                              // want "PHI101"
	sql.Expr(fmt.Sprintf("patients.ssn = '%s'", f.SSN))                                      // want "PHI101"
}

func negative(ctx context.Context, drv dialect.Driver, s *sql.Selector, f cases.Filter) {
	var rows sql.Rows
	drv.Query(ctx, "SELECT * FROM patients WHERE ssn = $1", []any{f.SSN}, &rows) // ok: bound
	s.Where(sql.EQ("ssn", f.SSN))                                                // ok: bound
	s.Where(sql.ExprP("ssn = ?", f.SSN))                                         // ok: bound
	query, args := s.Query()
	drv.Query(ctx, query, args, &rows) // ok: bound
}
