// Fixes composes SQL text out of values in many ways and prints the rows that a
// PostgreSQL server answers, as JSON lines. A test runs it twice, as it stands
// here and with phivet's fixes: the rows are the same.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/lib/pq"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

const schema = `
	CREATE TEMPORARY TABLE patients (
		id integer PRIMARY KEY, ssn text, mrn varchar(20), last_name text, date_of_birth date, seen timestamptz,
		weight numeric(5, 1), house smallint, record uuid, notes jsonb);
	INSERT INTO patients VALUES
		(1, '900-11-0001', 'A-1', 'O''Hare', '1961-02-03', '2020-01-02 03:04:05Z', 70.5, 7, '00000000-0000-0000-0000-000000000001', '{"ssn": "900-11-0001"}'),
		(2, '900-11-0002', 'A-2', 'Smythe_50%', '1972-03-04', '2021-01-02 03:04:05Z', 80, 8, '00000000-0000-0000-0000-000000000002', '{}'),
		(3, '900110003', 'B-1', 'De\la', NULL, NULL, NULL, NULL, NULL, NULL)`

// A Patient is what is looked for.
type Patient struct {
	ID          int
	SSN         string
	MRN         Number
	LastName    string
	DateOfBirth time.Time
	Weight      float64
	House       int16
	Record      string
}

// Number is a string with a name.
type Number string

const columns = "id, ssn"

func one() Patient {
	return Patient{1, "900-11-0001", "A-1", "O'Hare", time.Date(1961, 2, 3, 0, 0, 0, 0, time.UTC), 70.5, 7, "00000000-0000-0000-0000-000000000001"}
}

func two() Patient {
	return Patient{2, "900-11-0002", "A-2", "Smythe_50%", time.Date(1972, 3, 4, 0, 0, 0, 0, time.UTC), 80, 8, "00000000-0000-0000-0000-000000000002"}
}

// answers prints the rows of a query as text.
func answers(name string, rows *sql.Rows, err error) {
	var out []string
	if err == nil {
		defer func() { _ = rows.Close() }()
		names, _ := rows.Columns()
		for rows.Next() {
			values := make([]sql.NullString, len(names))
			into := make([]any, len(names))
			for i := range values {
				into[i] = &values[i]
			}
			err = errors.Join(err, rows.Scan(into...))
			out = append(out, fmt.Sprint(values))
		}
		err = errors.Join(err, rows.Err())
	}
	show(name, out, err)
}

func show(name string, rows []string, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"name": name, "rows": rows, "error": text})
}

