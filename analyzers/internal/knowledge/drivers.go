package knowledge

// DetailFields are the fields of PostgreSQL's error, as the drivers' types
// name them, that quote values of the row or of the statement and that the
// error's own text leaves out. Message is not among them: it is that text.
// What the others hold, a code or a name out of the schema, is no one's data.
var DetailFields = map[string]bool{"Detail": true, "Hint": true, "Where": true, "InternalQuery": true}

// DetailMethods are the methods of PostgreSQL's error whose text holds such a
// field, and the field.
var DetailMethods = map[string]string{"(*github.com/lib/pq.Error).ErrorWithDetail": "Detail"}

// QueryFields are the fields of what query tracers and hooks are given that
// hold bound values, by type: the values themselves, or text with the values
// written into it.
var QueryFields = map[string]map[string]bool{
	"github.com/jackc/pgx/v5.TraceQueryStartData": {"Args": true},
	"github.com/jackc/pgx/v5.TraceBatchQueryData": {"Args": true},
	"github.com/uptrace/bun.QueryEvent":           {"Query": true, "QueryArgs": true},
	"github.com/go-pg/pg/v10.QueryEvent":          {"Params": true},
	"gorm.io/gorm.Statement":                      {"Vars": true},
}
