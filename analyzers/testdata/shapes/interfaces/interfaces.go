// Package interfaces composes and runs SQL text behind interfaces.
package interfaces

import (
	"context"
	"database/sql"
	"fmt"

	"clinic.example/testdata/model"
)

type finder interface {
	Find(ctx context.Context, condition string) (*sql.Rows, error)
}

type store struct{ db *sql.DB }

func (s *store) Find(ctx context.Context, condition string) (*sql.Rows, error) {
	return s.db.QueryContext(ctx, "SELECT id FROM patients WHERE "+condition)
}

func implemented(ctx context.Context, f finder, p model.Patient) {
	f.Find(ctx, "ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
	f.Find(ctx, "ssn IS NULL")       // ok: a constant
}

// queryer is what a library asks of a database.
type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func shaped(ctx context.Context, q queryer, p model.Patient) {
	q.QueryContext(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")                       // want `PHI101 p.SSN`
	q.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE phone = '%s'", p.Phone))   // want `PHI101 p.Phone`
	q.QueryContext(ctx, "SELECT id FROM patients WHERE ssn = $1", p.SSN)                         // ok: bound
	q.QueryRowContext(ctx, fmt.Sprintf("SELECT id FROM patients WHERE phone = $%d", 1), p.Phone) // ok: bound
}

// dbtx is what sqlc generates.
type dbtx interface {
	ExecContext(context.Context, string, ...interface{}) (sql.Result, error)
	PrepareContext(context.Context, string) (*sql.Stmt, error)
	QueryContext(context.Context, string, ...interface{}) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...interface{}) *sql.Row
}

type queries struct{ db dbtx }

const getPatient = `-- name: GetPatient :one
SELECT id, ssn FROM patients WHERE ssn = $1 LIMIT 1
`

func (q *queries) GetPatient(ctx context.Context, ssn string) error {
	return q.db.QueryRowContext(ctx, getPatient, ssn).Err() // ok: bound
}

func (q *queries) search(ctx context.Context, p model.Patient) {
	q.db.QueryContext(ctx, "SELECT id FROM patients WHERE last_name = '"+p.LastName+"'") // want `PHI101 p.LastName`
	q.db.PrepareContext(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")          // want `PHI101 p.SSN`
	q.db.ExecContext(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                // want `PHI101 p.SSN`
	q.db.ExecContext(ctx, "DELETE FROM patients WHERE ssn = $1", p.SSN)                  // ok: bound
}

// own is a database of one's own, known by its shape only.
type own interface {
	Get(dest any, query string, args ...any) error
	Select(ctx context.Context, dest any, query string, args ...any) error
	MustExec(query string, args ...any)
	Raw(query string, args ...any) error
}

func unlisted(ctx context.Context, o own, p model.Patient) {
	o.Get(&p, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")         // want `PHI101 p.SSN`
	o.Select(ctx, &p, "SELECT id FROM patients WHERE mrn = '"+p.MRN+"'") // want `PHI101 p.MRN`
	o.MustExec("DELETE FROM patients WHERE ssn = '" + p.SSN + "'")       // want `PHI101 p.SSN`
	o.Raw("DELETE FROM patients WHERE ssn = '" + p.SSN + "'")            // want `PHI101 p.SSN`
	o.Get(&p, "SELECT id FROM patients WHERE ssn = $1", p.SSN)           // ok: bound
	o.MustExec("DELETE FROM patients WHERE ssn = $1", p.SSN)             // ok: bound
}

// cache has a method of the same name and shape that takes no SQL.
type cache interface {
	Get(dest any, key string, args ...any) error
}

func cached(c cache, p model.Patient) {
	c.Get(&p, "patient:"+p.SSN) // ok: a key, no SQL
}

type stringer interface{ String() string }

type bySSN string

func (b bySSN) String() string { return "ssn = '" + string(b) + "'" } // want `PHI101`

func condition(db *sql.DB, c stringer) {
	db.Query("SELECT id FROM patients WHERE " + c.String())
}

func direct(db *sql.DB, p model.Patient) {
	c := bySSN(p.SSN)
	db.Query("SELECT id FROM patients WHERE phone = '" + p.Phone + "' AND " + c.String()) // want `PHI101`
}

func asserted(db *sql.DB, v any) {
	if p, ok := v.(model.Patient); ok {
		db.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 v.SSN`
	}
	switch v := v.(type) {
	case *model.Patient:
		db.Query("SELECT id FROM patients WHERE mrn = '" + v.MRN + "'") // want `PHI101 v.MRN`
	case *model.Nurse:
		db.Query("SELECT id FROM nurses WHERE shift = '" + v.Shift + "'") // ok: staff
	}
}

type repository struct {
	finder
	*sql.DB
}

func promoted(ctx context.Context, r repository, p model.Patient) {
	r.Query("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
	r.Find(ctx, "ssn = '"+p.SSN+"'")                               // want `PHI101 p.SSN`
	r.Query("SELECT id FROM patients WHERE ssn = $1", p.SSN)       // ok: bound
}
