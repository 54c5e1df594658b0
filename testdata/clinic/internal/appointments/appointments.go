// Package appointments books visits and reminds patients of them.
package appointments

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/clinic/internal/postgres"
)

// Appointment is one row of app.appointments.
type Appointment struct {
	ID        string
	PatientID string
	StartsAt  time.Time
	Reason    string
	Status    string
}

// Reminder is what the text message needs.
type Reminder struct {
	PatientName string
	Phone       string
	StartsAt    time.Time
}

// Book reads and writes app.appointments.
type Book struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

// NewBook returns the appointment book on the pool.
func NewBook(pool *pgxpool.Pool, log *slog.Logger) *Book {
	return &Book{pool: pool, log: log}
}

// Add books a visit.
func (b *Book) Add(ctx context.Context, a Appointment) error {
	_, err := b.pool.Exec(ctx,
		"INSERT INTO app.appointments (patient_id, starts_at, reason, status) VALUES ($1, $2, $3, 'booked')",
		a.PatientID, a.StartsAt, a.Reason)
	if err != nil {
		state, _ := postgres.Code(err)
		b.log.Error("book appointment", "patient_id", a.PatientID, "sqlstate", state)
		return errors.New("book appointment: database error")
	}
	b.log.Info("appointment booked", "patient_id", a.PatientID)
	return nil
}

// Move changes the time of a visit.
func (b *Book) Move(ctx context.Context, id string, to time.Time, reason string) error {
	query := "UPDATE app.appointments SET starts_at = $1"
	if reason != "" {
		query += ", reason = '" + reason + "'"
	}
	query += " WHERE id = $2"
	_, err := b.pool.Exec(ctx, query, to, id)
	return err
}

// Due returns the reminders for visits in the next day.
func (b *Book) Due(ctx context.Context) ([]Reminder, error) {
	rows, err := b.pool.Query(ctx, `
		SELECT p.first_name || ' ' || p.last_name, p.phone, a.starts_at
		FROM app.appointments a JOIN app.patients p ON p.id = a.patient_id
		WHERE a.starts_at BETWEEN now() AND now() + interval '1 day'`)
	if err != nil {
		return nil, fmt.Errorf("due reminders: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Reminder])
}

// Remind sends every due reminder; one that fails does not stop the others.
func (b *Book) Remind(ctx context.Context, send func(ctx context.Context, phone, text string) error) error {
	due, err := b.Due(ctx)
	if err != nil {
		return err
	}
	for i, r := range due {
		text := "Your visit is at " + r.StartsAt.Format("15:04 on 2 January")
		if err := send(ctx, r.Phone, text); err != nil {
			b.log.Warn(fmt.Sprintf("reminder to %s (%s) not sent", r.PatientName, r.Phone))
			continue
		}
		b.log.Debug("reminder sent", "number", i+1, "of", len(due))
	}
	return nil
}
