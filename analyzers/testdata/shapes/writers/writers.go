// Package writers puts values into SQL text with writers.
package writers

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"clinic.example/testdata/model"
)

func builder(db *sql.DB, p model.Patient) {
	var b strings.Builder
	b.WriteString("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(b.String())
}

func grown(db *sql.DB, p model.Patient) {
	b := new(strings.Builder)
	b.Grow(100)
	b.WriteString("SELECT id FROM patients WHERE last_name = ")
	b.WriteByte('\'')
	b.WriteString(p.LastName) // want `PHI101 p.LastName`
	b.WriteRune('\'')
	db.Query(b.String())
}

func printed(db *sql.DB, p model.Patient) {
	var b strings.Builder
	fmt.Fprint(&b, "SELECT id FROM patients WHERE ")
	fmt.Fprintf(&b, "ssn = '%s'", p.SSN) // want `PHI101 p.SSN`
	fmt.Fprintln(&b, " LIMIT 5")
	db.Query(b.String())
}

func reused(db *sql.DB, p model.Patient) {
	var b bytes.Buffer
	b.WriteString("SELECT id FROM patients WHERE phone = '" + p.Phone + "'") // want `PHI101 p.Phone`
	db.Query(b.String())
	b.Reset()
	b.WriteString("SELECT 1")
	db.Query(b.String()) // ok: reset
}

func made(db *sql.DB, p model.Patient) {
	b := bytes.NewBufferString("SELECT id FROM patients WHERE ssn = '")
	b.WriteString(p.SSN) // want `PHI101 p.SSN`
	b.WriteString("'")
	db.Query(b.String())
}

func bytesOf(db *sql.DB, p model.Patient) {
	var b bytes.Buffer
	b.Write([]byte("SELECT id FROM patients WHERE ssn = '"))
	b.Write([]byte(p.SSN)) // want `PHI101 p.SSN`
	b.WriteByte('\'')
	db.Query(string(b.Bytes()))
}

func bare(db *sql.DB, p model.Patient) {
	q := []byte("SELECT id FROM patients WHERE ssn = '")
	q = append(q, p.SSN...) // want `PHI101 p.SSN`
	q = append(q, '\'')
	db.Query(string(q))
}

func condition(w io.Writer, column, value string) {
	fmt.Fprintf(w, " AND %s = '%s'", column, value) // want `PHI101 p.SSN`
}

func throughWriter(db *sql.DB, p model.Patient) {
	var b strings.Builder
	b.WriteString("SELECT id FROM patients WHERE active")
	condition(&b, "ssn", p.SSN)
	db.Query(b.String())
}

func ioString(db *sql.DB, p model.Patient) {
	var b strings.Builder
	io.WriteString(&b, "SELECT id FROM patients WHERE ssn = '")
	io.WriteString(&b, p.SSN) // want `PHI101 p.SSN`
	io.WriteString(&b, "'")
	db.Query(b.String())
}

func looped(db *sql.DB, ps []model.Patient) {
	var b strings.Builder
	b.WriteString("INSERT INTO patients (ssn, last_name) VALUES ")
	for i, p := range ps {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "('%s', '%s')", p.SSN, p.LastName) // want `PHI101 p.SSN, p.LastName`
	}
	db.Exec(b.String())
}

type statement struct{ strings.Builder }

func embedded(db *sql.DB, p model.Patient) {
	var s statement
	s.WriteString("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(s.String())
}

func held(db *sql.DB, p model.Patient) {
	s := struct{ b *strings.Builder }{&strings.Builder{}}
	s.b.WriteString("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(s.b.String())
}

func placeholders(db *sql.DB, ps []model.Patient) {
	var b strings.Builder
	var args []any
	b.WriteString("INSERT INTO patients (ssn, last_name) VALUES ")
	for i, p := range ps {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "($%d, $%d)", 2*i+1, 2*i+2) // ok: numbers of placeholders
		args = append(args, p.SSN, p.LastName)
	}
	db.Exec(b.String(), args...) // ok: bound
}

func marks(db *sql.DB, ssns []any) {
	var b strings.Builder
	b.WriteString("SELECT id FROM patients WHERE ssn IN (")
	for i := range ssns {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("?") // ok: a placeholder
	}
	b.WriteString(")")
	db.Query(b.String(), ssns...) // ok: bound
}

func other(w io.Writer, p model.Patient) {
	fmt.Fprintf(w, "SELECT id FROM patients WHERE ssn = '%s'", p.SSN) // ok: reaches no database
}

func two(db *sql.DB, p model.Patient) string {
	var page, query strings.Builder
	page.WriteString("<b>" + p.SSN + "</b>") // ok: another builder
	query.WriteString("SELECT id FROM patients WHERE ssn = $1")
	db.Query(query.String(), p.SSN) // ok: bound
	return page.String()
}

func paged(db *sql.DB, f model.Filter) {
	var b bytes.Buffer
	b.WriteString("SELECT id FROM patients WHERE ssn = $1")
	fmt.Fprintf(&b, " LIMIT %d OFFSET %d", f.Limit, f.Offset) // ok: numbers of rows
	db.Query(b.String(), f.SSN)                               // ok: bound
}

func started(db *sql.DB, p model.Patient) {
	b := bytes.NewBufferString("SELECT id FROM patients WHERE last_name = '")
	b.WriteString(p.LastName) // want `PHI101 p.LastName becomes part of the SQL text \(patients.last_name\)`
	b.WriteString("'")
	db.Query(b.String())
	c := bytes.NewBuffer([]byte("SELECT id FROM drugs WHERE ")) // ok: constants
	c.WriteString("code = $1")
	db.Query(c.String(), p.ID)
}

func read(db *sql.DB, p model.Patient) {
	lines := bufio.NewScanner(strings.NewReader(p.SSN))
	for lines.Scan() {
		db.Query("SELECT id FROM t WHERE c = '" + lines.Text() + "'") // want `PHI101 p.SSN`
	}
	r := bufio.NewReader(strings.NewReader("SELECT 1;SELECT 2"))
	statement, _ := r.ReadString(';')
	db.Query(statement) // ok: a constant
}
