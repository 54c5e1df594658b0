// Package structs keeps SQL text and values in fields.
package structs

import (
	"database/sql"
	"fmt"
	"strings"

	"clinic.example/testdata/model"
)

type query struct {
	text string
	args []any
}

func literal(db *sql.DB, p model.Patient) {
	q := query{text: "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'"} // want `PHI101 p.SSN`
	db.Query(q.text)
	r := query{text: "SELECT id FROM patients WHERE ssn = $1", args: []any{p.SSN}}
	db.Query(r.text, r.args...) // ok: bound
}

func set(db *sql.DB, p model.Patient) {
	var q query
	q.text = "SELECT id FROM patients"
	q.text += " WHERE ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	db.Query(q.text)
}

func pointer(db *sql.DB, p *model.Patient) {
	q := &query{}
	q.text = fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s'", p.MRN) // want `PHI101 p.MRN`
	db.Query(q.text)
}

func newQuery(p model.Patient) *query {
	return &query{text: "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'"} // want `PHI101 p.SSN`
}

func constructed(db *sql.DB, p model.Patient) {
	db.Query(newQuery(p).text)
}

func (q *query) where(condition string, args ...any) *query {
	q.text += " WHERE " + condition
	q.args = append(q.args, args...)
	return q
}

func (q query) run(db *sql.DB) (*sql.Rows, error) { return db.Query(q.text, q.args...) }

func method(db *sql.DB, p model.Patient) {
	q := &query{text: "SELECT id FROM patients"}
	q.where("ssn = '" + p.SSN + "'").run(db) // want `PHI101 p.SSN`
	r := &query{text: "SELECT id FROM patients"}
	r.where("ssn = $1", p.SSN).run(db) // ok: bound
}

type search struct {
	query
	patient model.Patient
	nested  struct{ inner query }
}

func embedded(db *sql.DB, p model.Patient) {
	var s search
	s.text = "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	db.Query(s.text)
	s.nested.inner.text = "SELECT id FROM patients WHERE mrn = '" + p.MRN + "'" // want `PHI101 p.MRN`
	db.Query(s.nested.inner.text)
	db.Query("SELECT id FROM patients WHERE phone = '" + s.patient.Phone + "'") // want `PHI101 patient.Phone`
}

type store struct {
	db     *sql.DB
	schema string
	limit  int
}

func (s *store) table() string { return s.schema + ".patients" }

func (s *store) fields(p model.Patient) {
	s.db.Query("SELECT id FROM "+s.table()+" WHERE ssn = $1", p.SSN)                        // ok: a schema's name
	s.db.Query(fmt.Sprintf("SELECT id FROM %s.patients LIMIT %d", s.schema, s.limit))       // ok: a schema's name, a number of rows
	s.db.Query("SELECT id FROM " + s.table() + " WHERE ssn = '" + p.SSN + "'")              // want `PHI101 p.SSN`
	s.db.Query(fmt.Sprintf("SELECT id FROM %s.patients WHERE mrn = '%s'", s.schema, p.MRN)) // want `PHI101 p.MRN`
}

type form struct {
	Value  string
	Tagged string `json:"ssn"`
	Null   sql.NullString
	Name   struct{ First, Family string }
}

func values(db *sql.DB, patient form, f form) {
	db.Query("SELECT id FROM patients WHERE ssn = '" + f.Value + "'")                             // want `PHI101 f.Value`
	db.Query("SELECT id FROM patients WHERE code = '" + f.Tagged + "'")                           // want `PHI101 f.Tagged`
	db.Query("SELECT id FROM patients WHERE ssn = '" + f.Null.String + "'")                       // want `PHI101`
	db.Query("SELECT id FROM patients WHERE last_name = '" + f.Name.Family + "'")                 // want `PHI101`
	db.Query("SELECT id FROM wards WHERE code = '" + f.Value + "'")                               // ok: not about patients
	db.Query("SELECT id FROM patients WHERE ssn = $1 AND last_name = $2", f.Value, f.Name.Family) // ok: bound
}

type condition struct{ column, value string }

func (c condition) String() string { return c.column + " = '" + c.value + "'" } // want `PHI101 p.SSN`

func stringer(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE " + condition{"ssn", p.SSN}.String())
}

func several(db *sql.DB, p model.Patient) {
	conditions := []condition{{"ssn", p.SSN}, {"mrn", p.MRN}}
	var parts []string
	var args []any
	for _, c := range conditions {
		args = append(args, c.value)
		parts = append(parts, fmt.Sprintf("%s = $%d", c.column, len(args))) // ok: columns and numbers of placeholders
	}
	db.Query("SELECT id FROM patients WHERE "+strings.Join(parts, " AND "), args...) // ok: bound
}

func copied(db *sql.DB, p model.Patient) {
	a := query{text: "SELECT id FROM patients"}
	b := a
	b.text += " WHERE ssn = '" + p.SSN + "'" // ok: not what is run
	db.Query(a.text)
}

// report has the very fields of a patient under a name of its own.
type report model.Patient

func converted(db *sql.DB, r report) {
	db.Query("SELECT id FROM patients WHERE phone = '" + r.Phone + "'") // want `PHI101 r.Phone`
	db.Query("SELECT id FROM patients WHERE phone = $1", r.Phone)       // ok: bound
}

// filter keeps a statement that callers begin and methods extend.
type filter struct {
	db   *sql.DB
	text string
}

func (f *filter) and(condition string) *filter {
	f.text += " AND " + condition
	return f
}

func (f *filter) run() { f.db.Query(f.text) }

func extended(f *filter, p model.Patient) {
	f.text = "SELECT id FROM patients WHERE true"
	f.and("ssn = '" + p.SSN + "'").run() // want `PHI101 p.SSN becomes part of the SQL text \(patients.ssn\)`
}

func extendedByConstant(f *filter) {
	f.text = "SELECT id FROM patients WHERE true"
	f.and("ward = 7").run() // ok: constants
}
