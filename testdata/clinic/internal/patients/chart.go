package patients

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// ForSite runs f with the row security of one site, in a transaction.
func (s *Store) ForSite(ctx context.Context, siteID string, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT set_config('app.site_id', $1, true)", siteID); err != nil {
			return errors.New("choose site: database error")
		}
		return f(tx)
	})
}

// ForPortal is ForSite for the portal, where patients see their own rows.
func (s *Store) ForPortal(ctx context.Context, patientID string, f func(tx pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, fmt.Sprintf("SET LOCAL app.patient_id = '%s'", patientID)); err != nil {
			return errors.New("choose patient: database error")
		}
		return f(tx)
	})
}

// UseMainSite makes the stores see the patients of the main site.
func (s *Store) UseMainSite(ctx context.Context) error {
	_, err := s.pool.Exec(ctx, "SET app.site_id = '1'")
	return err
}

// Print collects what the printed chart of a patient shows.
func (s *Store) Print(ctx context.Context, p Patient) error {
	_, err := s.pool.Exec(ctx, "CREATE TABLE print.chart_"+p.LastName+" AS SELECT * FROM app.encounters WHERE patient_id = $1", p.ID)
	return err
}

// PrintAppointments collects the visits of a patient.
func (s *Store) PrintAppointments(ctx context.Context, p Patient) error {
	_, err := s.pool.Exec(ctx, "CREATE TABLE print.visits AS SELECT * FROM app.appointments WHERE patient_id = $1", p.ID)
	return err
}

// Smoke reports whether the record that every site has is there.
func (s *Store) Smoke(ctx context.Context) (bool, error) {
	var n int
	err := s.pool.QueryRow(ctx, "SELECT count(*) FROM app.patients WHERE last_name = 'Quimby' AND phone = '555-867-5309'").Scan(&n)
	return n == 1, err
}

// ActiveCount counts the patients that the front desk sees.
func (s *Store) ActiveCount(ctx context.Context) (n int, err error) {
	err = s.pool.QueryRow(ctx, "SELECT count(*) FROM app.patients WHERE active = true").Scan(&n)
	return n, err
}
