package source

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
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
}

// foreignMarks are texts outside of literals and comments that PostgreSQL's
// grammar has no place for.
var foreignMarks = []struct {
	database string
	pattern  *regexp.Regexp
}{
	{"MySQL", regexp.MustCompile("(?i)\\bAUTO_INCREMENT\\b|\\bENGINE\\s*=\\s*\\w+|^\\s*DELIMITER\\s+\\S+|`\\w+`\\s*\\(|`\\w+`\\s+\\w+|\\b(TABLE|INTO|FROM|UPDATE)\\s+`\\w+`|\\bLONGTEXT\\b|\\bTINYINT\\s*\\(")},
	{"SQL Server", regexp.MustCompile(`(?im)^[ \t]*GO[ \t]*;?[ \t]*\r?$|\bIDENTITY\s*\(\s*\d+\s*,\s*\d+\s*\)|\bNVARCHAR\s*\(|\[dbo\]|^\s*USE\s+\[|\bUNIQUEIDENTIFIER\b`)},
	{"SQLite", regexp.MustCompile(`(?im)\bAUTOINCREMENT\b|^\s*PRAGMA\s+\w+|\bWITHOUT\s+ROWID\b`)},
	{"Oracle", regexp.MustCompile(`(?i)\bVARCHAR2\s*\(|\bNVARCHAR2\s*\(`)},
}

// ownMarks are texts that only PostgreSQL takes. They outrank foreign marks,
// which may come from a file that is generated for several databases.
var ownMarks = regexp.MustCompile(`(?i)\bplpgsql\b|\bBIGSERIAL\b|\bSERIAL\b|\bTIMESTAMPTZ\b|\bJSONB\b|\bBYTEA\b|\bCREATE\s+EXTENSION\b|\bROW\s+LEVEL\s+SECURITY\b|\bgen_random_uuid\b|\b(AS|DO)\s+\$\w*\$|::\w`)

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
		own := false
		found := make(map[*file]string)
		for _, x := range d.files {
			code := codeOnly(x.content)
			mine := ownMarks.Match(code)
			own = own || mine
			if db := foreignText(code); db != "" && !mine {
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

// dropVariants keeps the PostgreSQL variant of files that exist in several,
// such as 1_a.mysql.up.sql beside 1_a.up.sql.
func (f *finder) dropVariants(d *folder) {
	if d.given {
		return
	}
	replaced := make(map[string]bool) // general names with a variant for PostgreSQL
	dropped := 0
	db := ""
	d.files = slices.DeleteFunc(d.files, func(x *file) bool {
		variant, general := variantOf(x.name)
		if variant == "PostgreSQL" {
			replaced[general] = true
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

// variantOf returns the database that a file name tells of, and the name
// without it. A database may be the name or a part of it between dots; in a
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
		return db, name
	}
	words := strings.FieldsFunc(parts[0], func(r rune) bool { return r == '-' || r == '_' })
	if leadingNumber(name) != "" || len(words) < 2 {
		return "", name
	}
	return cmp.Or(namedDatabase(words[0]), namedDatabase(words[len(words)-1])), name
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
		}
	}
	return ""
}

func foreignText(code []byte) string {
	for _, m := range foreignMarks {
		if m.pattern.Match(code) {
			return m.database
		}
	}
	return ""
}

// codeOnly returns the start of src with literals and comments blanked. A
// backslash before a quote escapes it in MySQL only, so a wrong end of a
// literal can hide a mark, never make one up.
func codeOnly(src []byte) []byte {
	out := bytes.Clone(src[:min(len(src), maxDialect)])
	for pos := 0; ; {
		t, ok := pgparse.NextToken(src[:len(out)], pos)
		if !ok {
			return out
		}
		pos = t.End
		switch {
		case t.IsComment(), t.Kind == pgparse.StringToken:
			blank(out[t.Start:t.End])
		case t.Kind == pgparse.DollarToken:
			tag := bytes.IndexByte(src[t.Start+1:], '$') + 2
			blank(out[min(t.Start+tag, t.End):t.End])
		}
	}
}
