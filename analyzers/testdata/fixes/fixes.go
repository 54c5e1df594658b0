// Package fixes has PHI in SQL text that can be bound mechanically, and beside
// it what cannot.
package fixes

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"clinic.example/testdata/model"
)

const (
	table   = "patients"
	columns = "id, last_name"
	byName  = "SELECT id FROM patients WHERE last_name = '%s'"
	opened  = "SELECT id FROM patients WHERE mrn = '"
)

func inline(ctx context.Context, db *sql.DB, p model.Patient) *sql.Row {
	return db.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", p.SSN)) // want "PHI101"
}

func variable(db *sql.DB, p model.Patient, ward string) (*sql.Rows, error) {
	query := fmt.Sprintf("SELECT id FROM patients WHERE ward = $1 AND last_name = '%s' AND first_name = '%s'", p.LastName, p.FirstName) // want "PHI101"
	return db.Query(query, ward)
}

func declared(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	var query = "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want "PHI101"
	return db.Query(query)
}

func assigned(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	var query string
	query = "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want "PHI101"
	return db.Query(query)
}

func concatenated(db *sql.DB, patientID int) (sql.Result, error) {
	return db.Exec("DELETE FROM patients WHERE id = " + strconv.Itoa(patientID)) // want "PHI101"
}

func number(db *sql.DB, patientID int64) (sql.Result, error) {
	return db.Exec(fmt.Sprintf("DELETE FROM patients WHERE id = %d", patientID)) // want "PHI101"
}

func formatted(db *sql.DB, patientID int64) (sql.Result, error) {
	return db.Exec("DELETE FROM patients WHERE id = " + strconv.FormatInt(patientID, 10)) // want "PHI101"
}

func quotedNumber(db *sql.DB, ssn int64) (sql.Result, error) {
	return db.Exec(fmt.Sprintf("DELETE FROM patients WHERE ssn = '%d'", ssn)) // want "PHI101"
}

func pattern(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn LIKE '%%%s%%'", p.SSN)) // want "PHI101"
}

func prefix(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE last_name ILIKE '" + p.LastName + "%' ORDER BY id") // want "PHI101"
}

func numberPattern(db *sql.DB, ssn int) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn LIKE '%d%%'", ssn)) // want "PHI101"
}

func date(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE date_of_birth = '" + p.DateOfBirth.Format(time.DateOnly) + "'") // want "PHI101"
}

func moment(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE date_of_birth = '%v'", p.DateOfBirth)) // want "PHI101"
}

func cast(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'::text AND mrn = upper('" + p.MRN + "')") // want "PHI101"
}

func insert(db *sql.DB, p model.Patient) (sql.Result, error) {
	return /* want "PHI101" */ db.Exec(fmt.Sprintf(`
		INSERT INTO patients (id, ssn, last_name)
		VALUES (%d, '%s', '%v')`, p.ID, p.SSN, p.LastName))
}

func update(db *sql.DB, p model.Patient) (sql.Result, error) {
	return db.Exec("UPDATE patients SET ssn = '"+p.SSN+"', phone = $1 WHERE id = $2", p.Phone, p.ID) // want "PHI101"
}

func quoted(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = " + pq.QuoteLiteral(p.SSN)) // want "PHI101"
}

func doubled(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '" + strings.ReplaceAll(p.SSN, "'", "''") + "'") // want "PHI101"
}

func trimmed(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	query := "SELECT id FROM patients WHERE mrn = '" + strings.ToUpper(strings.TrimSpace(p.MRN)) + "'" // want "PHI101"
	return db.Query(query)
}

func dynamic(db *sql.DB, column string, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE " + column + " = 1 AND ssn = '" + p.SSN + "'") // want "PHI101"
}

func dynamicTable(db *sql.DB, name string, p model.Patient) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT '100%%' AS whole, id FROM %s WHERE ssn = '%s' LIMIT 10", name, p.SSN)) // want "PHI101"
}

func named(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT " + columns + " FROM " + table + " WHERE ssn = '" + p.SSN + "'") // want "PHI101"
}

func namedFormat(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf(byName, p.LastName)) // want "PHI101"
}

func namedOpen(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query(opened + p.MRN + "'") // want "PHI101"
}

func page(db *sql.DB, p model.Patient, limit int) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s' LIMIT %d", p.SSN, limit)) // want "PHI101"
}

