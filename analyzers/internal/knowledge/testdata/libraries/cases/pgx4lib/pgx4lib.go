// Package pgx4lib covers pgx version 4.
package pgx4lib

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"

	"libraries/cases"
)

func positive(ctx context.Context, pool *pgxpool.Pool, tx pgx.Tx, f cases.Filter) {
	pool.Query(ctx, "SELECT * FROM patients WHERE ssn = '"+f.SSN+"'")             // want "PHI101"
	tx.Exec(ctx, fmt.Sprintf("UPDATE patients SET last_name = '%s'", f.LastName)) // want "PHI101"
	var b pgx.Batch
	b.Queue("DELETE FROM patients WHERE ssn = '" + f.SSN + "'") // want "PHI101"
}

func negative(ctx context.Context, pool *pgxpool.Pool, tx pgx.Tx, f cases.Filter) {
	pool.Query(ctx, "SELECT * FROM patients WHERE ssn = $1", f.SSN)                                           // ok: bound
	tx.Exec(ctx, fmt.Sprintf("UPDATE patients SET last_name = $%d", 1), f.LastName)                           // ok: a number
	tx.CopyFrom(ctx, pgx.Identifier{"patients"}, []string{"ssn"}, pgx.CopyFromRows([][]interface{}{{f.SSN}})) // ok: rows are no text
}
