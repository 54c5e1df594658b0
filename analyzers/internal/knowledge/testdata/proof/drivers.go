package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"
)

const schema = `
	DROP TABLE IF EXISTS visits, patients;
	CREATE TABLE patients (
		id integer PRIMARY KEY, ssn text NOT NULL UNIQUE, birth_date date, zip varchar(5), weight integer CHECK (weight > 0), name text);
	CREATE TABLE visits (ssn text REFERENCES patients (ssn));
	CREATE OR REPLACE FUNCTION find(given text) RETURNS integer LANGUAGE plpgsql AS $$
		BEGIN RAISE EXCEPTION 'nobody has %', given USING HINT = 'asked for ' || given; END $$;
	CREATE OR REPLACE FUNCTION lookup(given text) RETURNS integer LANGUAGE plpgsql AS $$
		DECLARE found integer; BEGIN EXECUTE 'SELECT id FROM nowhere WHERE ssn = ' || quote_literal(given) INTO found; RETURN found; END $$;
	CREATE OR REPLACE FUNCTION divide(given text) RETURNS integer LANGUAGE plpgsql AS $$
		DECLARE found integer; BEGIN EXECUTE 'SELECT 1/0 FROM patients WHERE ssn = ' || quote_literal(given) INTO found; RETURN found; END $$;
	INSERT INTO patients VALUES (1, '` + ssn + `', '1961-02-03', '12345', 70, 'x');`

// A statement fails on the server with the SQLSTATE that is its name.
type statement struct {
	name, sql string
	args      []any
	value     string
}

var statements = []statement{
	{"23505", "INSERT INTO patients VALUES (2, $1)", []any{ssn}, ssn},
	{"23514", "INSERT INTO patients (id, ssn, weight) VALUES (2, $1, -1)", []any{ssn2}, ssn2},
	{"23502", "INSERT INTO patients (name, ssn) VALUES ($1, '1')", []any{ssn2}, ssn2},
	{"23503", "INSERT INTO visits VALUES ($1)", []any{ssn2}, ssn2},
	{"22007", "UPDATE patients SET birth_date = $1::text::date", []any{"no-" + ssn}, ssn},
	{"22008", "UPDATE patients SET birth_date = $1::text::date", []any{"1961-02-31"}, "1961-02-31"},
	{"22P02", "SELECT $1::text::integer", []any{ssn}, ssn},
	{"22003", "SELECT $1::text::integer", []any{"90100777790100"}, "90100777790100"},
	{"22001", "UPDATE patients SET zip = $1", []any{ssn}, ssn},
	{"P0001", "SELECT find($1)", []any{ssn}, ssn},
	{"42P01", "SELECT lookup($1)", []any{ssn}, ssn},
	{"22012", "SELECT divide($1)", []any{ssn}, ssn},
	{"42601", "SELECT id FROM patients WHERE name = 'O'Harethmann'", nil, "Harethmann"},
	{"42703", `SELECT id FROM patients WHERE name = "Harethmann"`, nil, "Harethmann"},
}

func drivers(ctx context.Context, r *recorder, socket string) error {
	config, err := pgx.ParseConfig(dsn(socket))
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, schema, pgx.QueryExecModeSimpleProtocol); err != nil {
		return err
	}
	for _, s := range statements {
		_, err := conn.Exec(ctx, s.sql, s.args...)
		r.pgx("pgx extended", s, err)
		_, err = conn.Exec(ctx, s.sql, append([]any{pgx.QueryExecModeSimpleProtocol}, s.args...)...)
		r.pgx("pgx simple", s, err)
	}
	_, err = conn.PgConn().CopyFrom(ctx, strings.NewReader("2\t"+ssn2+"\tnot a date\n"), "COPY patients (id, ssn, birth_date) FROM STDIN")
	r.pgx("pgx COPY", statement{name: "22007", value: "not a date"}, err)
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"patients"}, []string{"id", "ssn"}, pgx.CopyFromRows([][]any{{3, ssn}}))
	r.pgx("pgx CopyFrom", statement{name: "23505", value: ssn}, err)
	encoding(ctx, r, conn)

	db := stdlib.OpenDB(*config)
	defer func() { _ = db.Close() }()
	scanning(ctx, r, "pgx stdlib", db)

	connector, err := pq.NewConnector(dsn(socket))
	if err != nil {
		return err
	}
	old := sql.OpenDB(connector)
	defer func() { _ = old.Close() }()
	for _, s := range statements {
		_, err := old.ExecContext(ctx, s.sql, s.args...)
		r.pq(s, err)
	}
	scanning(ctx, r, "pq", old)
	return nil
}

