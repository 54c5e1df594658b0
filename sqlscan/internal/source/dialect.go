package source

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// foreignNames are folder names, or parts of them between separators, that
// say which other database the SQL inside is for.
var foreignNames = map[string]string{
	"mysql": "MySQL", "mariadb": "MariaDB", "sqlite": "SQLite", "sqlite3": "SQLite", "mssql": "SQL Server", "sqlserver": "SQL Server",
	"sql_server": "SQL Server", "oracle": "Oracle", "h2": "H2", "hsqldb": "HSQLDB", "derby": "Derby", "db2": "Db2", "snowflake": "Snowflake",
	"redshift": "Redshift", "bigquery": "BigQuery", "hive": "Hive", "impala": "Impala", "spark": "Spark", "databricks": "Databricks",
	"synapse": "Synapse", "pdw": "PDW", "netezza": "Netezza", "duckdb": "DuckDB", "clickhouse": "ClickHouse", "cassandra": "Cassandra",
	"sqlite_extended": "SQLite", "tidb": "TiDB", "spanner": "Spanner", "teradata": "Teradata", "firebird": "Firebird", "exasol": "Exasol", "vertica": "Vertica", "trino": "Trino",
	"hana": "SAP HANA", "monetdb": "MonetDB", "presto": "Presto",
}

// fusedNames are those that no other word ends in.
var fusedNames = []string{"mysql", "mariadb", "sqlite", "sqlite3", "mssql", "sqlserver", "duckdb", "clickhouse"}

// foreignWords are words that PostgreSQL's own scripts do not have. A function
// looks at what follows where the word alone is not enough.
var foreignWords = map[string]struct {
	database string
	follows  func(next func() string) bool
}{
	"auto_increment":   {"MySQL", nil},
	"longtext":         {"MySQL", nil},
	"tinyint":          {"MySQL", then("(")},
	"engine":           {"MySQL", func(next func() string) bool { return next() == "=" && mysqlEngines[next()] }},
	"autoincrement":    {"SQLite", nil},
	"pragma":           {"SQLite", nil},
	"rowid":            {"SQLite", then(";")},
	"uniqueidentifier": {"SQL Server", nil},
	"nvarchar":         {"SQL Server", then("(")},
	"dbo":              {"SQL Server", then("]")},
	"ansi_nulls":       {"SQL Server", nil},
	"sysname":          {"SQL Server", nil},
	"getdate":          {"SQL Server", then("(")},
	"identity":         {"SQL Server", func(next func() string) bool { return next() == "(" && isNumber(next()) && next() == "," }},
	"varchar2":         {"Oracle", then("(")},
	"nvarchar2":        {"Oracle", then("(")},
}

var mysqlEngines = map[string]bool{"innodb": true, "myisam": true, "memory": true, "archive": true, "ndb": true, "aria": true}

func then(text string) func(func() string) bool {
	return func(next func() string) bool { return next() == text }
}

