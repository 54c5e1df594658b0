// Package storage has interfaces and the one type behind each.
package storage

import (
	"context"
	"database/sql"
	"errors"

	"clinic.example/testdata/model"
)

// DBTX is a handle of a database or a transaction.
type DBTX interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
}

// Patients is all that others see of patients.
type Patients interface {
	Save(ctx context.Context, p model.Patient) error
	Diagnosis(ctx context.Context, ssn string) (string, error)
	Touch(ctx context.Context, p model.Patient) (int64, error)
	Check(p model.Patient) error
}

type patients struct{ db DBTX }

// New returns what is behind it.
func New(db DBTX) Patients { return &patients{db} }

const save = `-- name: Save :exec
INSERT INTO patients (ssn, last_name) VALUES ($1, $2)`

func (s *patients) Save(ctx context.Context, p model.Patient) error {
	_, err := s.db.ExecContext(ctx, save, p.SSN, p.LastName)
	return err
}

func (s *patients) Diagnosis(ctx context.Context, ssn string) (string, error) {
	var d string
	err := s.db.QueryRowContext(ctx, "SELECT diagnosis FROM patients WHERE ssn = $1", ssn).Scan(&d)
	return d, err
}

func (s *patients) Touch(ctx context.Context, p model.Patient) (int64, error) {
	result, err := s.db.ExecContext(ctx, "UPDATE patients SET seen = now() WHERE ssn = $1", p.SSN)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

var errEmpty = errors.New("no name")

func (s *patients) Check(p model.Patient) error {
	if p.LastName == "" {
		return errEmpty
	}
	return nil
}
