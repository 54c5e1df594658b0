// Package postgres opens the connection pool and holds what the stores share.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// UniqueViolation is the SQLSTATE of a duplicate key.
const UniqueViolation = "23505"

// Open connects and checks that the server answers.
func Open(ctx context.Context, url string) (*pgxpool.Pool, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return pool, nil
}

// Code returns the SQLSTATE and the constraint of a server error, or "" when
// err did not come from the server.
func Code(err error) (state, constraint string) {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return pgErr.Code, pgErr.ConstraintName
	}
	return "", ""
}

// Where collects conditions with their arguments.
type Where struct {
	conditions []string
	args       []any
}

// Add appends "column op $n".
func (w *Where) Add(column, op string, arg any) {
	w.args = append(w.args, arg)
	w.conditions = append(w.conditions, fmt.Sprintf("%s %s $%d", column, op, len(w.args)))
}

// SQL returns the WHERE clause, or "" when there are no conditions.
func (w *Where) SQL() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// Args returns the arguments in the order of their placeholders.
func (w *Where) Args() []any { return w.args }

// Eq returns "column = 'value'" with the quotes in value doubled.
func Eq(column, value string) string {
	return column + " = '" + strings.ReplaceAll(value, "'", "''") + "'"
}

// SelectFrom returns a SELECT of the columns with the condition appended.
func SelectFrom(table, condition string, columns ...string) string {
	return "SELECT " + strings.Join(columns, ", ") + " FROM " + table + " WHERE " + condition
}
