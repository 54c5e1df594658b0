// Package queryargs logs what is bound to queries.
package queryargs

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"

	"clinic.example/testdata/model"
)

func list(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = $1 AND last_name = $2"
	args := []any{p.SSN, p.LastName}
	log.Printf("query %s args %v", q, args)       // want "PHI203 p.SSN is logged with a query"
	slog.Debug("query", "args", args)             // want "PHI203"
	slog.Debug("query", slog.Any("args", args))   // want "PHI203"
	log.Printf("query %s, %d args", q, len(args)) // ok: their number
	log.Println(q)                                // ok: the text
	db.Query(q, args...)
}

func grown(db *sql.DB, f model.Filter, l *zap.Logger) {
	q := "SELECT id FROM patients WHERE true"
	var args []any
	if f.SSN != "" {
		args = append(args, f.SSN)
		q += fmt.Sprintf(" AND ssn = $%d", len(args))
	}
	if f.LastName != "" {
		args = append(args, f.LastName)
		q += fmt.Sprintf(" AND last_name = $%d", len(args))
	}
	l.Debug("query", zap.String("sql", q), zap.Any("args", args)) // want "PHI203"
	l.Debug("query", zap.String("sql", q))                        // ok: placeholders
	db.Query(q, args...)
}

func column(ctx context.Context, pool *pgxpool.Pool, v, w string) {
	log.Printf("looking for %s", v) // want "PHI203 v, bound for patients.ssn, is logged"
	log.Printf("on %s", w)          // ok: bound for a number of the row
	pool.Query(ctx, "SELECT id FROM patients WHERE ssn = $1 AND version = $2", v, w)
}

func inserted(db *sql.DB, a, b string) {
	logrus.Debugf("insert %s %s", a, b) // want "PHI203"
	db.Exec("INSERT INTO patients (ssn, ward) VALUES ($1, $2)", a, b)
}

func drugs(db *sql.DB, v string) {
	log.Printf("looking for %s", v) // ok: a drug
	db.Query("SELECT id FROM drugs WHERE name = $1", v)
}

func text(db *sql.DB, p model.Patient) {
	q := fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", p.SSN)
	log.Println(q) // want "PHI203 p.SSN is logged with a query"
	r := "DELETE FROM patients WHERE mrn = '" + p.MRN + "'"
	slog.Debug("run", "sql", r) // want "PHI203"
}

// DB hands every query on.
type DB struct{ db *sql.DB }

// Query logs what it is given, in a program that has patients.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	log.Printf("query %s args %v", query, args) // want "PHI203 args of any query is logged"
	return d.db.QueryContext(ctx, query, args...)
}

// Quiet logs the text and the number of values.
func (d *DB) Quiet(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	log.Printf("query %s, %d args", query, len(args)) // ok: no values
	return d.db.QueryContext(ctx, query, args...)
}

func (d *DB) callers(ctx context.Context, p model.Patient, ward string) {
	d.Query(ctx, "SELECT id FROM patients WHERE ssn = $1", p.SSN) // ok: said where it is logged
	d.Query(ctx, "SELECT id FROM beds WHERE ward = $1", ward)     // ok: no PHI
	d.Quiet(ctx, "SELECT id FROM patients WHERE ssn = $1", p.SSN) // ok: not logged
}

type tracer struct{}

// TraceQueryStart logs the text.
func (tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	slog.Debug("query", "sql", data.SQL, "args", len(data.Args)) // ok: a number
	return ctx
}

func beside(db *sql.DB, p model.Patient, n model.Nurse) {
	log.Printf("shift %s", n.Shift) // ok: staff
	db.Exec("UPDATE nurses SET shift = $1 WHERE id = $2", n.Shift, n.ID)
	log.Printf("updating %d", 3) // ok: a constant
	db.Exec("UPDATE patients SET ssn = $1", p.SSN)
}
