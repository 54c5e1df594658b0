// Package errs carries PHI in errors.
package errs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/lib/pq"
	"go.uber.org/multierr"
	"go.uber.org/zap"
	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func texts(p model.Patient, name string, patientID int) error {
	if name == "" {
		return fmt.Errorf("patient %s has no name", p.SSN) // want "PHI204 p.SSN becomes part of an error's text"
	}
	if p.MRN == "" {
		return errors.New("no record for " + p.LastName) // want "PHI204"
	}
	if patientID == 0 {
		return fmt.Errorf("no record in %d", patientID) // ok: where it is logged, it is reported
	}
	if p.Phone == "" {
		return fmt.Errorf("no phone of %s", strconv.Quote(p.FirstName)) // want "PHI204"
	}
	return errors.New("bad patient") // ok: constant
}

func labelled(v string) error {
	return fmt.Errorf("bad ssn %q", v) // want "PHI204 ssn becomes part of an error's text"
}

func update(db *sql.DB, p model.Patient) error {
	_, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	return err
}

func wrapped(db *sql.DB, p model.Patient, l *zap.Logger) {
	err := update(db, p)
	log.Println(err)                               // want "PHI205"
	log.Printf("%v", err)                          // want "PHI205"
	log.Printf("%s", err.Error())                  // want "PHI205"
	log.Printf("%+v", err)                         // want "PHI205"
	slog.Error("update", "err", err)               // want "PHI205"
	slog.Error("update", slog.Any("err", err))     // want "PHI205"
	l.Error("update", zap.Error(err))              // want "PHI205"
	l.Error("update", zap.NamedError("e", err))    // want "PHI205"
	log.Println(fmt.Errorf("saving: %w", err))     // want "PHI205"
	log.Println(errors.Join(errors.New("x"), err)) // want "PHI205"
	log.Println(multierr.Append(nil, err))         // want "PHI205"
	log.Println(errors.Unwrap(err))                // want "PHI205"
	log.Println(err != nil)                        // ok: a comparison
	log.Printf("%T", err)                          // ok: a type
	log.Println(errors.Is(err, sql.ErrNoRows))     // ok: a bool
}

// Store hides the database.
type Store interface {
	Save(ctx context.Context, p model.Patient) error
	Count(ctx context.Context) (int, error)
}

func behind(ctx context.Context, s Store, p model.Patient) {
	if err := s.Save(ctx, p); err != nil {
		log.Println(err) // want "PHI205"
	}
	if _, err := s.Count(ctx); err != nil {
		log.Println(err) // ok: nothing was bound
	}
}

func unbound(ctx context.Context, pool *pgxpool.Pool) {
	_, err := pool.Exec(ctx, "DELETE FROM sessions")
	log.Println(err) // ok: nothing was bound
	err = pool.Ping(ctx)
	log.Println(err) // ok: no query
	_, err = pgxpool.New(ctx, "x")
	log.Println(err) // ok: no query
}

func harmless(db *sql.DB, n model.Nurse, limit int) {
	_, err := db.Exec("UPDATE nurses SET shift = $1", n.Shift)
	log.Println(err) // ok: staff
	_, err = db.Query("SELECT id FROM patients ORDER BY id LIMIT $1", limit)
	log.Println(err) // ok: a limit
	_, err = db.Query("SELECT id FROM visits WHERE visit_date > $1", time.Now().Add(-time.Hour))
	log.Println(err) // ok: a limit, in a form that is always read
}

func details(err error) {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		log.Println(pgErr.Detail)         // want "PHI206"
		slog.Error("x", "w", pgErr.Where) // want "PHI206"
		log.Printf("%s", pgErr.Hint)      // want "PHI206"
		log.Println(pgErr.InternalQuery)  // want "PHI206"
		log.Printf("%#v", pgErr)          // want "PHI206"
		b, _ := json.Marshal(pgErr)
		log.Println(string(b))                                       // want "PHI206"
		log.Println(pgErr.Code, pgErr.ConstraintName)                // ok: names
		log.Println(pgErr.TableName, pgErr.ColumnName)               // ok: names
		log.Println(pgErr.Severity, pgErr.SQLState())                // ok: codes
		log.Println(fmt.Sprintf("%s: %s", pgErr.Code, pgErr.Detail)) // want "PHI206"
	}
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		log.Println(pqErr.Detail)                 // want "PHI206"
		log.Println(pqErr.Code, pqErr.Constraint) // ok: names
	}
}

