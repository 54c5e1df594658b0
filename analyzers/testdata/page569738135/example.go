package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"
)

func SetBirthDate(ctx context.Context, db *sql.DB, patientID, birthDate string) {
	_, err := db.ExecContext(ctx, "UPDATE patients SET date_of_birth = $2 WHERE patient_id = $1", patientID, birthDate)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		slog.Error("update patient", "sqlstate", pgErr.Code, "constraint", pgErr.ConstraintName)
	}
}
