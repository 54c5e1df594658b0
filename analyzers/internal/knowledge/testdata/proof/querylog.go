package main

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	stdlog "log"
	"log/slog"
	"net/url"
	"os"
	"reflect"

	"contrib.go.opencensus.io/integrations/ocsql"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/XSAM/otelsql"
	"github.com/aarondl/sqlboiler/v4/boil"
	"github.com/aarondl/sqlboiler/v4/queries"
	"github.com/go-pg/pg/v10"
	"github.com/gobuffalo/pop/v6"
	pgx4 "github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v5"
	oldgorm "github.com/jinzhu/gorm"
	"github.com/lib/pq"
	"github.com/luna-duclos/instrumentedsql"
	"github.com/newrelic/go-agent/v3/integrations/nrpgx5"
	sloggorm "github.com/orandin/slog-gorm"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/extra/bunotel"
	"github.com/uptrace/bun/extra/bunslog"
	"github.com/uptrace/opentelemetry-go-extra/otelgorm"
	uptracesql "github.com/uptrace/opentelemetry-go-extra/otelsql"
	nhat "go.nhat.io/otelsql"
	"go.opencensus.io/trace"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"golang.org/x/sys/unix"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/plugin/opentelemetry/tracing"
	"xorm.io/xorm"
	"xorm.io/xorm/contexts"
	xormlog "xorm.io/xorm/log"
)

const (
	find = "SELECT id FROM patients WHERE ssn = $1"
	fail = "SELECT 1/0 FROM patients WHERE ssn = $1"
)

// queryLoggers records what the loggers and tracers write that are no part of
// loggers: each with the settings that phivet tells apart.
func queryLoggers(ctx context.Context, r *recorder, socket string) error {
	db, err := sql.Open("pgx/v5", dsn(socket))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	for _, prove := range []func(context.Context, *recorder, *sql.DB, string) error{
		gormPlugins, gormSlogs, oldGorm, spansOfSQL, census, instrumented, entDebug, bunHooks, xormShow, boilDebug, popDebug, pgx4Logger, newRelic, ownHooks,
	} {
		if err := prove(ctx, r, db, socket); err != nil {
			return err
		}
	}
	return nil
}

// spans collects what ends while f runs, below a span of its own.
func spans(ctx context.Context, f func(context.Context, *sdktrace.TracerProvider) error) (string, error) {
	ended := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(ended))
	traced, span := provider.Tracer("proof").Start(ctx, "request")
	err := f(traced, provider)
	span.End()
	var out bytes.Buffer
	for _, s := range ended.Ended() {
		fmt.Fprintln(&out, s.Name(), s.Attributes(), s.Events())
	}
	return out.String(), err
}

func gormPlugins(ctx context.Context, r *recorder, db *sql.DB, _ string) error {
	plugins := []struct {
		name string
		make func(*sdktrace.TracerProvider) gorm.Plugin
	}{
		{"otelgorm", func(p *sdktrace.TracerProvider) gorm.Plugin {
			return otelgorm.NewPlugin(otelgorm.WithTracerProvider(p))
		}},
		{"otelgorm WithoutQueryVariables", func(p *sdktrace.TracerProvider) gorm.Plugin {
			return otelgorm.NewPlugin(otelgorm.WithTracerProvider(p), otelgorm.WithoutQueryVariables())
		}},
		{"gorm tracing", func(p *sdktrace.TracerProvider) gorm.Plugin { return tracing.NewPlugin(tracing.WithTracerProvider(p)) }},
		{"gorm tracing WithoutQueryVariables", func(p *sdktrace.TracerProvider) gorm.Plugin {
			return tracing.NewPlugin(tracing.WithTracerProvider(p), tracing.WithoutQueryVariables())
		}},
	}
	for _, p := range plugins {
		text, err := spans(ctx, func(ctx context.Context, provider *sdktrace.TracerProvider) error {
			g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: logger.Discard})
			if err != nil {
				return err
			}
			if err := g.Use(p.make(provider)); err != nil {
				return err
			}
			var found patient
			g.WithContext(ctx).Where("ssn = ?", ssn).First(&found)
			return nil
		})
		if err != nil {
			return err
		}
		r.text(p.name, text, ssn)
	}
	return nil
}