func parsed(rows [][]string) (ps []model.Patient) {
	for _, row := range rows {
		var p model.Patient
		var err error
		p.DateOfBirth, err = time.Parse(time.DateOnly, row[0])
		if err != nil {
			log.Println(err) // want "PHI205 logged error of time.Parse quotes DateOfBirth"
		}
		created, err := time.Parse(time.DateOnly, row[1])
		if err != nil {
			log.Println(err) // ok: when it was created
		}
		p.CreatedAt = created
		dob, err := time.Parse(time.DateOnly, row[2])
		if err != nil {
			log.Println(err) // want "PHI205"
		}
		n, err := strconv.Atoi(row[3])
		if err != nil {
			log.Println(err) // ok: a number of something
		}
		_, _ = dob, n
		ps = append(ps, p)
	}
	return ps
}

func scanned(db *sql.DB, ssn string) {
	var id int
	err := db.QueryRow("SELECT id FROM patients WHERE ssn = $1", ssn).Scan(&id)
	log.Println(err) // want "PHI205"
	rows, err := db.Query("SELECT id FROM wards")
	if err != nil {
		return
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&id); err != nil {
			log.Println(err) // ok: a number of a ward
		}
	}
}

func batch(ctx context.Context, c *pgx.Conn, p model.Patient) {
	_, err := c.Exec(ctx, "INSERT INTO patients (ssn, last_name) VALUES ($1, $2)", p.SSN, p.LastName)
	var pgErr *pgconn.PgError
	switch {
	case errors.As(err, &pgErr):
		slog.Error("insert", "code", pgErr.Code) // ok: a code
	case err != nil:
		slog.Error("insert", "err", err) // want "PHI205"
	}
}

func duplicate(db *sql.DB, p model.Patient) {
	_, err := db.Exec("INSERT INTO patients (ssn) VALUES ($1)", p.SSN)
	var pqErr *pq.Error
	if errors.As(err, &pqErr) && pqErr.Code == "23505" {
		log.Println(err) // ok: the text of a duplicate names the constraint
		return
	}
	switch {
	case errors.Is(err, sql.ErrConnDone):
		log.Println(err) // ok: that error quotes nothing
	case err == sql.ErrTxDone:
		log.Println(err) // ok: that error quotes nothing
	case err != nil:
		log.Println(err) // want "PHI205"
	}
}

func mapped(db *gorm.DB, p *model.Patient, n *model.Nurse) {
	if err := db.Create(p).Error; err != nil {
		log.Println(err) // want "PHI205 logged error of gorm.DB.Create can quote Patient"
	}
	if result := db.Save(p); result.Error != nil {
		log.Println(result.Error) // want "PHI205"
	}
	if err := db.Exec("UPDATE patients SET ssn = ?", p.SSN).Error; err != nil {
		log.Println(err) // want "PHI205"
	}
	if err := db.Create(n).Error; err != nil {
		log.Println(err) // ok: staff
	}
}

func inTx(db *sql.DB, f func(tx *sql.Tx) error) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func transaction(db *sql.DB, p model.Patient) {
	err := inTx(db, func(tx *sql.Tx) error {
		_, err := tx.Exec("UPDATE patients SET ssn = $1", p.SSN)
		return err
	})
	log.Println(err) // want "PHI205"
}

func missing(patientID string) error { return fmt.Errorf("no patient %s", patientID) }

func keys(patientID string) {
	err := missing(patientID)
	log.Printf("patient %s: %v", patientID, err) // want "PHI201 patientID"
	log.Println(err)                             // want "PHI205"
}