func isNumber(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// ownWords are words that only PostgreSQL takes. They outrank foreign ones,
// which may come from a file that is generated for several databases.
var ownWords = map[string]func(next func() string) bool{
	"plpgsql": nil, "bigserial": nil, "serial": nil, "timestamptz": nil, "jsonb": nil, "bytea": nil, "gen_random_uuid": nil,
	"extension": nil,
	"level":     then("security"),
}

// maxDialect bounds how much of a file is looked at to tell its dialect.
const maxDialect = 256 << 10

// dropForeign takes out what is written for another database, and says so
// once for each folder.
func (f *finder) dropForeign() {
	for _, d := range f.folders {
		if len(d.files) == 0 {
			continue
		}
		f.dropVariants(d)
		if db := foreignFolder(d); db != "" && !d.given {
			f.notice(d.dir, "%s of a folder for %s not read", count(len(d.files), "file"), db)
			d.files = nil
			continue
		}
		own := d.hasVariant()
		found := make(map[*file]string)
		for _, x := range d.files {
			db, mine := x.dialect()
			if variant, _ := variantOf(x.name); variant == "PostgreSQL" {
				db = ""
			}
			own = own || mine
			if db != "" {
				found[x] = db
			}
		}
		f.dropFiles(d, own, found)
	}
}

// dropFiles takes the foreign files out of a folder. Where nothing in the
// folder is PostgreSQL's own, the other files belong to the same database.
func (f *finder) dropFiles(d *folder, own bool, found map[*file]string) {
	if len(found) == 0 {
		return
	}
	first := slices.IndexFunc(d.files, func(x *file) bool { return found[x] != "" })
	name, db := d.files[first].path, found[d.files[first]]
	if !own && !d.given {
		f.notice(d.dir, "%s written for %s not read", count(len(d.files), "file"), db)
		d.files = nil
		return
	}
	d.files = slices.DeleteFunc(d.files, func(x *file) bool { return found[x] != "" })
	if len(found) == 1 {
		f.notice(name, "written for %s and not read", db)
		return
	}
	f.notice(d.dir, "%s written for %s and others not read, the first is %s", count(len(found), "file"), db, path.Base(name))
}

// hasVariant reports whether a file is named for PostgreSQL.
func (d *folder) hasVariant() bool {
	return slices.ContainsFunc(d.files, func(x *file) bool { db, _ := variantOf(x.name); return db == "PostgreSQL" })
}

// dropVariants keeps the PostgreSQL variant of files that exist in several,
// such as 1_a.mysql.up.sql beside 1_a.up.sql.
func (f *finder) dropVariants(d *folder) {
	if d.given {
		return
	}
	siblings := d.hasVariant()        // then even words of other things name databases
	replaced := make(map[string]bool) // general names with a variant for PostgreSQL
	dropped := 0
	db := ""
	d.files = slices.DeleteFunc(d.files, func(x *file) bool {
		variant, general := variantOf(x.name)
		if variant == "PostgreSQL" {
			replaced[general] = true
		}
		if variant == "" && siblings {
			variant = siblingOf(x.name)
		}
		if variant == "" || variant == "PostgreSQL" {
			return false
		}
		dropped++
		db = cmp.Or(db, variant)
		return true
	})
	d.files = slices.DeleteFunc(d.files, func(x *file) bool { return replaced[x.name] })
	if dropped > 0 {
		f.notice(d.dir, "%s with names for %s and the like not read", count(dropped, "file"), db)
	}
}

// siblingOf returns the database that a file name tells of beside files that
// are named for PostgreSQL: h2_a.sql, 1_a.h2.sql, 1_a.h2-data.sql.
func siblingOf(name string) string {
	name = strings.ToLower(name)
	word, _, _ := strings.Cut(name, "_")
	db := foreignNames[word]
	parts := strings.Split(name, ".")
	for _, part := range parts[min(1, len(parts)-1) : len(parts)-1] {
		word, _, _ = strings.Cut(part, "-")
		db = cmp.Or(db, foreignNames[word])
	}
	return db
}

// variantOf returns the database that a file name tells of, and the name of
// the file it replaces, if there can be one. A database may be the name or a part of it between dots; in a
// name without a number it may also be the first or last word. "0007_drop_mysql.sql" tells of
// something else.
func variantOf(name string) (database, general string) {
	parts := strings.Split(name, ".")
	for i := 1; i < len(parts)-1; i++ {
		if db := namedDatabase(parts[i]); db != "" {
			return db, strings.Join(slices.Delete(slices.Clone(parts), i, i+1), ".")
		}
	}
	if db := cmp.Or(namedDatabase(parts[0]), foreignNames[strings.ToLower(parts[0])]); db != "" && db != "PostgreSQL" {
		return db, ""
	}
	words := strings.FieldsFunc(parts[0], func(r rune) bool { return r == '-' || r == '_' })
	if leadingNumber(name) != "" || len(words) < 2 {
		return "", ""
	}
	return cmp.Or(namedDatabase(words[0]), namedDatabase(words[len(words)-1])), ""
}

func namedDatabase(word string) string {
	word = strings.ToLower(word)
	switch word {
	case "postgres", "postgresql", "pg", "psql":
		return "PostgreSQL"
	case "cockroach", "cockroachdb", "crdb":
		return "CockroachDB"
	case "spark", "oracle", "derby", "hive", "impala", "h2":
		return "" // words of other things too
	}
	return foreignNames[word]
}

// foreignFolder returns the other database that a folder's name, a name above
// it, or a lock file tells of.
func foreignFolder(d *folder) string {
	for dir := d.dir; dir != "." && dir != "/"; dir = path.Dir(dir) {
		name := strings.ToLower(path.Base(dir))
		if strings.Contains(name, "postgres") || name == "pg" {
			return ""
		}
		if db := foreignNames[name]; db != "" {
			return db
		}
		for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
			if db := foreignNames[part]; db != "" && part != "spark" && part != "oracle" {
				return db
			}
			for _, end := range fusedNames { // riversqlite, gomysql
				if strings.HasSuffix(part, end) {
					return foreignNames[end]
				}
			}
		}
	}
	return ""
}

