package main

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/doug-martin/goqu/v9"
	_ "github.com/doug-martin/goqu/v9/dialect/postgres"
	"github.com/go-pg/pg/v10"
	"github.com/gocraft/dbr/v2"
	pgx4 "github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// The statement asks the server for its own text. What it compares is only
// there to be bound.
const (
	ownText     = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'x' <> $1"
	ownTextMark = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'x' <> ?"
)

// modes records, for each driver and mapper and each of its modes, whether the
// text that the server gets holds the bound value.
func modes(ctx context.Context, r *recorder, socket string) {
	record := func(name string, sent string, err error) {
		if err != nil {
			r.fail(name+" on the server", err)
			return
		}
		r.text(name+" on the server", sent, ssn)
	}
	for _, mode := range []string{"", "cache_statement", "cache_describe", "describe_exec", "exec", "simple_protocol"} {
		setting := ""
		if mode != "" {
			setting = " default_query_exec_mode=" + mode
		}
		sent, err := throughSQL(ctx, "pgx/v5", dsn(socket)+setting, ownText)
		record("pgx v5"+setting, sent, err)
	}
	for _, setting := range []string{"", " binary_parameters=yes"} {
		sent, err := throughSQL(ctx, "postgres", dsn(socket)+setting, ownText)
		record("pq"+setting, sent, err)
	}
	for _, setting := range []string{"", " prefer_simple_protocol=true"} {
		sent, err := throughPgx4(ctx, dsn(socket)+setting, false)
		record("pgx v4"+setting, sent, err)
	}
	sent, err := throughPgx4(ctx, dsn(socket), true)
	record("pgx v4 QuerySimpleProtocol(true)", sent, err)
	sent, err = throughPgx5(ctx, dsn(socket))
	record("pgx v5 QueryExecModeSimpleProtocol as an argument", sent, err)
	for _, simple := range []bool{false, true} {
		sent, err := throughGorm(dsn(socket), simple)
		record(fmt.Sprintf("gorm PreferSimpleProtocol: %t", simple), sent, err)
	}
	mappers(ctx, record, socket)
}

func mappers(ctx context.Context, record func(string, string, error), socket string) {
	address := socket + "/.s.PGSQL.5432"
	connector := pgdriver.NewConnector(pgdriver.WithNetwork("unix"), pgdriver.WithAddr(address),
		pgdriver.WithUser("postgres"), pgdriver.WithDatabase("postgres"), pgdriver.WithInsecure(true))
	byDriver := sql.OpenDB(connector)
	defer func() { _ = byDriver.Close() }()
	var sent string
	err := byDriver.QueryRowContext(ctx, ownText, ssn).Scan(&sent)
	record("pgdriver", sent, err)

	p := pg.Connect(&pg.Options{Network: "unix", Addr: address, User: "postgres", Database: "postgres"})
	defer func() { _ = p.Close() }()
	_, err = p.QueryOneContext(ctx, pg.Scan(&sent), ownTextMark, ssn)
	record("go-pg", sent, err)

	if c, err := dbr.Open("pgx", dsn(socket), nil); err != nil {
		record("dbr", "", err)
	} else {
		sent, err := c.NewSession(nil).SelectBySql(ownTextMark, ssn).ReturnString()
		record("dbr", sent, err)
		_ = c.Close()
	}

	db, err := sql.Open("pgx/v5", dsn(socket))
	if err != nil {
		record("goqu", "", err)
		return
	}
	defer func() { _ = db.Close() }()
	for _, prepared := range []bool{false, true} {
		sent = ""
		_, err = goqu.New("postgres", db).From("pg_stat_activity").Prepared(prepared).Select("query").
			Where(goqu.C("pid").Eq(goqu.Func("pg_backend_pid")), goqu.V("x").Neq(ssn)).ScanValContext(ctx, &sent)
		record(fmt.Sprintf("goqu Prepared(%t)", prepared), sent, err)
	}
}

func throughSQL(ctx context.Context, driver, dsn, query string) (sent string, err error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, query, ssn).Scan(&sent)
	return sent, err
}

func throughPgx4(ctx context.Context, dsn string, simple bool) (sent string, err error) {
	conn, err := pgx4.Connect(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	args := []any{ssn}
	if simple {
		args = []any{pgx4.QuerySimpleProtocol(true), ssn}
	}
	err = conn.QueryRow(ctx, ownText, args...).Scan(&sent)
	return sent, err
}

func throughPgx5(ctx context.Context, dsn string) (sent string, err error) {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }()
	err = conn.QueryRow(ctx, ownText, pgx.QueryExecModeSimpleProtocol, ssn).Scan(&sent)
	return sent, err
}

func throughGorm(dsn string, simple bool) (sent string, err error) {
	g, err := gorm.Open(postgres.New(postgres.Config{DSN: dsn, PreferSimpleProtocol: simple}), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return "", err
	}
	err = g.Raw(ownTextMark, ssn).Scan(&sent).Error
	return sent, err
}
