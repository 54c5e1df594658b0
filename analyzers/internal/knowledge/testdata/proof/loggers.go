package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log"
	"reflect"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jackc/pgx/v5/tracelog"
	"github.com/lib/pq"
	sqldblogger "github.com/simukti/sqldb-logger"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/extra/bundebug"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func loggers(ctx context.Context, r *recorder, socket string) error {
	db, err := sql.Open("pgx/v5", dsn(socket))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if err := gormLoggers(r, db); err != nil {
		return err
	}
	bunLogger(ctx, r, db)
	if err := pgxTracers(ctx, r, socket); err != nil {
		return err
	}

	var out bytes.Buffer
	for name, options := range map[string][]sqldblogger.Option{
		"sqldb-logger":                          nil,
		"sqldb-logger WithLogArguments(false)":  {sqldblogger.WithLogArguments(false)},
		"sqldb-logger WithMinimumLevel(Error)":  {sqldblogger.WithMinimumLevel(sqldblogger.LevelError)},
		"sqldb-logger WithMinimumLevel, failed": {sqldblogger.WithMinimumLevel(sqldblogger.LevelError)},
	} {
		out.Reset()
		logged := sqldblogger.OpenDriver(dsn(socket), &pq.Driver{}, printer{&out}, options...)
		if name == "sqldb-logger WithMinimumLevel, failed" {
			_, err = logged.ExecContext(ctx, "SELECT 1/0 FROM patients WHERE ssn = $1", ssn)
		} else {
			_, err = logged.ExecContext(ctx, "SELECT id FROM patients WHERE ssn = $1", ssn)
		}
		_ = logged.Close()
		r.text(name, out.String(), ssn)
	}
	return nil
}

type printer struct{ out *bytes.Buffer }

func (p printer) Log(_ context.Context, _ sqldblogger.Level, msg string, data map[string]any) {
	fmt.Fprintln(p.out, msg, data)
}

// A patient is what the object mappers insert.
type patient struct {
	bun.BaseModel `bun:"table:patients" gorm:"-"`
	ID            int
	SSN           string `bun:"ssn" gorm:"column:ssn"`
}

func (patient) TableName() string { return "patients" }

// traced is a logger of one's own that prints what gorm hands it.
type traced struct {
	logger.Interface
	out *bytes.Buffer
}

func (t traced) LogMode(logger.LogLevel) logger.Interface { return t }

func (t traced) Trace(_ context.Context, _ time.Time, fc func() (string, int64), _ error) {
	text, rows := fc()
	fmt.Fprintln(t.out, text, rows)
}

// filtered is traced with the method that keeps the values out.
type filtered struct{ traced }

// ParamsFilter is called by gorm before it fills values into the text.
func (filtered) ParamsFilter(_ context.Context, sql string, _ ...any) (string, []any) {
	return sql, nil
}

func gormLoggers(r *recorder, db *sql.DB) error {
	// The writer of gorm's default logger was fixed when the package was
	// initialised, so its configuration is used with another.
	standard := reflect.ValueOf(logger.Default).Elem().FieldByName("Config").Interface().(logger.Config)
	parameterized := standard
	parameterized.ParameterizedQueries = true
	info, silent, parameterizedInfo := standard, standard, parameterized
	info.LogLevel, silent.LogLevel, parameterizedInfo.LogLevel = logger.Info, logger.Silent, logger.Info
	for name, config := range map[string]logger.Config{
		"Default": standard, "Default, ParameterizedQueries": parameterized,
		"Info": info, "Info, ParameterizedQueries": parameterizedInfo, "Silent": silent,
	} {
		var out bytes.Buffer
		g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: logger.New(log.New(&out, "", 0), config)})
		if err != nil {
			return err
		}
		gormCalls(r, "gorm "+name, g, &out)
	}
	var out bytes.Buffer
	for name, l := range map[string]logger.Interface{
		"Trace":               traced{logger.Discard, &out},
		"Trace, ParamsFilter": filtered{traced{logger.Discard, &out}},
	} {
		g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: l})
		if err != nil {
			return err
		}
		gormCalls(r, "gorm "+name, g, &out)
	}
	return nil
}

