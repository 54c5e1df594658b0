// Package fixes has findings that an edit settles.
package fixes

import (
	"database/sql"
	"database/sql/driver"
	"time"

	"contrib.go.opencensus.io/integrations/ocsql"
	"github.com/newrelic/go-agent/v3/integrations/nrpgx5"
	sqldblogger "github.com/simukti/sqldb-logger"
	"github.com/uptrace/bun/extra/bunotel"
	"github.com/uptrace/opentelemetry-go-extra/otelgorm"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/plugin/opentelemetry/tracing"
	"xorm.io/xorm"
)

func loggers(w logger.Writer) []logger.Interface {
	return []logger.Interface{
		logger.New(w, logger.Config{LogLevel: logger.Info}),                              // want `high PHI208`
		logger.New(w, logger.Config{LogLevel: logger.Warn, ParameterizedQueries: false}), // want `medium PHI208`
		logger.New(w, logger.Config{ // want `medium PHI208`
			SlowThreshold: time.Second,
			LogLevel:      logger.Warn,
		}),
	}
}

func plugins(db *gorm.DB, engine *xorm.Engine, d driver.Driver, l sqldblogger.Logger) *sql.DB {
	db.Use(otelgorm.NewPlugin())                              // want `high PHI208`
	db.Use(otelgorm.NewPlugin(otelgorm.WithDBName("clinic"))) // want `high PHI208`
	db.Use(tracing.NewPlugin(                                 // want `high PHI208`
		tracing.WithoutMetrics(),
	))
	engine.ShowSQL(true)                                     // want `high PHI208`
	bunotel.NewQueryHook(bunotel.WithFormattedQueries(true)) // want `high PHI208`
	ocsql.Wrap(d, ocsql.WithQueryParams(true))               // want `high PHI208`
	nrpgx5.NewTracer()                                       // want `high PHI208`
	return sqldblogger.OpenDriver("", d, l)                  // want `high PHI208`
}
