package cases

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"os"

	"contrib.go.opencensus.io/integrations/ocsql"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/XSAM/otelsql"
	"github.com/aarondl/sqlboiler/v4/boil"
	"github.com/gobuffalo/pop/v6"
	pgx4 "github.com/jackc/pgx/v4"
	pgx4pool "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/tracelog"
	oldgorm "github.com/jinzhu/gorm"
	"github.com/luna-duclos/instrumentedsql"
	"github.com/newrelic/go-agent/v3/integrations/nrpgx5"
	sloggorm "github.com/orandin/slog-gorm"
	sqldblogger "github.com/simukti/sqldb-logger"
	"github.com/uptrace/bun/extra/bundebug"
	"github.com/uptrace/bun/extra/bunotel"
	"github.com/uptrace/bun/extra/bunslog"
	"github.com/uptrace/opentelemetry-go-extra/otelgorm"
	uptracesql "github.com/uptrace/opentelemetry-go-extra/otelsql"
	nhat "go.nhat.io/otelsql"
	"go.opentelemetry.io/otel/attribute"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/plugin/opentelemetry/tracing"
	"xorm.io/xorm"
	xormlog "xorm.io/xorm/log"
)

func plugins(db *gorm.DB, rest ...otelgorm.Option) {
	db.Use(otelgorm.NewPlugin())                                                                // want `high PHI208 otelgorm puts the values`
	db.Use(otelgorm.NewPlugin(otelgorm.WithDBName("clinic")))                                   // want `high PHI208 otelgorm puts the values`
	db.Use(otelgorm.NewPlugin(otelgorm.WithoutQueryVariables()))                                // ok: no values
	db.Use(otelgorm.NewPlugin(otelgorm.WithDBName("clinic"), otelgorm.WithoutQueryVariables())) // ok: no values
	db.Use(otelgorm.NewPlugin(rest...))                                                         // ok: the options are not known
	db.Use(tracing.NewPlugin())                                                                 // want `high PHI208 gorm's tracing plugin puts the values`
	db.Use(tracing.NewPlugin(tracing.WithoutMetrics()))                                         // want `high PHI208 gorm's tracing plugin puts the values`
	db.Use(tracing.NewPlugin(tracing.WithoutQueryVariables()))                                  // ok: no values
	option := otelgorm.WithoutQueryVariables()
	db.Use(otelgorm.NewPlugin(option)) // ok: no values
}

func gormOwn(dsn string, w logger.Writer, h slog.Handler, config *gorm.Config) {
	mine := &gorm.Config{SkipDefaultTransaction: true}
	gorm.Open(postgres.Open(dsn), mine) // want `medium PHI208 gorm's default logger`
	quiet := &gorm.Config{Logger: logger.Discard}
	gorm.Open(postgres.Open(dsn), quiet)                                         // ok: writes nothing
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: sloggorm.New()})          // want `medium PHI208 slog-gorm writes the values of statements that fail or are slow`
	sloggorm.New(sloggorm.WithHandler(h), sloggorm.WithTraceAll())               // want `high PHI208 slog-gorm writes the values of every statement`
	sloggorm.New(sloggorm.WithIgnoreTrace())                                     // ok: writes nothing
	logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Info})   // want `high PHI208 gorm writes the values of every`
	logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Error})  // want `medium PHI208 gorm writes the values of statements that fail`
	logger.NewSlogLogger(slog.Default(), logger.Config{LogLevel: logger.Silent}) // ok: writes nothing
	own := logger.New(w, logger.Config{LogLevel: logger.Silent})                 // ok: writes nothing
	_ = own.LogMode(logger.Info)                                                 // want `high PHI208 gorm writes the values of every`
	_ = own.LogMode(logger.Silent)                                               // ok: writes nothing
	_ = logger.Discard.LogMode(logger.Info)                                      // ok: writes nothing
	standard := logger.Default
	_ = standard.LogMode(logger.Warn) // want `medium PHI208 gorm writes the values of statements that fail`
	later := logger.Config{}
	later.LogLevel = logger.Info // want `high PHI208 gorm writes the values of every`
	logger.New(w, later)
	level := logger.Info
	logger.New(w, logger.Config{LogLevel: level}) // want `high PHI208 gorm writes the values of every`
}

func gormFirst(dsn string, debug bool) {
	db, _ := oldgorm.Open("postgres", dsn) // ok: writes nothing of statements
	db.LogMode(true)                       // want `high PHI208 gorm writes the values of every`
	db.LogMode(false)                      // ok: turned off
	db.LogMode(debug)                      // ok: decided elsewhere
	db.Debug()                             // want `high PHI208 Debug writes`
}

