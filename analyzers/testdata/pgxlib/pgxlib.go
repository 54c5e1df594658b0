// Package pgxlib covers pgx.
package pgxlib

import (
	"context"
	"fmt"

	pgx4 "github.com/jackc/pgx/v4"
	pool4 "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func v5(ctx context.Context, conn *pgx.Conn, pool *pgxpool.Pool, tx pgx.Tx, ssn string) {
	conn.Exec(ctx, fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", ssn))      // want "PHI101"
	conn.Query(ctx, "SELECT id FROM patients WHERE ssn = '"+ssn+"'")               // want "PHI101"
	pool.QueryRow(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = %s", ssn)) // want "PHI101"
	tx.Exec(ctx, fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", ssn))        // want "PHI101"
	tx.Prepare(ctx, "find", "SELECT id FROM patients WHERE ssn = '"+ssn+"'")       // want "PHI101"
	pool.QueryRow(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn)              // ok: bound
}

func batch(ssns []string) *pgx.Batch {
	b := &pgx.Batch{}
	for _, ssn := range ssns {
		b.Queue("DELETE FROM patients WHERE ssn = '" + ssn + "'") // want "PHI101"
		b.Queue("DELETE FROM patients WHERE ssn = $1", ssn)       // ok: bound
	}
	return b
}

func v4(ctx context.Context, conn *pgx4.Conn, pool *pool4.Pool, tx pgx4.Tx, ssn string) {
	conn.Exec(ctx, fmt.Sprintf("DELETE FROM patients WHERE ssn = '%s'", ssn))      // want "PHI101"
	pool.QueryRow(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = %s", ssn)) // want "PHI101"
	tx.Query(ctx, "SELECT id FROM patients WHERE ssn = '"+ssn+"'")                 // want "PHI101"
}

// querier is what sqlc calls DBTX.
type querier interface {
	Exec(context.Context, string, ...interface{}) (pgconn.CommandTag, error)
	QueryRow(context.Context, string, ...interface{}) pgx.Row
}

func own(ctx context.Context, q querier, ssn string) {
	q.Exec(ctx, "DELETE FROM patients WHERE ssn = '"+ssn+"'")     // want "PHI101"
	q.QueryRow(ctx, "SELECT 1 FROM patients WHERE ssn = $1", ssn) // ok: bound
}