// dialect reads the tokens at the start of src. It returns the other database
// that they tell of, or "", and whether anything is PostgreSQL's own.
//
// A backslash before a quote escapes it in MySQL only, so a wrong end of a
// literal can hide a mark, never make one up.
func dialect(src []byte) (database string, own bool) {
	src = src[:min(len(src), maxDialect)]
	if bytes.IndexByte(src, 0) >= 0 {
		return "", true // not text at all: the parser says so, a guess would hide it
	}
	var before pgparse.Token
	for pos := 0; ; {
		t, ok := pgparse.NextToken(src, pos)
		if !ok {
			return database, false
		}
		pos = t.End
		text := src[t.Start:t.End]
		switch t.Kind {
		case pgparse.OperatorToken:
			if string(text) == "::" {
				return "", true
			}
			if text[len(text)-1] == '`' && database == "" {
				database = "MySQL"
			}
		case pgparse.DollarToken:
			if w := strings.ToLower(string(src[before.Start:before.End])); w == "as" || w == "do" {
				return "", true
			}
		case pgparse.IdentToken:
			db, mine := wordDialect(src, t)
			if mine {
				return "", true
			}
			database = cmp.Or(database, db)
		}
		if !t.IsComment() {
			before = t
		}
	}
}

// wordDialect judges one word and what follows it.
func wordDialect(src []byte, t pgparse.Token) (database string, own bool) {
	var buffer [16]byte // the longest word of the tables
	text := src[t.Start:t.End]
	if len(text) > len(buffer) {
		return "", false
	}
	word := buffer[:len(text)]
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		word[i] = c
	}
	if follows, ok := ownWords[string(word)]; ok && (follows == nil || follows(wordsFrom(src, t.End))) {
		return "", true
	}
	if mark, ok := foreignWords[string(word)]; ok && (mark.follows == nil || mark.follows(wordsFrom(src, t.End))) {
		return mark.database, false
	}
	switch string(word) {
	case "go":
		return when(aloneOnLine(src, t), "SQL Server"), false
	case "delimiter":
		// In PostgreSQL it is an option of COPY, with a literal behind it.
		n, ok := pgparse.NextToken(src, t.End)
		return when(ok && startsLine(src, t) && n.Kind != pgparse.StringToken && n.Kind != pgparse.IdentToken, "MySQL"), false
	}
	return "", false
}

// wordsFrom returns a function that returns one token after the other, in lower
// case, and "" at the end.
func wordsFrom(src []byte, pos int) func() string {
	return func() string {
		n, ok := pgparse.NextToken(src, pos)
		if !ok {
			return ""
		}
		pos = n.End
		return strings.ToLower(string(src[n.Start:n.End]))
	}
}

func when(ok bool, s string) string {
	if ok {
		return s
	}
	return ""
}

func startsLine(src []byte, t pgparse.Token) bool {
	start := bytes.LastIndexByte(src[:t.Start], '\n') + 1
	return len(bytes.TrimSpace(src[start:t.Start])) == 0
}

func aloneOnLine(src []byte, t pgparse.Token) bool {
	rest, _, _ := bytes.Cut(src[t.End:], []byte("\n"))
	return startsLine(src, t) && len(bytes.Trim(rest, " \t\r;")) == 0
}
