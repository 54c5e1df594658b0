// Package sqltext puts PHI into SQL text in the ways that real code does.
package sqltext

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"clinic.example/testdata/model"
)

type store struct{ db *sql.DB }

func (s *store) sprintf(ctx context.Context, ssn string) *sql.Row {
	return s.db.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", ssn)) // want `PHI101 ssn becomes part of the SQL text \(patients.ssn\)`
}

func (s *store) variable(ssn string) *sql.Row {
	query := fmt.Sprintf("SELECT id FROM patients WHERE ssn = '%s'", ssn) // want "PHI101"
	return s.db.QueryRow(query)
}

func (s *store) concat(p model.Patient) (*sql.Rows, error) {
	return s.db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
}

func (s *store) lines(p *model.Patient) (*sql.Rows, error) {
	q := "SELECT id " + // want "PHI101"
		"FROM patients " +
		"WHERE ssn = '" + p.SSN + "'"
	return s.db.Query(q)
}

func (s *store) several(p model.Patient) error {
	stmt, err := s.db.Prepare(fmt.Sprintf("UPDATE patients SET first_name = '%s', last_name = '%s'"+ // want `PHI101 p.FirstName, p.LastName and 1 more become`
		" WHERE mrn = '%s'", p.FirstName, p.LastName, p.MRN))
	if err != nil {
		return err
	}
	_, err = stmt.Exec()
	return err
}

func (s *store) key(patientID int) *sql.Row {
	return s.db.QueryRow(fmt.Sprintf("SELECT * FROM patients WHERE id = %d", patientID)) // want "PHI101"
}

func (s *store) itoa(patientID int) *sql.Row {
	return s.db.QueryRow("SELECT * FROM patients WHERE id = " + strconv.Itoa(patientID)) // want "PHI101"
}

func (s *store) appended(f model.Filter) (*sql.Rows, error) {
	q := "SELECT id FROM patients WHERE true"
	if f.SSN != "" {
		q += fmt.Sprintf(" AND ssn = '%s'", f.SSN) // want "PHI101 f.SSN"
	}
	if f.LastName != "" {
		name := "%" + f.LastName + "%"
		q += fmt.Sprintf(" AND last_name ILIKE '%s'", name) // want "PHI101 f.LastName"
	}
	if f.Order != "" {
		q += fmt.Sprintf(" ORDER BY created_at %s", f.Order)
	} else {
		q += " ORDER BY created_at DESC"
	}
	q += fmt.Sprintf(" LIMIT %d OFFSET %d", f.Limit, f.Offset)
	return s.db.Query(q)
}

func (s *store) builder(f model.Filter) (*sql.Rows, error) {
	var b strings.Builder
	b.WriteString("SELECT id FROM patients WHERE 1=1 ")
	if f.SSN != "" {
		b.WriteString(fmt.Sprintf("AND ssn LIKE '%s' ", fmt.Sprintf("%%%s%%", f.SSN))) // want "PHI101 f.SSN"
	}
	if f.LastName != "" {
		b.WriteString("AND last_name = '")
		b.WriteString(f.LastName) // want "PHI101 f.LastName"
		b.WriteString("' ")
	}
	if f.Order == "asc" {
		b.WriteString("ORDER BY created_at ASC ")
	} else if f.Order == "desc" {
		b.WriteString("ORDER BY created_at DESC ")
	}
	b.WriteString(fmt.Sprintf("LIMIT %d", f.Limit))
	return s.db.Query(b.String())
}

func (s *store) buffer(p model.Patient) (sql.Result, error) {
	var buf bytes.Buffer
	buf.WriteString("INSERT INTO patients (ssn, first_name) VALUES (")
	fmt.Fprintf(&buf, "'%s', '%s')", p.SSN, p.FirstName) // want "PHI101"
	return s.db.Exec(buf.String())
}

func (s *store) join(f model.Filter) (*sql.Rows, error) {
	conditions := []string{"deleted_at IS NULL"}
	if f.SSN != "" {
		conditions = append(conditions, fmt.Sprintf("ssn = '%s'", f.SSN)) // want "PHI101"
	}
	if f.LastName != "" {
		conditions = append(conditions, "last_name = '"+f.LastName+"'") // want "PHI101"
	}
	return s.db.Query("SELECT id FROM patients WHERE " + strings.Join(conditions, " AND "))
}

func (s *store) trimmed(p model.Patient) (sql.Result, error) {
	q := "UPDATE patients SET "
	if p.FirstName != "" {
		q += "first_name = '" + p.FirstName + "', " // want "PHI101"
	}
	if p.Phone != "" {
		q += "phone = '" + p.Phone + "', " // want "PHI101"
	}
	q = strings.TrimSuffix(q, ", ") + " WHERE mrn = $1"
	return s.db.Exec(q, p.MRN)
}

