// Package compose composes and runs SQL text for package crosspkg.
package compose

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Equals compares a column with a value.
func Equals(column, value string) string { return fmt.Sprintf("%s = '%s'", column, value) }

// In compares a column with values.
func In(column string, values ...string) string {
	return column + " IN ('" + strings.Join(values, "', '") + "')"
}

// Mark returns the placeholder of that number.
func Mark(n int) string { return fmt.Sprintf("$%d", n) }

// All joins conditions.
func All(conditions ...string) string { return strings.Join(conditions, " AND ") }

// Page adds a limit.
func Page(q string, limit, offset int) string {
	return fmt.Sprintf("%s LIMIT %d OFFSET %d", q, limit, offset)
}

// Run runs a statement.
func Run(ctx context.Context, db *sql.DB, q string, args ...any) error {
	_, err := db.ExecContext(ctx, q, args...)
	return err
}

// Append adds a condition to a text.
func Append(b *strings.Builder, condition string) { b.WriteString(" AND " + condition) }

// A Query is a text in the making.
type Query struct {
	Text string
	Args []any

	where []string
}

// New starts a query of a table.
func New(table string) *Query { return &Query{Text: "SELECT id FROM " + table} }

// And adds a condition.
func (q *Query) And(condition string, args ...any) *Query {
	q.where = append(q.where, condition)
	q.Args = append(q.Args, args...)
	return q
}

// String returns the text.
func (q *Query) String() string { return q.Text + " WHERE " + All(q.where...) }

// Run runs the query.
func (q *Query) Run(db *sql.DB) (*sql.Rows, error) { return db.Query(q.String(), q.Args...) }

// A Store runs conditions.
type Store interface {
	Find(condition string) (*sql.Rows, error)
	Exec(ctx context.Context, query string, args ...any) error
}

// Map applies f.
func Map[T any](xs []T, f func(T) string) []string {
	var out []string
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}
