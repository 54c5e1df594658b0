// Package modes opens handles and runs queries in the modes of PHI104.
package modes

import (
	"context"
	"database/sql"
	"net/url"

	"github.com/doug-martin/goqu/v9"
	"github.com/go-pg/pg/v10"
	"github.com/gocraft/dbr/v2"
	pgx4 "github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/schema"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Patient makes this a program with health data.
type Patient struct {
	ID        int64
	SSN       string
	LastName  string
	Diagnosis string
}

func configure(config *pgx.ConnConfig, config4 *pgx4.ConnConfig, simple bool) *sql.DB {
	config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol       // want `PHI104 pgx's simple protocol writes bound values into the SQL text`
	config.DefaultQueryExecMode = pgx.QueryExecModeExec                 // ok: values go apart from the text
	config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe        // ok: the same
	if config.DefaultQueryExecMode == pgx.QueryExecModeSimpleProtocol { // ok: a comparison
		return nil
	}
	config4.PreferSimpleProtocol = true   // want "PHI104 pgx's simple protocol"
	config4.PreferSimpleProtocol = false  // ok: off
	config4.PreferSimpleProtocol = simple // ok: not known
	return stdlib.OpenDB(*config)
}

func choose(simple bool) pgx.QueryExecMode {
	if simple {
		return pgx.QueryExecModeSimpleProtocol // want "PHI104"
	}
	return pgx.QueryExecModeCacheStatement // ok: values go apart from the text
}

func gorms(dsn string) {
	gorm.Open(postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: true}))  // want `PHI104 gorm's PreferSimpleProtocol writes bound values into the SQL text`
	gorm.Open(postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: false})) // ok: off
	gorm.Open(postgres.Open(dsn))                                                   // ok: values go apart from the text
}

func strings(values url.Values, config map[string]string) {
	sql.Open("pgx", "postgres:///clinic?default_query_exec_mode=simple_protocol") // want "PHI104 pgx's simple protocol"
	sql.Open("pgx", "postgres:///clinic?default_query_exec_mode=exec")            // ok: values go apart from the text
	sql.Open("pgx", "dbname=clinic prefer_simple_protocol=true")                  // want "PHI104"
	sql.Open("postgres", "dbname=clinic binary_parameters=yes")                   // ok: values go apart from the text
	values.Set("default_query_exec_mode", "simple_protocol")                      // want "PHI104"
	values.Set("default_query_exec_mode", "describe_exec")                        // ok: values go apart from the text
	config["default_query_exec_mode"] = "simple_protocol"                         // want "PHI104"
	if config["default_query_exec_mode"] == "simple_protocol" {                   // ok: a comparison
		return
	}
}

func mappers(db *sql.DB, dialect schema.Dialect, name string) {
	bun.NewDB(db, pgdialect.New())                          // want `PHI104 bun writes bound values into the SQL text`
	bun.NewDB(db, dialect)                                  // ok: which database is not known
	pg.Connect(&pg.Options{Addr: "db:5432"})                // want `PHI104 go-pg writes bound values into the SQL text`
	dbr.Open("pgx", "dbname=clinic", nil)                   // want `PHI104 dbr writes bound values into the SQL text`
	dbr.Open("mysql", "clinic", nil)                        // ok: another database
	goqu.New("postgres", db)                                // want `PHI104 goqu writes values into the SQL text unless a query is Prepared`
	goqu.Dialect("postgres").From("patients").Select("ssn") // want "PHI104"
	goqu.Dialect("sqlite3").From("patients").Select("ssn")  // ok: another database
	goqu.Dialect(name).From("patients").Select("ssn")       // ok: which database is not known
}

func queries(ctx context.Context, conn *pgx.Conn, conn4 *pgx4.Conn, p Patient, queue string, limit int, args []any) {
	const byNumber = "SELECT id FROM patients WHERE ssn = $1"
	conn.Query(ctx, byNumber, pgx.QueryExecModeSimpleProtocol, p.SSN)                                   // want `PHI104 p.SSN is written into the SQL text by pgx's simple protocol \(patients.ssn\)`
	conn.QueryRow(ctx, "SELECT find($1)", pgx.QueryExecModeSimpleProtocol, p.LastName)                  // want `PHI104 p.LastName is written`
	conn.Exec(ctx, "SELECT ssn FROM patients WHERE queue = $1", pgx.QueryExecModeSimpleProtocol, queue) // want `PHI104 bound values are written`
	conn.Query(ctx, byNumber, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...)               // want `PHI104 .* \(patients.ssn\)`
	conn.Query(ctx, byNumber, pgx.QueryExecModeExec, p.SSN)                                             // ok: values go apart from the text
	conn.Query(ctx, byNumber, p.SSN)                                                                    // ok: values go apart from the text
	conn.Exec(ctx, "CREATE TABLE wards (id int)", pgx.QueryExecModeSimpleProtocol)                      // ok: nothing is bound
	conn.Query(ctx, "SELECT id FROM wards LIMIT $1", pgx.QueryExecModeSimpleProtocol, limit)            // ok: nothing of a patient
	conn.Query(ctx, "SELECT id FROM patients WHERE active = $1", pgx.QueryExecModeSimpleProtocol, true) // ok: a constant
	conn4.Query(ctx, byNumber, pgx4.QuerySimpleProtocol(true), p.SSN)                                   // want "PHI104 p.SSN"
	conn4.Query(ctx, byNumber, pgx4.QuerySimpleProtocol(false), p.SSN)                                  // ok: values go apart from the text
}

// find reports where it binds, not where it is called.
func find(ctx context.Context, conn *pgx.Conn, ssn string) pgx.Row {
	return conn.QueryRow(ctx, "SELECT id FROM patients WHERE ssn = $1", pgx.QueryExecModeSimpleProtocol, ssn) // want "PHI104 ssn"
}

// simply cannot know what it binds; its callers do.
func simply(ctx context.Context, conn *pgx.Conn, query string, args ...any) {
	conn.Exec(ctx, query, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...) // ok: nothing is known here
}

func callers(ctx context.Context, conn *pgx.Conn, p Patient) {
	find(ctx, conn, p.SSN)                                                // ok: reported in find
	simply(ctx, conn, "UPDATE patients SET ssn = $1 WHERE id = 7", p.SSN) // want "PHI104 p.SSN"
	simply(ctx, conn, "UPDATE wards SET floor = $1 WHERE id = 7", 3)      // ok: nothing of a patient
}