func dsn(socket string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=postgres sslmode=disable", socket)
}

// pgx records the whole error and each of its texts.
func (r *recorder) pgx(protocol string, s statement, err error) {
	name := protocol + " " + s.name
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

func (r *recorder) pq(s statement, err error) {
	name := "pq " + s.name
	var e *pq.Error
	if !errors.As(err, &e) || string(e.Code) != s.name {
		r.fail(name, err)
		return
	}
	r.failure(name, err, s.value, map[string]string{
		"ErrorWithDetail": e.ErrorWithDetail(),
		"Message":         e.Message, "Detail": e.Detail, "Hint": e.Hint, "Where": e.Where, "InternalQuery": e.InternalQuery,
		"Code": string(e.Code), "Constraint": e.Constraint, "Column": e.Column, "Table": e.Table,
		"DataTypeName": e.DataTypeName, "Schema": e.Schema, "Severity": e.Severity,
	})
}

// encoding records errors that the driver makes before the server sees anything.
func encoding(ctx context.Context, r *recorder, conn *pgx.Conn) {
	_, err := conn.Exec(ctx, "SELECT $1::integer", ssn)
	r.failure("pgx encode a string as integer", err, ssn)
	_, err = conn.Exec(ctx, "UPDATE patients SET weight = $1", struct{ SSN string }{ssn})
	r.failure("pgx encode a struct as integer", err, ssn)
	_, err = conn.Exec(ctx, "SELECT $1::integer, $2::text", 901007777901, ssn)
	r.failure("pgx encode a number too large", err, "901007777901")
	_, err = conn.Exec(ctx, "SELECT $1::integer, $2::text", 1, 901007777)
	r.failure("pgx encode a number as text", err, "901007777")
	_, err = conn.Exec(ctx, "SELECT $1::text", ssn, ssn2)
	r.failure("pgx with too many arguments", err, ssn)
	_, err = conn.Prepare(ctx, "broken", "SELECT id FROM nowhere WHERE ssn = $1")
	r.failure("pgx Prepare", err, ssn)

	var number int
	r.failure("pgx Scan text into int", conn.QueryRow(ctx, "SELECT ssn FROM patients").Scan(&number), ssn)
	var bytes []int
	r.failure("pgx Scan json into []int", conn.QueryRow(ctx, "SELECT json_build_object('ssn', ssn) FROM patients").Scan(&bytes), ssn)
	r.failure("pgx Scan without rows", conn.QueryRow(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn2).Scan(&number), ssn2)
	var small int8
	r.failure("pgx Scan a number too large", conn.QueryRow(ctx, "SELECT 901007777").Scan(&small), "901007777")
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	other, err := pgx.Connect(cancelled, "postgres://app:"+ssn+"@127.0.0.1:1/clinic")
	if err == nil {
		_ = other.Close(ctx)
	}
	r.failure("pgx Connect, password", err, ssn)
}

// scanning records the conversions of database/sql.
func scanning(ctx context.Context, r *recorder, driver string, db *sql.DB) {
	var number int
	err := db.QueryRowContext(ctx, "SELECT ssn FROM patients").Scan(&number)
	r.failure(driver+" Scan text into int", err, ssn)
	var yes bool
	r.failure(driver+" Scan text into bool", db.QueryRowContext(ctx, "SELECT ssn FROM patients").Scan(&yes), ssn)
	var document json.Number
	r.failure(driver+" Scan NULL into a string", db.QueryRowContext(ctx, "SELECT name FROM patients UNION SELECT NULL ORDER BY 1 DESC LIMIT 1").Scan(&document), ssn)
	err = db.QueryRowContext(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn2).Scan(&number)
	r.failure(driver+" Scan without rows", err, ssn2)
	_, err = db.ExecContext(ctx, "UPDATE patients SET name = $1", struct{ SSN string }{ssn})
	r.failure(driver+" bind a struct", err, ssn)
}