func gormSlogs(_ context.Context, r *recorder, db *sql.DB, _ string) error {
	var out bytes.Buffer
	to := slog.New(slog.NewTextHandler(&out, nil))
	for _, l := range []struct {
		name   string
		logger logger.Interface
	}{
		{"NewSlogLogger Warn", logger.NewSlogLogger(to, logger.Config{LogLevel: logger.Warn})},
		{"NewSlogLogger Error", logger.NewSlogLogger(to, logger.Config{LogLevel: logger.Error})},
		{"NewSlogLogger Info", logger.NewSlogLogger(to, logger.Config{LogLevel: logger.Info})},
		{"NewSlogLogger without a level", logger.NewSlogLogger(to, logger.Config{})},
		{"NewSlogLogger ParameterizedQueries", logger.NewSlogLogger(to, logger.Config{LogLevel: logger.Info, ParameterizedQueries: true})},
		{"New Error", logger.New(stdlog.New(&out, "", 0), logger.Config{LogLevel: logger.Error})},
		{"New without a level", logger.New(stdlog.New(&out, "", 0), logger.Config{})},
		{"Default.LogMode(Silent)", logger.New(stdlog.New(&out, "", 0), logger.Config{LogLevel: logger.Info}).LogMode(logger.Silent)},
		{"slog-gorm", sloggorm.New(sloggorm.WithHandler(to.Handler()))},
		{"slog-gorm WithTraceAll", sloggorm.New(sloggorm.WithHandler(to.Handler()), sloggorm.WithTraceAll())},
		{"slog-gorm WithIgnoreTrace", sloggorm.New(sloggorm.WithHandler(to.Handler()), sloggorm.WithIgnoreTrace())},
		{"Debug()", logger.New(stdlog.New(&out, "", 0), logger.Config{}).LogMode(logger.Info)},
	} {
		g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: l.logger})
		if err != nil {
			return err
		}
		if l.name == "Debug()" {
			g = g.Debug()
		}
		gormCalls(r, "gorm "+l.name, g, &out)
	}
	return nil
}

type oldPatient struct {
	ID  int
	SSN string `gorm:"column:ssn"`
}

func (oldPatient) TableName() string { return "patients" }

func oldGorm(_ context.Context, r *recorder, _ *sql.DB, socket string) error {
	for _, mode := range []string{"default", "LogMode(true)", "LogMode(false)", "Debug()"} {
		g, err := oldgorm.Open("postgres", dsn(socket))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		g.SetLogger(oldgorm.Logger{LogWriter: stdlog.New(&out, "", 0)})
		switch mode {
		case "LogMode(true)", "LogMode(false)":
			g.LogMode(mode == "LogMode(true)")
		case "Debug()":
			g = g.Debug()
		}
		var found oldPatient
		g.Where("ssn = ?", ssn).First(&found)
		r.text("gorm v1 "+mode+": success", out.String(), ssn)
		out.Reset()
		g.Create(&oldPatient{ID: 1, SSN: ssn})
		r.text("gorm v1 "+mode+": error", out.String(), ssn)
		_ = g.Close()
	}
	return nil
}

func spansOfSQL(ctx context.Context, r *recorder, _ *sql.DB, socket string) error {
	openers := []struct {
		name string
		open func(*sdktrace.TracerProvider) (*sql.DB, error)
	}{
		{"XSAM otelsql", func(p *sdktrace.TracerProvider) (*sql.DB, error) {
			return otelsql.Open("pgx/v5", dsn(socket), otelsql.WithTracerProvider(p))
		}},
		{"uptrace otelsql", func(p *sdktrace.TracerProvider) (*sql.DB, error) {
			return uptracesql.Open("pgx/v5", dsn(socket), uptracesql.WithTracerProvider(p))
		}},
		{"nhat otelsql", nhatOpener(socket)},
		{"nhat otelsql TraceQueryWithoutArgs", nhatOpener(socket, nhat.TraceQueryWithoutArgs())},
		{"nhat otelsql TraceQueryWithArgs", nhatOpener(socket, nhat.TraceQueryWithArgs())},
		{"nhat otelsql TraceAll", nhatOpener(socket, nhat.TraceAll())},
	}
	for _, o := range openers {
		text, err := spans(ctx, func(ctx context.Context, provider *sdktrace.TracerProvider) error {
			db, err := o.open(provider)
			if err != nil {
				return err
			}
			defer func() { _ = db.Close() }()
			_, _ = db.ExecContext(ctx, find, ssn)
			return nil
		})
		if err != nil {
			return err
		}
		r.text(o.name, text, ssn)
	}
	return nil
}

