package store

import (
	"context"
	"database/sql"
	"log/slog"
)

func SetBirthDate(ctx context.Context, db *sql.DB, patientID, birthDate string) {
	_, err := db.ExecContext(ctx, "UPDATE patients SET date_of_birth = $2 WHERE patient_id = $1", patientID, birthDate)
	if err != nil {
		slog.Error("update patient", "err", err)
	}
}