func (s *store) sliced(ssns []string) (*sql.Rows, error) {
	q := "SELECT id FROM patients WHERE ssn IN ("
	for _, ssn := range ssns {
		q += "'" + ssn + "'," // want "PHI101"
	}
	q = q[:len(q)-1] + ")"
	return s.db.Query(q)
}

func (s *store) joined(ssns []string) (*sql.Rows, error) {
	return s.db.Query("SELECT id FROM patients WHERE ssn IN ('" + strings.Join(ssns, "','") + "')") // want "PHI101"
}

func (s *store) replaced(ssn string) (*sql.Rows, error) {
	q := strings.Replace("SELECT id FROM patients WHERE ssn = '{ssn}'", "{ssn}", ssn, 1) // want "PHI101"
	return s.db.Query(q)
}

func (s *store) escaped(lastName string) (*sql.Rows, error) {
	safe := strings.ReplaceAll(lastName, "'", "''")
	return s.db.Query("SELECT id FROM patients WHERE last_name = '" + safe + "'") // want "PHI101"
}

func (s *store) closure(f model.Filter) (*sql.Rows, error) {
	var where []string
	add := func(column, value string) {
		where = append(where, column+" = '"+value+"'") // want "PHI101"
	}
	add("ssn", f.SSN)
	return s.db.Query("SELECT id FROM patients WHERE " + strings.Join(where, " AND "))
}

func byColumn(column, value string) string {
	return fmt.Sprintf("SELECT id FROM patients WHERE %s = '%s'", column, value) // want "PHI101 f.LastName"
}

func (s *store) helper(f model.Filter) (*sql.Rows, error) {
	return s.db.Query(byColumn("last_name", f.LastName))
}

func (s *store) find(where string) (*sql.Rows, error) {
	return s.db.Query("SELECT id FROM patients WHERE " + where)
}

func (s *store) wrapper(p model.Patient) (*sql.Rows, error) {
	return s.find("ssn = '" + p.SSN + "'") // want "PHI101 p.SSN"
}

type query struct {
	text  string
	where []string
}

func (q *query) and(condition string) *query {
	q.where = append(q.where, condition)
	return q
}

func (q *query) String() string { return q.text + " WHERE " + strings.Join(q.where, " AND ") }

func (s *store) fluent(p model.Patient) (*sql.Rows, error) {
	q := &query{text: "SELECT id FROM patients"}
	q.and("deleted_at IS NULL").and("ssn = '" + p.SSN + "'") // want "PHI101"
	return s.db.Query(q.String())
}

func addName(b *strings.Builder, lastName string) {
	b.WriteString(" AND last_name = '" + lastName + "'") // want "PHI101 lastName"
}

func (s *store) passed(lastName string) (*sql.Rows, error) {
	b := &strings.Builder{}
	b.WriteString("SELECT id FROM patients WHERE true")
	addName(b, lastName)
	return s.db.Query(b.String())
}

func (s *store) form(get func(string) string) *sql.Row {
	ssn := get("ssn")
	return s.db.QueryRow("SELECT id FROM patients WHERE ssn = '" + ssn + "'") // want "PHI101"
}

func (s *store) deferred(ssn string) {
	defer s.db.Exec("DELETE FROM patients WHERE ssn = '" + ssn + "'") // want "PHI101"
	go s.db.Exec("DELETE FROM visits WHERE ssn = '" + ssn + "'")      // want "PHI101"
}

const base = "SELECT id FROM patients"

var ordered = base + " WHERE ssn = '%s' ORDER BY id"

func (s *store) constants(ssn string) *sql.Row {
	return s.db.QueryRow(fmt.Sprintf(ordered, ssn)) // want "PHI101"
}

type repository interface {
	Find(condition string) (*sql.Rows, error)
}

func (s *store) Find(condition string) (*sql.Rows, error) {
	return s.db.Query("SELECT id FROM patients WHERE " + condition)
}

func throughInterface(r repository, ssn string) (*sql.Rows, error) {
	return r.Find("ssn = '" + ssn + "'") // want "PHI101"
}

type execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func byShape(ctx context.Context, e execer, ssn string) {
	e.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+ssn+"'") // want "PHI101"
}

func updateColumns(db *sql.DB, values map[string]string, id int) (sql.Result, error) {
	var set []string
	for column, value := range values {
		set = append(set, column+" = '"+value+"'")
	}
	set = append(set, "ssn = '"+values["ssn"]+"'") // want "PHI101"
	return db.Exec("UPDATE patients SET "+strings.Join(set, ", ")+" WHERE id = $1", id)
}

func aligned(db *sql.DB, args []any, ssn, firstName string) (*sql.Rows, error) {
	q := fmt.Sprintf("SELECT id FROM patients WHERE first_name = $%d AND ssn = '%s'", len(args)+1, ssn) // want `PHI101 ssn becomes .*\(patients.ssn\)`
	return db.Query(q, append(args, firstName)...)
}