func nhatOpener(socket string, options ...nhat.DriverOption) func(*sdktrace.TracerProvider) (*sql.DB, error) {
	return func(p *sdktrace.TracerProvider) (*sql.DB, error) {
		name, err := nhat.Register("postgres", append(options, nhat.WithTracerProvider(p))...)
		if err != nil {
			return nil, err
		}
		return sql.Open(name, dsn(socket))
	}
}

// exported collects the spans of OpenCensus.
type exported struct{ out *bytes.Buffer }

func (e exported) ExportSpan(s *trace.SpanData) { fmt.Fprintln(e.out, s.Name, s.Attributes) }

func census(ctx context.Context, r *recorder, _ *sql.DB, socket string) error {
	var out bytes.Buffer
	trace.RegisterExporter(exported{&out})
	root := []ocsql.TraceOption{ocsql.WithAllowRoot(true), ocsql.WithSampler(trace.AlwaysSample())}
	for _, o := range []struct {
		name    string
		options []ocsql.TraceOption
	}{
		{"ocsql WithQuery", append(root, ocsql.WithQuery(true))},
		{"ocsql WithQueryParams", append(root, ocsql.WithQuery(true), ocsql.WithQueryParams(true))},
		{"ocsql WithAllTraceOptions", append([]ocsql.TraceOption{ocsql.WithAllTraceOptions()}, root...)},
		{"ocsql TraceOptions.QueryParams", append([]ocsql.TraceOption{ocsql.WithOptions(ocsql.TraceOptions{Query: true, QueryParams: true})}, root...)},
	} {
		out.Reset()
		db := sql.OpenDB(connector{dsn(socket), ocsql.Wrap(&pq.Driver{}, o.options...)})
		_, _ = db.ExecContext(ctx, find, ssn)
		_ = db.Close()
		r.text(o.name, out.String(), ssn)
	}
	return nil
}

