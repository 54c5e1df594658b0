// Package codefix logs errors whose code is at hand.
package codefix

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/lib/pq"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"

	"clinic.example/testdata/model"
)

func insert(ctx context.Context, pool *pgxpool.Pool, p model.Patient, z *zap.Logger, e zerolog.Logger) {
	_, err := pool.Exec(ctx, "INSERT INTO patients (ssn) VALUES ($1)", p.SSN)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		slog.Error("insert", "err", err)                 // want "PHI205"
		slog.Error("insert", slog.Any("err", err))       // want "PHI205"
		slog.Error("insert", "err", err.Error())         // want "PHI205"
		log.Printf("insert: %v", err)                    // want "PHI205"
		z.Error("insert", zap.Error(err))                // want "PHI205"
		z.Error("insert", zap.NamedError("cause", err))  // want "PHI205"
		z.Sugar().Errorw("insert", "err", err)           // want "PHI205"
		e.Error().Err(err).Msg("insert")                 // want "PHI205"
		logrus.WithError(err).Error("insert")            // want "PHI205"
		slog.Error("insert", "detail", pgErr.Detail)     // want "PHI206"
		log.Println("insert:", pgErr.Hint)               // want "PHI206"
		slog.Error("insert", "code", pgErr.Code)         // ok: no one's data
		slog.Error("insert", "at", pgErr.ConstraintName) // ok: no one's data
	}
	if errors.As(err, &pgErr) && pgErr.Code == "23505" {
		log.Print(err) // want "PHI205"
	}
}

func older(db *sql.DB, p model.Patient, l *slog.Logger) {
	_, err := db.Exec("INSERT INTO patients (ssn) VALUES ($1)", p.SSN)
	if pqErr, ok := err.(*pq.Error); ok {
		l.Error("insert", "constraint", pqErr.Constraint, "err", err) // want "PHI205"
	}
}
