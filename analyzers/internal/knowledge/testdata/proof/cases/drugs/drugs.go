// Package drugs has no patients: what it binds is nobody's.
package drugs

import (
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Drug is a line of a price list.
type Drug struct {
	ID    int64
	Code  string
	Price int
}

func open(db *sql.DB, config *pgx.ConnConfig) *bun.DB {
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol // ok: no health data of persons
	return bun.NewDB(db, pgdialect.New())                         // ok: no health data of persons
}