type everything struct{}

func (everything) Log(_ context.Context, _ tracelog.LogLevel, msg string, data map[string]any) {
	slog.Info(msg, "data", data)
}

type textOnly struct{}

func (textOnly) Log(_ context.Context, _ tracelog.LogLevel, msg string, data map[string]any) {
	slog.Info(msg, "sql", data["sql"], "time", data["time"], "fields", len(data))
}

func pgxs(config *pgxpool.Config, debug bool) {
	config.ConnConfig.Tracer = &tracelog.TraceLog{Logger: everything{}, LogLevel: tracelog.LogLevelTrace} // want `high PHI208 pgx's tracelog writes the arguments of every`
	config.ConnConfig.Tracer = &tracelog.TraceLog{Logger: textOnly{}, LogLevel: tracelog.LogLevelTrace}   // ok: leaves the arguments out
	config.ConnConfig.Tracer = &tracelog.TraceLog{
		Logger: tracelog.LoggerFunc(func(_ context.Context, _ tracelog.LogLevel, msg string, data map[string]any) { // ok: leaves the arguments out
			slog.Info(msg, "sql", data["sql"])
		}),
		LogLevel: tracelog.LogLevelInfo,
	}
	tracer := &tracelog.TraceLog{Logger: everything{}, LogLevel: tracelog.LogLevelNone} // ok: writes nothing
	if debug {
		tracer.LogLevel = tracelog.LogLevelDebug // want `high PHI208 pgx's tracelog writes the arguments of every`
	}
	tracer.LogLevel = tracelog.LogLevelWarn             // want `medium PHI208 pgx's tracelog writes the arguments of statements that fail`
	tracer.LogLevel = tracelog.LogLevelNone             // ok: writes nothing
	nrpgx5.NewTracer()                                  // want `high PHI208 nrpgx5 sends the arguments`
	nrpgx5.NewTracer(nrpgx5.WithQueryParameters(true))  // want `high PHI208 nrpgx5 sends the arguments`
	nrpgx5.NewTracer(nrpgx5.WithQueryParameters(false)) // ok: no arguments
	nrpgx5.NewTracer(nrpgx5.WithQueryParameters(debug)) // ok: decided elsewhere
}

func pgxFour(config *pgx4pool.Config, conn *pgx4.ConnConfig, l pgx4.Logger) {
	config.ConnConfig.Logger = l                                                                              // want `high PHI208 pgx's logger writes the arguments of every`
	conn.Logger = nil                                                                                         // ok: none
	conn.Logger = pgx4.LoggerFunc(func(_ context.Context, _ pgx4.LogLevel, msg string, data map[string]any) { // ok: leaves the arguments out
		slog.Info(msg, "sql", data["sql"])
	})
}

func spans(dsn string, d driver.Driver, debug bool) {
	otelsql.Open("pgx", dsn)                                                                                                                                       // ok: no arguments
	otelsql.Open("pgx", dsn, otelsql.WithSQLCommenter(true))                                                                                                       // ok: no arguments
	uptracesql.Open("pgx", dsn)                                                                                                                                    // ok: no arguments
	otelsql.Open("pgx", dsn, otelsql.WithAttributesGetter(attributes))                                                                                             // want `high PHI208 a function given to otelsql`
	otelsql.Open("pgx", dsn, otelsql.WithAttributesGetter(func(_ context.Context, _ otelsql.Method, query string, args []driver.NamedValue) []attribute.KeyValue { // ok: their number
		return []attribute.KeyValue{attribute.String("db.statement", query), attribute.Int("args", len(args))}
	}))
	otelsql.WithAttributesGetter(func(_ context.Context, _ otelsql.Method, _ string, _ []driver.NamedValue) []attribute.KeyValue {
		return nil
	}) // ok: unused
	nhat.Register("pgx")                                                                               // ok: no arguments
	nhat.Register("pgx", nhat.TraceQueryWithoutArgs())                                                 // ok: no arguments
	nhat.Register("pgx", nhat.TraceQueryWithArgs())                                                    // want `high PHI208 otelsql puts the arguments`
	nhat.Register("pgx", nhat.TraceAll())                                                              // want `high PHI208 otelsql puts the arguments`
	nhat.TraceQuery(func(_ context.Context, _ string, args []driver.NamedValue) []attribute.KeyValue { // want `high PHI208 a function given to otelsql`
		return []attribute.KeyValue{attribute.String("args", fmt.Sprint(args))}
	})
	ocsql.Wrap(d, ocsql.WithAllTraceOptions())                            // want `high PHI208 ocsql puts the arguments`
	ocsql.Wrap(d, ocsql.WithQuery(true))                                  // ok: no arguments
	ocsql.Wrap(d, ocsql.WithQueryParams(true))                            // want `high PHI208 ocsql puts the arguments`
	ocsql.Wrap(d, ocsql.WithQueryParams(false))                           // ok: turned off
	ocsql.Wrap(d, ocsql.WithQueryParams(debug))                           // ok: decided elsewhere
	ocsql.WithOptions(ocsql.TraceOptions{Query: true, QueryParams: true}) // want `high PHI208 ocsql puts the arguments`
	ocsql.WithOptions(ocsql.TraceOptions{Query: true})                    // ok: no arguments
}

