// Package querylog logs errors that can carry what was bound to a query.
package querylog

import (
	"context"
	"database/sql"
	"fmt"
	"log"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"

	"clinic.example/testdata/model"
)

func standard(db *sql.DB, p model.Patient) {
	if _, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN); err != nil {
		log.Printf("update: %v", err) // want `PHI205 logged error of sql.DB.Exec can quote`
	}
}

func structured(ctx context.Context, pool *pgxpool.Pool, p model.Patient) error {
	_, err := pool.Exec(ctx, "UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	if err != nil {
		slog.Error("update", "err", err) // want "PHI205"
		return fmt.Errorf("update: %w", err)
	}
	return nil
}

func caller(ctx context.Context, pool *pgxpool.Pool, p model.Patient, l *zap.Logger) {
	if err := structured(ctx, pool, p); err != nil {
		l.Error("update", zap.Error(err))   // want "PHI205"
		l.Sugar().Errorf("update: %v", err) // want "PHI205"
	}
}

func scanned(db *sql.DB, ssn string) {
	var id int
	err := db.QueryRow("SELECT id FROM patients WHERE ssn = $1", ssn).Scan(&id)
	if err != nil {
		logrus.WithError(err).Error("find") // want "PHI205"
	}
}

func event(db *sql.DB, ssn string, l zerolog.Logger) {
	rows, err := db.Query("SELECT id FROM patients WHERE ssn = $1", ssn)
	if err != nil {
		l.Error().Err(err).Msg("find") // want "PHI205"
		return
	}
	rows.Close()
}

func prepared(db *sql.DB, p model.Patient) {
	stmt, err := db.Prepare("UPDATE patients SET ssn = $1 WHERE id = 1")
	if err != nil {
		log.Println(err) // ok: nothing was bound yet
		return
	}
	if _, err := stmt.Exec(p.SSN); err != nil {
		log.Println(err) // want "PHI205"
	}
}

func parsed(dateOfBirth string) time.Time {
	t, err := time.Parse(time.DateOnly, dateOfBirth)
	if err != nil {
		log.Println("bad date:", err) // want `PHI205 logged error of time.Parse quotes dateOfBirth`
	}
	return t
}

func number(mrn string) int {
	n, err := strconv.Atoi(mrn)
	if err != nil {
		log.Println(err) // want "PHI205"
	}
	return n
}

func built(p model.Patient) {
	err := fmt.Errorf("patient %s has no plan", p.SSN) // want `PHI204 p.SSN becomes part of an error's text`
	log.Println(err)                                   // want "PHI205"
}