// standard runs through database/sql, whatever the driver.
func standard(driver string, db *sql.DB, p Patient) {
	query := func(name string, rows *sql.Rows, err error) { answers(driver+" "+name, rows, err) }

	rows, err := db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", p.SSN))
	query("format", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE ssn = '"+p.SSN+"' AND id > $1", 0)
	query("beside a parameter", rows, err)
	rows, err = db.Query("SELECT " + columns + " FROM patients WHERE mrn = '" + string(p.MRN) + "'")
	query("conversion", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s'", p.MRN))
	query("named string", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT id FROM patients WHERE mrn LIKE '%s%%'", p.MRN))
	query("named string in a pattern", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE last_name = '" + strings.ReplaceAll(p.LastName, "'", "''") + "'")
	query("doubled quotes", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE last_name = " + pq.QuoteLiteral(p.LastName))
	query("QuoteLiteral", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE ssn LIKE '%" + p.SSN[4:] + "%' ORDER BY id")
	query("pattern", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn ILIKE '%%%s' OR ssn ~ '^%s$'", p.SSN[3:], p.SSN))
	query("patterns", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE id = " + strconv.Itoa(p.ID))
	query("Itoa", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT id, last_name FROM patients WHERE house = %d AND id < %d", p.House, p.ID+1))
	query("numbers", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT last_name FROM patients WHERE house = '%d'", p.House))
	query("number in quotes", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT last_name FROM patients WHERE mrn = 'A-%d'", p.ID))
	query("number in a word", rows, err)
	rows, err = db.Query(fmt.Sprintf("SELECT last_name FROM patients WHERE weight = %v", p.Weight))
	query("fraction", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE date_of_birth = '" + p.DateOfBirth.Format(time.DateOnly) + "'")
	query("date", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE date_of_birth = DATE '" + p.DateOfBirth.Format(time.DateOnly) + "'")
	query("typed constant", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE date_of_birth = '" + p.DateOfBirth.Format(time.DateOnly) + "'::date")
	query("cast", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE ssn = upper(trim('" + p.SSN + "'))")
	query("functions", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE record = '" + p.Record + "' AND ssn = '" + p.SSN + "'")
	query("uuid", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE notes->>'ssn' = '" + p.SSN + "'")
	query("member", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE ssn IN ('" + p.SSN + "', '900110003') ORDER BY id")
	query("member of a list", rows, err)
	rows, err = db.Query("SELECT ssn FROM patients WHERE last_name IS NULL OR ssn = '" + p.SSN + "'")
	query("or null", rows, err)
	rows, err = db.Query("SELECT coalesce('" + p.SSN + "', ssn) FROM patients WHERE id = 3")
	query("coalesce", rows, err)
	rows, err = db.Query("SELECT '" + p.SSN + "' AS ssn, id FROM patients WHERE id = 3")
	query("selected", rows, err)
	rows, err = db.Query("SELECT concat(last_name, ': ', '" + p.SSN + "') FROM patients WHERE id = 3")
	query("concat", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "' || ''")
	query("operator", rows, err)
	rows, err = db.Query("SELECT id FROM patients WHERE ssn BETWEEN '" + p.SSN + "' AND '" + p.SSN + "z' ORDER BY id")
	query("between", rows, err)
	rows, err = db.Query(fmt.Sprintf("UPDATE patients SET last_name = '%s' WHERE ssn = '%s' RETURNING id, last_name", p.SSN, p.SSN))
	query("update", rows, err)
	rows, err = db.Query(fmt.Sprintf(`
		INSERT INTO patients (id, ssn, mrn, date_of_birth)
		VALUES (%d, '%s', NULL, '%s')
		RETURNING id, ssn, mrn, date_of_birth::text`, p.ID+10, p.SSN, p.DateOfBirth.Format(time.DateOnly)))
	query("insert", rows, err)

	text := fmt.Sprintf("DELETE FROM %s WHERE ssn = '%s' AND id = %d RETURNING id", "patients", p.SSN, p.ID+10)
	log.Print(text) // what is logged does not keep a text from being bound
	rows, err = db.Query(text)
	query("variable", rows, err)

	stmt, err := db.Prepare("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'")
	if err != nil {
		query("prepared", nil, err)
		return
	}
	defer func() { _ = stmt.Close() }()
	rows, err = stmt.Query()
	query("prepared", rows, err)
}

// native runs through pgx itself, which looks at the types of parameters.
func native(ctx context.Context, conn *pgx.Conn, p Patient) {
	query := func(name string, rows pgx.Rows, err error) {
		var out []string
		if err == nil {
			out, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
				values, err := row.Values()
				return fmt.Sprint(values), err
			})
		}
		show("native "+name, out, err)
	}
	rows, err := conn.Query(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")
	query("sum", rows, err)
	rows, err = conn.Query(ctx, fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s' AND id > $1", p.MRN), 0)
	query("named string", rows, err)
	rows, err = conn.Query(ctx, fmt.Sprintf("SELECT id FROM patients WHERE house = %d AND ssn = '%s'", p.House, p.SSN))
	query("number", rows, err)
	rows, err = conn.Query(ctx, fmt.Sprintf("SELECT id FROM patients WHERE mrn = 'A-%d' OR ssn = '%d'", p.ID, p.ID))
	query("numbers in quotes", rows, err)
	rows, err = conn.Query(ctx, "SELECT id FROM patients WHERE date_of_birth = '"+p.DateOfBirth.Format("2006-01-02")+"'")
	query("date", rows, err)
	rows, err = conn.Query(ctx, "SELECT id FROM patients WHERE record = '"+p.Record+"' AND ssn LIKE '"+p.SSN[:5]+"%'")
	query("uuid, pattern", rows, err)
	rows, err = conn.Query(ctx, "SELECT coalesce('"+p.SSN+"', ssn), jsonb_build_object('ssn', '"+p.SSN+"')::text FROM patients WHERE id = 3")
	query("any type", rows, err)
}

// mapped runs through object mappers, with their placeholders.
func mapped(ctx context.Context, g *gorm.DB, b *bun.DB, p Patient) {
	var ids []int
	found := func(name string, err error) {
		var out []string
		for _, id := range ids {
			out = append(out, strconv.Itoa(id))
		}
		show(name, out, err)
		ids = nil
	}
	found("gorm where", g.Table("patients").Where("ssn = '"+p.SSN+"'").Pluck("id", &ids).Error)
	found("gorm where, beside a parameter", g.Table("patients").Where("id > ? AND ssn = '"+p.SSN+"' AND id < ?", 0, 9).Pluck("id", &ids).Error)
	found("gorm raw", g.Raw(fmt.Sprintf("SELECT id FROM patients WHERE ssn LIKE '%%%s' AND house = %d", p.SSN[4:], p.House)).Scan(&ids).Error)
	found("bun raw", b.NewRaw("SELECT id FROM patients WHERE ssn = '"+p.SSN+"'").Scan(ctx, &ids))
	found("bun where", b.NewSelect().Table("patients").Column("id").Where("ssn = '"+p.SSN+"' AND id > ?", 0).Scan(ctx, &ids))
}

func run(ctx context.Context) error {
	dsn := fmt.Sprintf("host=%s user=postgres dbname=postgres sslmode=disable timezone=UTC", os.Getenv("PHIVET_PROOF_SOCKET"))
	for _, driver := range []string{"pgx", "postgres"} {
		for _, p := range []Patient{one(), two()} {
			db, err := sql.Open(driver, dsn)
			if err != nil {
				return err
			}
			db.SetMaxOpenConns(1) // the table is the session's
			if _, err := db.ExecContext(ctx, schema); err != nil {
				return err
			}
			standard(driver, db, p)
			if err := db.Close(); err != nil {
				return err
			}
		}
	}
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, schema); err != nil {
		return err
	}
	native(ctx, conn, one())
	native(ctx, conn, two())
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		return err
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{Logger: logger.Discard})
	if err != nil {
		return err
	}
	mapped(ctx, g, bun.NewDB(db, pgdialect.New()), one())
	mapped(ctx, g, bun.NewDB(db, pgdialect.New()), two())
	return nil
}

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "fixes:", err)
		os.Exit(1)
	}
}
