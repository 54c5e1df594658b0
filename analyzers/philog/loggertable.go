package philog

import "github.com/phivet/phivet/rules"

// A queryLogger is a function, a field or a variable that turns on a logger of
// statements with their values. To add a library, add a line, its case in
// testdata/proof/cases of the package knowledge, and to the proof beside it
// what the library writes.
//
// An option is a function of the same package among the arguments of the call,
// as "Name", "Name(false)" or "Name(>=3)" for its constant argument.
type queryLogger struct {
	name string
	fact string
	// severity without options; less is the option that leaves only statements
	// that fail or are slow, more the one that adds the others.
	severity   rules.Severity
	less, more string
	off        string // the option that leaves the values out
	// flag says that a first argument other than true turns it off; getter,
	// that the argument is a function that makes attributes of the arguments.
	flag, getter bool
	// addOff says that the fix is to add the option off.
	addOff bool
}

// queryLoggers are held against the libraries by TestNames, against what they
// write by the proof in the package knowledge.
var queryLoggers = []queryLogger{
	{name: "(*gorm.io/gorm.DB).Debug", severity: rules.High, fact: "Debug writes statements with their values"},
	{name: "gorm.io/plugin/opentelemetry/tracing.NewPlugin", severity: rules.High, off: "WithoutQueryVariables", addOff: true,
		fact: "gorm's tracing plugin puts the values of statements into spans"},
	{name: "github.com/uptrace/opentelemetry-go-extra/otelgorm.NewPlugin", severity: rules.High, off: "WithoutQueryVariables", addOff: true,
		fact: "otelgorm puts the values of statements into spans"},
	{name: "github.com/orandin/slog-gorm.New", severity: rules.Medium, off: "WithIgnoreTrace", more: "WithTraceAll",
		fact: "slog-gorm writes the values of %s"},
	{name: "(*github.com/jinzhu/gorm.DB).LogMode", severity: rules.High, flag: true, fact: "gorm writes the values of every statement"},
	{name: "(*github.com/jinzhu/gorm.DB).Debug", severity: rules.High, fact: "Debug writes statements with their values"},

	{name: "github.com/exaring/otelpgx.WithIncludeQueryParameters", severity: rules.High, fact: "otelpgx puts the arguments of statements into spans"},
	{name: "github.com/newrelic/go-agent/v3/integrations/nrpgx5.NewTracer", severity: rules.High, off: "WithQueryParameters(false)", addOff: true,
		fact: "nrpgx5 sends the arguments of statements to New Relic"},
	{name: "github.com/simukti/sqldb-logger.OpenDriver", severity: rules.High, off: "WithLogArguments(false)", less: "WithMinimumLevel(>=3)", addOff: true,
		fact: "sqldb-logger writes the arguments of %s"},
	{name: "github.com/luna-duclos/instrumentedsql.WrapDriver", severity: rules.High, off: "WithOmitArgs", addOff: true,
		fact: "instrumentedsql writes the arguments of statements"},
	{name: "contrib.go.opencensus.io/integrations/ocsql.WithAllTraceOptions", severity: rules.High, fact: "ocsql puts the arguments of statements into spans"},
	{name: "contrib.go.opencensus.io/integrations/ocsql.WithQueryParams", severity: rules.High, flag: true, fact: "ocsql puts the arguments of statements into spans"},
	{name: "go.nhat.io/otelsql.TraceQueryWithArgs", severity: rules.High, fact: "otelsql puts the arguments of statements into spans"},
	{name: "go.nhat.io/otelsql.TraceAll", severity: rules.High, fact: "otelsql puts the arguments of statements into spans"},
	{name: "go.nhat.io/otelsql.TraceQuery", severity: rules.High, getter: true, fact: "a function given to otelsql makes attributes of arguments"},
	{name: "github.com/XSAM/otelsql.WithAttributesGetter", severity: rules.High, getter: true, fact: "a function given to otelsql makes attributes of arguments"},

	{name: "entgo.io/ent/dialect.Debug", severity: rules.High, fact: "ent's debug driver writes the arguments of statements"},
	{name: "entgo.io/ent/dialect.DebugWithContext", severity: rules.High, fact: "ent's debug driver hands on the arguments of statements"},
	{name: "github.com/uptrace/bun/extra/bundebug.NewQueryHook", severity: rules.Medium, off: "WithEnabled(false)", more: "WithVerbose(true)",
		fact: "bundebug writes the values of %s"},
	{name: "github.com/uptrace/bun/extra/bunslog.NewQueryHook", severity: rules.Medium, off: "WithLogFormat", more: "WithQueryLogLevel(>=0)",
		fact: "bunslog writes the values of %s"},
	{name: "github.com/uptrace/bun/extra/bunotel.WithFormattedQueries", severity: rules.High, flag: true, fact: "bunotel puts the values of statements into spans"},

	{name: "(*xorm.io/xorm.Engine).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
	{name: "(*xorm.io/xorm.EngineGroup).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
	{name: "(xorm.io/xorm.EngineInterface).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
	{name: "(xorm.io/xorm/log.ContextLogger).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
	{name: "(xorm.io/xorm/log.Logger).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
	{name: "(*xorm.io/xorm/log.SimpleLogger).ShowSQL", severity: rules.High, flag: true, fact: "xorm writes statements with their arguments"},
}

// A switchField is a field or a package's variable that turns such a logger on
// when it is given a value other than false, nil and a level that is off.
type switchField struct {
	name string // "package.Type.Field" or "package.Variable"
	fact string
	// level says that the value is a level, of which those up to none write
	// nothing and those from all every statement.
	level     bool
	none, all int64
	// levelField is the field beside it that has the level.
	levelField string
	// logger says that the values go through the field Logger, or through the
	// value itself, whose method Log may leave them out.
	logger bool
}

var switchFields = []switchField{
	{name: "github.com/jackc/pgx/v5/tracelog.TraceLog.LogLevel", level: true, none: 1, all: 4, logger: true, fact: "pgx's tracelog writes the arguments of %s"},
	{name: "github.com/jackc/pgx/v4.ConnConfig.Logger", levelField: "LogLevel", none: 1, all: 4, logger: true, fact: "pgx's logger writes the arguments of %s"},
	{name: "contrib.go.opencensus.io/integrations/ocsql.TraceOptions.QueryParams", fact: "ocsql puts the arguments of %s into spans"},
	{name: "github.com/aarondl/sqlboiler/v4/boil.DebugMode", fact: "sqlboiler's debug mode writes the arguments of %s"},
	{name: "github.com/volatiletech/sqlboiler/v4/boil.DebugMode", fact: "sqlboiler's debug mode writes the arguments of %s"},
	{name: "github.com/gobuffalo/pop/v6.Debug", fact: "pop's debug mode writes the arguments of %s"},
	{name: "github.com/beego/beego/v2/client/orm.Debug", fact: "beego's debug mode writes the arguments of %s"},
	{name: "github.com/astaxie/beego/orm.Debug", fact: "beego's debug mode writes the arguments of %s"},
}

// What a fact's %s stands for: which statements are written.
const (
	everyStatement  = "every statement"
	failedStatement = "statements that fail or are slow"
)
