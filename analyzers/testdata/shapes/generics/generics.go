// Package generics composes SQL text in generic code.
package generics

import (
	"database/sql"
	"fmt"
	"strings"

	"clinic.example/testdata/model"
)

func equals[T any](column string, value T) string { return fmt.Sprintf("%s = '%v'", column, value) } // want `PHI101 p.SSN`

func call(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE " + equals("ssn", p.SSN))
	db.Query("SELECT id FROM wards WHERE " + equals[int]("floor", 3)) // ok: a constant and not about patients
}

func concat[S ~string](parts ...S) S {
	var out S
	for _, p := range parts {
		out += p
	}
	return out
}

func joined(db *sql.DB, p model.Patient) {
	db.Query(concat("SELECT id FROM patients WHERE ssn = '", p.SSN, "'")) // want `PHI101 p.SSN`
	db.Query(concat("SELECT id FROM patients", " WHERE ssn = $1"), p.SSN) // ok: bound
}

type box[T any] struct{ v T }

func (b box[T]) get() T { return b.v }

func boxed(db *sql.DB, p model.Patient) {
	b := box[string]{"ssn = '" + p.SSN + "'"} // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + b.get())
	c := box[string]{"ssn = $1"}
	db.Query("SELECT id FROM patients WHERE "+c.get(), p.SSN) // ok: bound
}

type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

func run[E execer](e E, p model.Patient) {
	e.Exec("DELETE FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	e.Exec("DELETE FROM patients WHERE ssn = $1", p.SSN)       // ok: bound
}

func mapped[T, U any](xs []T, f func(T) U) []U {
	var out []U
	for _, x := range xs {
		out = append(out, f(x))
	}
	return out
}

func quoted(db *sql.DB, ssns []string) {
	q := mapped(ssns, func(s string) string { return "'" + s + "'" })
	db.Query("SELECT id FROM patients WHERE ssn IN (" + strings.Join(q, ",") + ")") // want `PHI101`
}

type builder[T any] struct {
	where []string
	args  []any
}

func (b *builder[T]) and(condition string, args ...any) *builder[T] {
	b.where = append(b.where, condition)
	b.args = append(b.args, args...)
	return b
}

func (b *builder[T]) text() string {
	return "SELECT id FROM patients WHERE " + strings.Join(b.where, " AND ")
}

func built(db *sql.DB, p model.Patient) {
	var b builder[model.Patient]
	b.and("active").and("ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	db.Query(b.text())
	var c builder[model.Patient]
	c.and("active").and("ssn = $1", p.SSN)
	db.Query(c.text(), c.args...) // ok: bound
}

func first[T any](xs ...T) T { return xs[0] }

func either(db *sql.DB, p model.Patient) {
	db.Query("SELECT id FROM patients WHERE ssn = '" + first(p.SSN, "none") + "'") // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients LIMIT "+first("5", "10"), p.SSN)             // ok: a constant
}
