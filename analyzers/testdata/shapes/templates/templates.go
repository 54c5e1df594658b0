// Package templates puts values into SQL text with templates.
package templates

import (
	"bytes"
	"database/sql"
	"strings"
	"text/template"

	"clinic.example/testdata/model"
)

var find = template.Must(template.New("find").Parse("SELECT id FROM patients WHERE ssn = '{{.SSN}}'"))

func positive(db *sql.DB, p model.Patient) {
	var b bytes.Buffer
	find.Execute(&b, p) // want `PHI101`
	db.Query(b.String())
}

func inline(db *sql.DB, ssn string) {
	t := template.Must(template.New("q").Parse("SELECT id FROM patients WHERE ssn = '{{.}}'"))
	var b strings.Builder
	t.Execute(&b, ssn) // want `PHI101`
	db.Query(b.String())
}

func keyed(db *sql.DB, p model.Patient) {
	t := template.Must(template.New("q").Parse("SELECT id FROM patients WHERE ssn = '{{.ssn}}'"))
	var b strings.Builder
	t.Execute(&b, map[string]any{"ssn": p.SSN}) // want `PHI101`
	db.Query(b.String())
}

func named(db *sql.DB, ssn string) {
	var b strings.Builder
	find.ExecuteTemplate(&b, "find", ssn) // want `PHI101`
	db.Query(b.String())
}

func schema(db *sql.DB, ssn string) {
	t := template.Must(template.New("q").Parse("SELECT id FROM {{.Schema}}.patients WHERE ssn = $1"))
	var b strings.Builder
	t.Execute(&b, struct{ Schema string }{"app"})
	db.Query(b.String(), ssn) // ok: bound
}

func page(p model.Patient) string {
	t := template.Must(template.New("q").Parse("<b>{{.SSN}}</b>"))
	var b strings.Builder
	t.Execute(&b, p) // ok: reaches no database
	return b.String()
}