// A connector opens a data source with a driver that is not registered.
type connector struct {
	dsn    string
	driver driver.Driver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

func instrumented(ctx context.Context, r *recorder, _ *sql.DB, socket string) error {
	var out bytes.Buffer
	to := instrumentedsql.LoggerFunc(func(_ context.Context, msg string, keyvals ...any) { fmt.Fprintln(&out, msg, keyvals) })
	for _, o := range []struct {
		name    string
		options []instrumentedsql.Opt
	}{
		{"instrumentedsql", nil},
		{"instrumentedsql WithIncludeArgs", []instrumentedsql.Opt{instrumentedsql.WithIncludeArgs()}},
		{"instrumentedsql WithOmitArgs", []instrumentedsql.Opt{instrumentedsql.WithOmitArgs()}},
	} {
		out.Reset()
		db := sql.OpenDB(connector{dsn(socket), instrumentedsql.WrapDriver(&pq.Driver{}, append(o.options, instrumentedsql.WithLogger(to))...)})
		_, _ = db.ExecContext(ctx, find, ssn)
		_ = db.Close()
		r.text(o.name, out.String(), ssn)
	}
	return nil
}

func entDebug(ctx context.Context, r *recorder, db *sql.DB, _ string) error {
	var out bytes.Buffer
	plain := entsql.OpenDB(dialect.Postgres, db)
	for name, d := range map[string]dialect.Driver{
		"ent":                          plain,
		"ent dialect.Debug":            dialect.Debug(plain, func(v ...any) { fmt.Fprintln(&out, v...) }),
		"ent dialect.DebugWithContext": dialect.DebugWithContext(plain, func(_ context.Context, v ...any) { fmt.Fprintln(&out, v...) }),
	} {
		out.Reset()
		var rows entsql.Rows
		if err := d.Query(ctx, find, []any{ssn}, &rows); err != nil {
			return err
		}
		_ = rows.Close()
		r.text(name, out.String(), ssn)
	}
	return nil
}

func bunHooks(ctx context.Context, r *recorder, db *sql.DB, _ string) error {
	calls := func(name string, out *bytes.Buffer, ctx context.Context, hook bun.QueryHook) {
		b := bun.NewDB(db, pgdialect.New())
		b.AddQueryHook(hook)
		out.Reset()
		_, _ = b.NewSelect().Model((*patient)(nil)).Column("id").Where("ssn = ?", ssn).Exec(ctx)
		r.text(name+": success", out.String(), ssn)
		out.Reset()
		_, _ = b.NewInsert().Model(&patient{ID: 1, SSN: ssn}).Exec(ctx)
		r.text(name+": error", out.String(), ssn)
	}
	var out bytes.Buffer
	to := bunslog.WithLogger(slog.New(slog.NewTextHandler(&out, nil)))
	calls("bunslog", &out, ctx, bunslog.NewQueryHook(to))
	calls("bunslog WithQueryLogLevel(Info)", &out, ctx, bunslog.NewQueryHook(to, bunslog.WithQueryLogLevel(slog.LevelInfo)))
	for _, formatted := range []bool{false, true} {
		text, err := spans(ctx, func(ctx context.Context, p *sdktrace.TracerProvider) error {
			b := bun.NewDB(db, pgdialect.New())
			b.AddQueryHook(bunotel.NewQueryHook(bunotel.WithTracerProvider(p), bunotel.WithFormattedQueries(formatted)))
			_, err := b.NewSelect().Model((*patient)(nil)).Column("id").Where("ssn = ?", ssn).Exec(ctx)
			return err
		})
		if err != nil {
			return err
		}
		r.text(fmt.Sprintf("bunotel WithFormattedQueries(%t)", formatted), text, ssn)
	}
	return nil
}

func xormShow(_ context.Context, r *recorder, _ *sql.DB, socket string) error {
	for _, show := range []bool{false, true} {
		engine, err := xorm.NewEngine("postgres", dsn(socket))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		engine.SetLogger(xormlog.NewSimpleLogger(&out))
		engine.ShowSQL(show)
		_, err = engine.QueryString(find, ssn)
		_ = engine.Close()
		if err != nil {
			return err
		}
		r.text(fmt.Sprintf("xorm ShowSQL(%t)", show), out.String(), ssn)
	}
	return nil
}

func boilDebug(_ context.Context, r *recorder, db *sql.DB, _ string) error {
	var out bytes.Buffer
	boil.DebugWriter = &out
	for _, debug := range []bool{false, true} {
		out.Reset()
		boil.DebugMode = debug
		if _, err := queries.Raw(find, ssn).Exec(db); err != nil {
			return err
		}
		r.text(fmt.Sprintf("sqlboiler DebugMode = %t", debug), out.String(), ssn)
	}
	return nil
}

// popDebug reads what pop's own logger writes to the standard error, which it
// has taken before anything here runs.
func popDebug(_ context.Context, r *recorder, _ *sql.DB, socket string) error {
	for _, debug := range []bool{false, true} {
		pop.Debug = debug
		text, err := standardError(func() error {
			c, err := pop.NewConnection(&pop.ConnectionDetails{Dialect: "postgres", URL: "postgres://postgres@/postgres?sslmode=disable&host=" + url.QueryEscape(socket)})
			if err != nil {
				return err
			}
			if err := c.Open(); err != nil {
				return err
			}
			defer func() { _ = c.Close() }()
			return c.RawQuery("SELECT id FROM patients WHERE ssn = ?", ssn).Exec()
		})
		if err != nil {
			return err
		}
		r.text(fmt.Sprintf("pop Debug = %t", debug), text, ssn)
	}
	return nil
}

// standardError returns what is written to the process's standard error while
// f runs.
func standardError(f func() error) (string, error) {
	file, err := os.CreateTemp("", "proof")
	if err != nil {
		return "", err
	}
	defer func() { _, _ = file.Close(), os.Remove(file.Name()) }()
	saved, err := unix.Dup(2)
	if err != nil {
		return "", err
	}
	if err := unix.Dup2(int(file.Fd()), 2); err != nil {
		return "", err
	}
	failure := f()
	if err := unix.Dup2(saved, 2); err != nil {
		return "", err
	}
	text, err := os.ReadFile(file.Name())
	return string(text), errors.Join(failure, err)
}

func pgx4Logger(ctx context.Context, r *recorder, _ *sql.DB, socket string) error {
	for _, level := range []pgx4.LogLevel{0, pgx4.LogLevelError, pgx4.LogLevelNone} {
		config, err := pgx4.ParseConfig(dsn(socket))
		if err != nil {
			return err
		}
		name := "default level"
		if level != 0 {
			config.LogLevel, name = level, level.String()
		}
		var out bytes.Buffer
		config.Logger = pgx4.LoggerFunc(func(_ context.Context, _ pgx4.LogLevel, msg string, data map[string]any) {
			fmt.Fprintln(&out, msg, data)
		})
		conn, err := pgx4.ConnectConfig(ctx, config)
		if err != nil {
			return err
		}
		for which, text := range map[string]string{"success": find, "error": fail} {
			out.Reset()
			_, _ = conn.Exec(ctx, text, ssn)
			r.text("pgx v4 Logger, "+name+": "+which, out.String(), ssn)
		}
		_ = conn.Close(ctx)
	}
	return nil
}

// newRelic looks at what the tracer keeps for New Relic: sending it needs an
// account.
func newRelic(ctx context.Context, r *recorder, _ *sql.DB, _ string) error {
	for name, options := range map[string][]nrpgx5.TracerOption{
		"nrpgx5":                            nil,
		"nrpgx5 WithQueryParameters(false)": {nrpgx5.WithQueryParameters(false)},
	} {
		traced := nrpgx5.NewTracer(options...).TraceQueryStart(ctx, nil, pgx.TraceQueryStartData{SQL: find, Args: []any{ssn}})
		var kept string
		if traced != ctx {
			kept = fmt.Sprintf("%+v", reflect.ValueOf(traced).Elem().FieldByName("val").Elem().Elem())
		}
		r.text(name, kept, ssn)
	}
	return nil
}

// seen is a hook of one's own: it keeps what the mapper hands it.
type seen struct{ parts map[string]string }

func (s seen) keep(name string, v any) { s.parts[name] = fmt.Sprint(v) }

type bunHook struct{ seen }

func (h bunHook) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (h bunHook) AfterQuery(_ context.Context, event *bun.QueryEvent) {
	h.keep("bun QueryEvent.Query", event.Query)
	h.keep("bun QueryEvent.QueryTemplate", event.QueryTemplate)
	h.keep("bun QueryEvent.QueryArgs", event.QueryArgs)
}

type pgHook struct{ seen }

func (h pgHook) BeforeQuery(ctx context.Context, _ *pg.QueryEvent) (context.Context, error) {
	return ctx, nil
}

func (h pgHook) AfterQuery(_ context.Context, event *pg.QueryEvent) error {
	formatted, err := event.FormattedQuery()
	if err != nil {
		return err
	}
	unformatted, err := event.UnformattedQuery()
	h.keep("go-pg QueryEvent.FormattedQuery", string(formatted))
	h.keep("go-pg QueryEvent.UnformattedQuery", string(unformatted))
	h.keep("go-pg QueryEvent.Params", event.Params)
	return err
}

type xormHook struct{ seen }

func (h xormHook) BeforeProcess(c *contexts.ContextHook) (context.Context, error) { return c.Ctx, nil }

func (h xormHook) AfterProcess(c *contexts.ContextHook) error {
	h.keep("xorm ContextHook.SQL", c.SQL)
	h.keep("xorm ContextHook.Args", c.Args)
	return nil
}

// ownHooks records which parts of an event hold values.
func ownHooks(ctx context.Context, r *recorder, db *sql.DB, socket string) error {
	s := seen{map[string]string{}}
	b := bun.NewDB(db, pgdialect.New())
	b.AddQueryHook(bunHook{s})
	if _, err := b.ExecContext(ctx, "SELECT id FROM patients WHERE ssn = ?", ssn); err != nil {
		return err
	}
	old := pg.Connect(&pg.Options{Network: "unix", Addr: socket + "/.s.PGSQL.5432", User: "postgres", Database: "postgres"})
	defer func() { _ = old.Close() }()
	old.AddQueryHook(pgHook{s})
	if _, err := old.ExecContext(ctx, "SELECT id FROM patients WHERE ssn = ?", ssn); err != nil {
		return err
	}
	engine, err := xorm.NewEngine("postgres", dsn(socket))
	if err != nil {
		return err
	}
	defer func() { _ = engine.Close() }()
	engine.AddHook(xormHook{s})
	if _, err := engine.QueryString(find, ssn); err != nil {
		return err
	}
	for name, text := range s.parts {
		r.text(name, text, ssn)
	}
	return nil
}
