// Package handedon logs what it hands on, in a program that shows no sign of
// health data: the callers know whether there is any.
package handedon

import (
	"context"
	"database/sql"
	"log"
)

// DB hands every query on.
type DB struct{ db *sql.DB }

// Query logs what it is given.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	log.Printf("query %s args %v", query, args)
	return d.db.QueryContext(ctx, query, args...)
}

func (d *DB) callers(ctx context.Context, ssn, ward string) {
	d.Query(ctx, "SELECT id FROM staff WHERE ssn = $1", ssn)  // want "PHI203 ssn is logged with the arguments of a query"
	d.Query(ctx, "SELECT id FROM beds WHERE ward = $1", ward) // ok: no PHI
}
