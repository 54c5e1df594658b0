// Package logok logs what carries no PHI.
package logok

import (
	"database/sql"
	"errors"
	"log"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"

	"clinic.example/testdata/model"
)

func noParameters(db *sql.DB) {
	rows, err := db.Query("SELECT id, ssn FROM patients")
	if err != nil {
		log.Println(err) // ok: nothing was bound
		return
	}
	rows.Close()
}

func staff(db *sql.DB, n model.Nurse) {
	if _, err := db.Exec("UPDATE nurses SET shift = $1 WHERE id = $2", n.Shift, n.ID); err != nil {
		log.Println(err) // ok: staff
	}
}

func code(db *sql.DB, p model.Patient) {
	_, err := db.Exec("INSERT INTO patients (ssn) VALUES ($1)", p.SSN)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		slog.Error("insert", "code", pgErr.Code, "constraint", pgErr.ConstraintName) // ok: no values
	}
	if errors.Is(err, sql.ErrNoRows) {
		slog.Error("insert", "missing", errors.Is(err, sql.ErrNoRows)) // ok: a bool
	}
}

func count(ps []model.Patient) {
	log.Printf("%d patients, type %T", len(ps), ps) // ok: a number and a type
}
