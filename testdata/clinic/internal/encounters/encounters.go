// Package encounters keeps what happened at a visit: diagnoses and notes.
package encounters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"example.com/clinic/internal/postgres"
)

// Encounter is one row of app.encounters.
type Encounter struct {
	ID            string    `json:"id"`
	PatientID     string    `json:"patient_id"`
	AdmissionDate time.Time `json:"admission_date"`
	Diagnosis     string    `json:"diagnosis"`
	ClinicalNote  string    `json:"clinical_note"`
}

// Chart reads and writes app.encounters.
type Chart struct {
	pool *pgxpool.Pool
	log  *slog.Logger
}

// NewChart returns a chart on the pool.
func NewChart(pool *pgxpool.Pool, log *slog.Logger) *Chart {
	return &Chart{pool: pool, log: log}
}

// History returns the encounters of the patient with that record number.
func (c *Chart) History(ctx context.Context, mrn string) ([]Encounter, error) {
	query := postgres.SelectFrom("app.encounters e JOIN app.patients p ON p.id = e.patient_id",
		postgres.Eq("p.mrn", mrn),
		"e.id", "e.patient_id", "e.admission_date", "e.diagnosis", "e.clinical_note")
	rows, err := c.pool.Query(ctx, query)
	if err != nil {
		return nil, errors.New("read history: database error")
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Encounter])
}

// ByDiagnosis counts the encounters with a diagnosis.
func (c *Chart) ByDiagnosis(ctx context.Context, diagnosis string) (int, error) {
	query := postgres.SelectFrom("app.encounters", "diagnosis = $1", "count(*)")
	var n int
	err := c.pool.QueryRow(ctx, query, diagnosis).Scan(&n)
	return n, err
}

// Record stores an encounter.
func (c *Chart) Record(ctx context.Context, e Encounter) error {
	_, err := c.pool.Exec(ctx,
		"INSERT INTO app.encounters (patient_id, admission_date, diagnosis, clinical_note) VALUES ($1, $2, $3, $4)",
		e.PatientID, e.AdmissionDate, e.Diagnosis, e.ClinicalNote)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		c.log.Error("record encounter", "pg", fmt.Sprintf("%#v", pgErr))
		return errors.New("record encounter: database error")
	}
	if err != nil {
		return fmt.Errorf("record encounter: %w", err)
	}
	if body, err := json.Marshal(e); err == nil {
		c.log.Debug("encounter recorded", "body", string(body))
	}
	c.log.Info("encounter recorded", "patient_id", e.PatientID, "note_length", len(e.ClinicalNote))
	return nil
}
