// Package db declares what the cases call of upper/db, with its signatures:
// the module itself is not in every proxy.
package db

import (
	"context"
	"database/sql"
)

// SQL runs statements.
type SQL interface {
	Exec(query interface{}, args ...interface{}) (sql.Result, error)
	ExecContext(ctx context.Context, query interface{}, args ...interface{}) (sql.Result, error)
	Query(query interface{}, args ...interface{}) (*sql.Rows, error)
	QueryRow(query interface{}, args ...interface{}) (*sql.Row, error)
	Prepare(query interface{}) (*sql.Stmt, error)
}

// RawExpr is SQL text.
type RawExpr struct{}

// Raw makes an expression of SQL text.
func Raw(value string, args ...interface{}) *RawExpr { return nil }

// Cond is conditions by column.
type Cond map[interface{}]interface{}