func lines(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return /* want "PHI101" */ db.Query("SELECT id, last_name " +
		"FROM patients " +
		"WHERE ssn = '" + p.SSN + "' " +
		"AND active " +
		"ORDER BY id")
}

func raw(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return /* want "PHI101" */ db.Query(`
		SELECT id
		FROM patients
		WHERE ssn = '` + p.SSN + `'
		AND active`)
}

func prepared(db *sql.DB, p model.Patient) error {
	stmt, err := db.Prepare(fmt.Sprintf("UPDATE patients SET ssn = '%s' WHERE id = %d", p.SSN, p.ID)) // want "PHI101"
	if err != nil {
		return err
	}
	defer stmt.Close()
	_, err = stmt.Exec()
	return err
}

func preparedLater(ctx context.Context, db *sql.DB, p model.Patient) *sql.Row {
	query := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want "PHI101"
	stmt, err := db.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	return stmt.QueryRowContext(ctx)
}

func pointer(db *sql.DB, p *model.Patient, ssn *string) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '" + *ssn + "' AND mrn = '" + p.MRN + "'") // want "PHI101"
}

func backslashes(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT \"id\" FROM patients WHERE ssn = '" + p.SSN + "'") // want "PHI101"
}

// Querier tells by what it returns which driver is behind it.
type Querier interface {
	Query(query string, args ...any) (*sql.Rows, error)
}

func behind(q Querier, p model.Patient) (*sql.Rows, error) {
	return q.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want "PHI101"
}

func spread(db *sql.DB, p model.Patient, args []any) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '"+p.SSN+"' AND ward = $1", args...) // no fix: how many arguments there are is not known // want "PHI101"
}

func appended(db *sql.DB, p model.Patient, all bool) (*sql.Rows, error) {
	query := "SELECT id FROM patients"
	if !all {
		query += " WHERE ssn = '" + p.SSN + "'" // no fix: the text has two forms // want "PHI101"
	}
	return db.Query(query)
}

func twice(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	query := "DELETE FROM patients WHERE ssn = '" + p.SSN + "'" // no fix: two calls would need the argument // want "PHI101"
	if _, err := db.Exec(query); err != nil {
		return nil, err
	}
	return db.Query(query)
}

func changed(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	query := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // no fix: the value is set in between // want "PHI101"
	p.SSN = ""
	return db.Query(query)
}

func created(db *sql.DB, p model.Patient) (model.Patient, error) {
	query := "INSERT INTO patients (ssn) VALUES ('" + p.SSN + "') RETURNING id" // want "PHI101"
	err := db.QueryRow(query).Scan(&p.ID)
	p.SSN = ""
	return p, err
}

func repeated(db *sql.DB, p model.Patient, ssns []string) {
	query := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // no fix: the value is set in the loop // want "PHI101"
	for _, ssn := range ssns {
		db.Query(query)
		p.SSN = ssn
	}
}

func identifier(db *sql.DB, p model.Patient) (sql.Result, error) {
	return db.Exec("CREATE TABLE t_" + p.MRN + " (id int)") // no fix: a name // want "PHI103"
}

func members(db *sql.DB, ssns []string) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn IN ('" + strings.Join(ssns, "','") + "')") // no fix: a list // want "PHI101"
}

func condition(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	where := "ssn = '" + p.SSN + "'" // no fix: the text is in two places // want "PHI101"
	return db.Query("SELECT id FROM patients WHERE " + where)
}

func width(db *sql.DB, ssn int) (*sql.Rows, error) {
	return db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%09d'", ssn)) // no fix: zeros in front // want "PHI101"
}

func commented(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return /* want "PHI101" */ db.Query("SELECT id FROM patients " +
		// no fix: a comment would go
		"WHERE ssn = '" + p.SSN + "'")
}

func effect(db *sql.DB, next func() string) (*sql.Rows, error) {
	query := "SELECT id FROM patients WHERE ssn = '" + next() + "'" // no fix: a call may tell something else later // want "PHI101"
	return db.Query(query)
}

func escape(s string) string { return strings.ReplaceAll(s, "'", "''") }

func escaped(db *sql.DB, p model.Patient) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '" + escape(p.SSN) + "'") // no fix: bound, the doubled quotes would stay // want "PHI101"
}
