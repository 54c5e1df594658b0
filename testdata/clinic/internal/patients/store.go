package patients

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/clinic/internal/postgres"
)

const patientColumns = "id, mrn, first_name, last_name, birth_date, ssn, phone, email, active"

// Store reads and writes app.patients.
type Store struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

// NewStore returns a store on the pool.
func NewStore(pool *pgxpool.Pool, log *slog.Logger) *Store {
	return &Store{pool: pool, log: log}
}

// Get returns the patient with that key.
func (s *Store) Get(ctx context.Context, id string) (Patient, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+patientColumns+" FROM app.patients WHERE id = $1", id)
	if err != nil {
		return Patient{}, fmt.Errorf("get patient %s: %w", id, err)
	}
	return one(rows)
}

// BySSN returns the patient with that social security number.
func (s *Store) BySSN(ctx context.Context, ssn string) (Patient, error) {
	query := fmt.Sprintf("SELECT %s FROM app.patients WHERE ssn = '%s'", patientColumns, ssn)
	rows, err := s.pool.Query(ctx, query)
	if err != nil {
		return Patient{}, fmt.Errorf("get patient by number: %w", err)
	}
	return one(rows)
}

// ByMRN returns the patient with that medical record number.
func (s *Store) ByMRN(ctx context.Context, mrn string) (Patient, error) {
	query := fmt.Sprintf("SELECT %s FROM app.patients WHERE mrn = $1", patientColumns)
	s.log.DebugContext(ctx, "get patient by number", "sql", query, "args", []any{mrn})
	rows, err := s.pool.Query(ctx, query, mrn)
	if err != nil {
		return Patient{}, fmt.Errorf("get patient by number: %w", err)
	}
	return one(rows)
}

// Register adds a patient and returns the new key.
func (s *Store) Register(ctx context.Context, r Registration) (string, error) {
	var id string
	err := s.pool.QueryRow(ctx, `
		INSERT INTO app.patients (mrn, first_name, last_name, birth_date, ssn, phone, email)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		RETURNING id`,
		r.MRN, r.FirstName, r.LastName, r.BirthDate, r.SSN, r.Phone, r.Email).Scan(&id)

	var pgErr *pgconn.PgError
	switch {
	case errors.As(err, &pgErr) && pgErr.Code == postgres.UniqueViolation:
		s.log.Warn("patient exists", "constraint", pgErr.ConstraintName, "detail", pgErr.Detail)
		return "", fmt.Errorf("patient %s %s is registered already", r.FirstName, r.LastName)
	case err != nil:
		s.log.Error("register patient", "err", err)
		return "", errors.New("register patient: database error")
	}
	s.log.Info("patient registered", "id", id, "ssn", r.SSN)
	return id, nil
}

// Update replaces the contact data of a patient.
func (s *Store) Update(ctx context.Context, p Patient) error {
	tag, err := s.pool.Exec(ctx, "UPDATE app.patients SET phone = $1, email = $2 WHERE id = $3", p.Phone, p.Email, p.ID)
	if err != nil {
		state, constraint := postgres.Code(err)
		s.log.Error("update patient", "id", p.ID, "sqlstate", state, "constraint", constraint)
		return errors.New("update patient: database error")
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("update patient %s: %w", p.ID, ErrNotFound)
	}
	s.log.Info("patient updated", "patient", p)
	return nil
}

// Deactivate hides patients from the lists of the front desk.
func (s *Store) Deactivate(ctx context.Context, ids []string) error {
	placeholders := make([]string, len(ids))
	args := make([]any, len(ids))
	for i, id := range ids {
		placeholders[i] = fmt.Sprintf("$%d", i+1)
		args[i] = id
	}
	query := "UPDATE app.patients SET active = false WHERE id IN (" + strings.Join(placeholders, ", ") + ")"
	_, err := s.pool.Exec(ctx, query, args...)
	return err
}

// ByMRNs returns the patients of a batch that the laboratory sent.
func (s *Store) ByMRNs(ctx context.Context, mrns []string) ([]Patient, error) {
	query := "SELECT " + patientColumns + " FROM app.patients WHERE mrn IN ('" + strings.Join(mrns, "', '") + "')"
	rows, err := s.pool.Query(ctx, query)
	if err != nil {
		return nil, errors.New("get patients by number: database error")
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Patient])
}

func one(rows pgx.Rows) (Patient, error) {
	p, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[Patient])
	if errors.Is(err, pgx.ErrNoRows) {
		return Patient{}, ErrNotFound
	}
	return p, err
}