// gormCalls records what a statement leaves in the log when it succeeds, when
// it is slow, and when the server refuses it.
func gormCalls(r *recorder, name string, g *gorm.DB, out *bytes.Buffer) {
	var found patient
	out.Reset()
	g.Where("ssn = ?", ssn).First(&found)
	r.text(name+": success", out.String(), ssn)
	out.Reset()
	g.Exec("SELECT pg_sleep(0.21) FROM patients WHERE ssn = ?", ssn)
	r.text(name+": slow", out.String(), ssn)
	out.Reset()
	g.Create(&patient{ID: 1, SSN: ssn})
	r.text(name+": error", out.String(), ssn)
	out.Reset()
	g.Where("ssn = ?", ssn2).First(&found)
	r.text(name+": no rows", out.String(), ssn2)
}

func bunLogger(ctx context.Context, r *recorder, db *sql.DB) {
	var out bytes.Buffer
	for _, verbose := range []bool{false, true} {
		b := bun.NewDB(db, pgdialect.New())
		b.AddQueryHook(bundebug.NewQueryHook(bundebug.WithVerbose(verbose), bundebug.WithWriter(&out)))
		name := fmt.Sprintf("bundebug WithVerbose(%t)", verbose)
		out.Reset()
		_, _ = b.NewSelect().Model((*patient)(nil)).Column("id").Where("ssn = ?", ssn).Exec(ctx)
		r.text(name+": success", out.String(), ssn)
		out.Reset()
		_, _ = b.NewInsert().Model(&patient{ID: 1, SSN: ssn}).Exec(ctx)
		r.text(name+": error", out.String(), ssn)
	}
	// The driver below sees the text with the values in it.
	q := bun.NewDB(db, pgdialect.New()).NewSelect().Model((*patient)(nil)).Where("ssn = ?", ssn)
	r.text("bun statement text", q.String(), ssn)
	var sent string
	_ = bun.NewDB(db, pgdialect.New()).QueryRowContext(ctx,
		"SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'x' <> ?", ssn).Scan(&sent)
	r.text("bun text on the server", sent, ssn)
	_ = db.QueryRowContext(ctx, "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'x' <> $1", ssn).Scan(&sent)
	r.text("pgx extended, text on the server", sent, ssn)
	_ = db.QueryRowContext(ctx, "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid() AND 'x' <> $1",
		pgx.QueryExecModeSimpleProtocol, ssn).Scan(&sent)
	r.text("pgx simple, text on the server", sent, ssn)
}

func pgxTracers(ctx context.Context, r *recorder, socket string) error {
	call := func(ctx context.Context, tracer pgx.QueryTracer, query string) error {
		config, err := pgx.ParseConfig(dsn(socket))
		if err != nil {
			return err
		}
		config.Tracer = tracer
		db := stdlib.OpenDB(*config)
		defer func() { _ = db.Close() }()
		_, _ = db.ExecContext(ctx, query, ssn)
		return nil
	}
	const good, bad = "SELECT id FROM patients WHERE ssn = $1", "SELECT 1/0 FROM patients WHERE ssn = $1"
	for _, level := range []tracelog.LogLevel{tracelog.LogLevelTrace, tracelog.LogLevelInfo, tracelog.LogLevelWarn, tracelog.LogLevelError, tracelog.LogLevelNone} {
		for name, query := range map[string]string{"success": good, "error": bad} {
			var out bytes.Buffer
			l := tracelog.LoggerFunc(func(_ context.Context, _ tracelog.LogLevel, msg string, data map[string]any) {
				fmt.Fprintln(&out, msg, data)
			})
			if err := call(ctx, &tracelog.TraceLog{Logger: l, LogLevel: level}, query); err != nil {
				return err
			}
			r.text(fmt.Sprintf("tracelog %v: %s", level, name), out.String(), ssn)
		}
	}
	for name, options := range map[string][]otelpgx.Option{
		"otelpgx":                            nil,
		"otelpgx WithIncludeQueryParameters": {otelpgx.WithIncludeQueryParameters()},
	} {
		spans := tracetest.NewSpanRecorder()
		provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
		// The tracer records only what is part of a trace.
		traced, span := provider.Tracer("proof").Start(ctx, "request")
		if err := call(traced, otelpgx.NewTracer(append(options, otelpgx.WithTracerProvider(provider))...), good); err != nil {
			return err
		}
		span.End()
		var out bytes.Buffer
		for _, s := range spans.Ended() {
			fmt.Fprintln(&out, s.Name(), s.Attributes())
		}
		r.text(name, out.String(), ssn)
	}
	return nil
}
