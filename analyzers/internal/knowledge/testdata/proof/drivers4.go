package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/stdlib"
	pkgerrors "github.com/pkg/errors"
	"go.uber.org/multierr"
)

// driver4 records the errors of pgx v4, whose error type is another one.
func driver4(ctx context.Context, r *recorder, socket string) error {
	config, err := pgx.ParseConfig(dsn(socket))
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, s := range statements {
		_, err := conn.Exec(ctx, s.sql, s.args...)
		r.pgx4("pgx v4 "+s.name, s, err)
	}
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"patients"}, []string{"id", "ssn"}, pgx.CopyFromRows([][]any{{3, ssn}}))
	r.pgx4("pgx v4 CopyFrom 23505", statement{name: "23505", value: ssn}, err)

	_, err = conn.Exec(ctx, "SELECT $1::integer", ssn)
	r.failure("pgx v4 encode a string as integer", err, ssn)
	_, err = conn.Exec(ctx, "UPDATE patients SET birth_date = $1", "no-"+ssn)
	r.failure("pgx v4 encode a string as date", err, ssn)
	_, err = conn.Exec(ctx, "UPDATE patients SET weight = $1", struct{ SSN string }{ssn})
	r.failure("pgx v4 encode a struct as integer", err, ssn)
	_, err = conn.Exec(ctx, "SELECT $1::text", ssn, ssn2)
	r.failure("pgx v4 with too many arguments", err, ssn)
	var number int
	r.failure("pgx v4 Scan text into int", conn.QueryRow(ctx, "SELECT ssn FROM patients").Scan(&number), ssn)
	var small int8
	r.failure("pgx v4 Scan a number too large", conn.QueryRow(ctx, "SELECT 901007777").Scan(&small), "901007777")
	r.failure("pgx v4 Scan without rows", conn.QueryRow(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn2).Scan(&number), ssn2)

	db := stdlib.OpenDB(*config)
	defer func() { _ = db.Close() }()
	scanning(ctx, r, "pgx v4 stdlib", db)

	_, err = pgx.ParseConfig("postgres://app:" + ssn + "@db/clinic?sslmode=unheard")
	r.failure("pgx v4 ParseConfig, password", err, ssn)
	return nil
}

func (r *recorder) pgx4(name string, s statement, err error) {
	var e *pgconn.PgError
	if !errors.As(err, &e) || e.Code != s.name {
		r.fail(name, err)
		return
	}
	r.failure(name, err, s.value, map[string]string{
		"Message": e.Message, "Detail": e.Detail, "Hint": e.Hint, "Where": e.Where, "InternalQuery": e.InternalQuery,
		"Code": e.Code, "ConstraintName": e.ConstraintName, "ColumnName": e.ColumnName, "TableName": e.TableName,
		"DataTypeName": e.DataTypeName, "SchemaName": e.SchemaName, "Severity": e.Severity,
	})
}

// wrappers records what the functions that make and wrap errors keep: what was
// put in, and of a driver's error no more than it prints itself.
func wrappers(ctx context.Context, r *recorder, socket string) error {
	conn, err := pgx.Connect(ctx, dsn(socket))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, unique := conn.Exec(ctx, statements[0].sql, statements[0].args...)
	_, date := conn.Exec(ctx, "UPDATE patients SET birth_date = $1::text::date", "no-"+ssn)
	if unique == nil || date == nil {
		return fmt.Errorf("the statements did not fail")
	}
	for name, wrap := range map[string]func(error) error{
		"fmt.Errorf %w":     func(e error) error { return fmt.Errorf("insert: %w", e) },
		"fmt.Errorf %v":     func(e error) error { return fmt.Errorf("insert: %v", e) },
		"errors.Join":       func(e error) error { return errors.Join(errors.New("insert"), e) },
		"pkg/errors Wrap":   func(e error) error { return pkgerrors.Wrap(e, "insert") },
		"multierr.Append":   func(e error) error { return multierr.Append(errors.New("insert"), e) },
		"pkg/errors Errorf": func(e error) error { return pkgerrors.Errorf("insert: %v", e) },
	} {
		r.failure("wrap "+name+" 23505", wrap(unique), ssn)
		r.failure("wrap "+name+" 22007", wrap(date), ssn)
	}
	r.failure("wrap errors.New of a value", errors.New("no plan for "+ssn), ssn)
	r.failure("wrap fmt.Errorf of a value", fmt.Errorf("no plan for %s", ssn), ssn)
	return nil
}