func attributes(_ context.Context, _ otelsql.Method, _ string, args []driver.NamedValue) []attribute.KeyValue {
	var list []attribute.KeyValue
	for _, a := range args {
		list = append(list, attribute.String("arg", fmt.Sprint(a.Value)))
	}
	return list
}

func drivers(dsn string, d driver.Driver, l sqldblogger.Logger, i instrumentedsql.Logger) []*sql.DB {
	instrumentedsql.WrapDriver(d, instrumentedsql.WithLogger(i))                                 // want `high PHI208 instrumentedsql writes the arguments`
	instrumentedsql.WrapDriver(d, instrumentedsql.WithLogger(i), instrumentedsql.WithOmitArgs()) // ok: no arguments
	return []*sql.DB{
		sqldblogger.OpenDriver(dsn, d, l, sqldblogger.WithMinimumLevel(sqldblogger.LevelError)), // want `medium PHI208 sqldb-logger writes the arguments of statements that fail`
		sqldblogger.OpenDriver(dsn, d, l, sqldblogger.WithMinimumLevel(sqldblogger.LevelInfo)),  // want `high PHI208 sqldb-logger writes the arguments of every`
		sqldblogger.OpenDriver(dsn, d, l, sqldblogger.WithSQLArgsFieldname("args")),             // want `high PHI208 sqldb-logger writes the arguments of every`
	}
}

func mappers(d dialect.Driver, db *sql.DB, engine *xorm.Engine, each xorm.EngineInterface, l *slog.Logger, debug bool) {
	dialect.Debug(d)                                                                 // want `high PHI208 ent's debug driver writes`
	dialect.DebugWithContext(d, func(context.Context, ...any) {})                    // want `high PHI208 ent's debug driver hands on`
	entsql.OpenDB(dialect.Postgres, db)                                              // ok: no debugging
	bunslog.NewQueryHook(bunslog.WithLogger(l))                                      // want `medium PHI208 bunslog writes the values of statements that fail`
	bunslog.NewQueryHook(bunslog.WithQueryLogLevel(slog.LevelInfo))                  // want `high PHI208 bunslog writes the values of every`
	bunslog.NewQueryHook(bunslog.WithQueryLogLevel(slog.LevelDebug))                 // want `medium PHI208 bunslog writes the values of statements that fail`
	bunotel.NewQueryHook()                                                           // ok: without the values
	bunotel.NewQueryHook(bunotel.WithFormattedQueries(true))                         // want `high PHI208 bunotel puts the values`
	bunotel.NewQueryHook(bunotel.WithFormattedQueries(false))                        // ok: without the values
	bundebug.NewQueryHook(bundebug.WithEnabled(false), bundebug.FromEnv("BUNDEBUG")) // ok: turned off
	engine.ShowSQL()                                                                 // want `high PHI208 xorm writes`
	engine.ShowSQL(true)                                                             // want `high PHI208 xorm writes`
	engine.ShowSQL(false)                                                            // ok: turned off
	engine.ShowSQL(debug)                                                            // ok: decided elsewhere
	each.ShowSQL(true)                                                               // want `high PHI208 xorm writes`
	engine.Logger().ShowSQL(true)                                                    // want `high PHI208 xorm writes`
	xormlog.NewSimpleLogger(os.Stderr).ShowSQL(true)                                 // want `high PHI208 xorm writes`
	boil.DebugMode = true                                                            // want `high PHI208 sqlboiler's debug mode writes`
	boil.DebugMode = false                                                           // ok: turned off
	boil.DebugMode = debug                                                           // ok: decided elsewhere
	pop.Debug = true                                                                 // want `high PHI208 pop's debug mode writes`
	pop.Debug = false                                                                // ok: turned off
}
