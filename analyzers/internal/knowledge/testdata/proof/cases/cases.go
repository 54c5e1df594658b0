// Package cases configures query loggers, for the rule that reads that.
package cases

import (
	"database/sql"
	"database/sql/driver"
	"io"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/tracelog"
	sqldblogger "github.com/simukti/sqldb-logger"
	"github.com/uptrace/bun/extra/bundebug"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

func gorms(w logger.Writer, dsn string, own logger.Interface, given *gorm.Config) {
	gorm.Open(postgres.Open(dsn))                                                              // want `medium PHI208 gorm's default logger`
	gorm.Open(postgres.Open(dsn), &gorm.Config{})                                              // want `medium PHI208 gorm's default logger`
	gorm.Open(postgres.Open(dsn), &gorm.Config{SkipDefaultTransaction: true})                  // want "medium PHI208"
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Default})                        // want `medium PHI208 gorm's default logger`
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Default.LogMode(logger.Info)})   // want `high PHI208 gorm writes the values of every`
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Default.LogMode(logger.Error)})  // want `medium PHI208 gorm writes the values of statements that fail or are slow`
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Default.LogMode(logger.Silent)}) // ok: writes nothing
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: logger.Discard})                        // ok: writes nothing
	gorm.Open(postgres.Open(dsn), &gorm.Config{Logger: own})                                   // ok: not known
	gorm.Open(postgres.Open(dsn), given)                                                       // ok: not known
	logger.New(w, logger.Config{LogLevel: logger.Info})                                        // want `high PHI208 gorm writes the values of every`
	logger.New(w, logger.Config{SlowThreshold: time.Second, LogLevel: logger.Warn})            // want `medium PHI208 gorm writes the values of statements that fail or are slow`
	logger.New(w, logger.Config{LogLevel: logger.Warn, ParameterizedQueries: false})           // want "medium PHI208"
	logger.New(w, logger.Config{LogLevel: logger.Silent})                                      // ok: writes nothing
	logger.New(w, logger.Config{})                                                             // ok: writes nothing
}

func tracers(l tracelog.Logger, level tracelog.LogLevel) []pgx.QueryTracer {
	return []pgx.QueryTracer{
		&tracelog.TraceLog{Logger: l, LogLevel: tracelog.LogLevelInfo},  // want `high PHI208 pgx's tracelog writes the arguments of every`
		&tracelog.TraceLog{Logger: l, LogLevel: tracelog.LogLevelError}, // want `medium PHI208 pgx's tracelog writes the arguments of statements that fail`
		&tracelog.TraceLog{Logger: l, LogLevel: level},                  // want "medium PHI208"
		&tracelog.TraceLog{Logger: l, LogLevel: tracelog.LogLevelNone},  // ok: writes nothing
		&tracelog.TraceLog{Logger: l},                                   // ok: writes nothing
		otelpgx.NewTracer(),                                             // ok: without arguments
		otelpgx.NewTracer(otelpgx.WithIncludeQueryParameters()),         // want "high PHI208 otelpgx"
	}
}

func hooks(w io.Writer, d driver.Driver, l sqldblogger.Logger, on bool) []*sql.DB {
	bundebug.NewQueryHook()                             // want `medium PHI208 bundebug writes the values of statements that fail`
	bundebug.NewQueryHook(bundebug.WithVerbose(true))   // want `high PHI208 bundebug writes the values of every`
	bundebug.NewQueryHook(bundebug.FromEnv("BUNDEBUG")) // want "medium PHI208"
	bundebug.NewQueryHook(bundebug.WithEnabled(false))  // ok: turned off
	return []*sql.DB{
		sqldblogger.OpenDriver("", d, l),                                      // want "high PHI208 sqldb-logger"
		sqldblogger.OpenDriver("", d, l, sqldblogger.WithLogArguments(true)),  // want "high PHI208 sqldb-logger"
		sqldblogger.OpenDriver("", d, l, sqldblogger.WithLogArguments(false)), // ok: no arguments
	}
}

func debugged(db *gorm.DB) *gorm.DB { return db.Debug() } // want `high PHI208 Debug writes`
