// Package answers writes errors of queries to clients.
package answers

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/jackc/pgx/v5/pgconn"

	"clinic.example/testdata/model"
)

func save(db *sql.DB, p model.Patient) error {
	_, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	return err
}

func direct(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	err := save(db, p)
	w.Write([]byte(err.Error()))                                            // want "PHI207"
	fmt.Fprintf(w, "failed: %v", err)                                       // want "PHI207"
	fmt.Fprintln(w, err)                                                    // want "PHI207"
	io.WriteString(w, err.Error())                                          // want "PHI207"
	json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})      // want "PHI207"
	json.NewEncoder(w).Encode(map[string]any{"error": err.Error(), "n": 1}) // want "PHI207"
	http.Error(w, err.Error(), 500)                                         // want "PHI207"
	http.Error(w, fmt.Errorf("saving: %w", err).Error(), 500)               // want "PHI207"
}

func own(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	err := save(db, p)
	if errors.Is(err, sql.ErrNoRows) {
		http.Error(w, "no such patient", 404) // ok: a text of one's own
		return
	}
	w.Write([]byte("not saved"))                                       // ok: a text of one's own
	json.NewEncoder(w).Encode(map[string]string{"error": "not saved"}) // ok: a text of one's own
	fmt.Fprintf(w, "not saved: %T", err)                               // ok: a type
}

func record(w http.ResponseWriter, p model.Patient) {
	json.NewEncoder(w).Encode(p)     // ok: the service's job
	fmt.Fprintf(w, "%s", p.SSN)      // ok: the service's job
	w.Write([]byte(p.LastName))      // ok: the service's job
	io.WriteString(w, "ssn: "+p.SSN) // ok: the service's job
}

func staff(w http.ResponseWriter, db *sql.DB, n model.Nurse) {
	_, err := db.Exec("UPDATE nurses SET shift = $1 WHERE id = $2", n.Shift, n.ID)
	http.Error(w, err.Error(), 500) // ok: staff
	w.Write([]byte(err.Error()))    // ok: staff
}

func input(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), 400) // ok: not of a query
	}
}

func detail(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	err := save(db, p)
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		http.Error(w, pgErr.Detail, 409)         // want "PHI207"
		json.NewEncoder(w).Encode(pgErr)         // want "PHI207"
		http.Error(w, pgErr.Code, 409)           // ok: a code
		http.Error(w, pgErr.ConstraintName, 409) // ok: a name
	}
}

func respond(w http.ResponseWriter, status int, err error) {
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": err.Error()})
}

func helper(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	if err := save(db, p); err != nil {
		respond(w, 500, err)                     // want "PHI207"
		respond(w, 500, errors.New("not saved")) // ok: a text of one's own
	}
}

func whole(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	_, err := db.Exec("UPDATE patients SET ssn = $1", p.SSN)
	json.NewEncoder(w).Encode(err) // want "PHI207 detail of a driver's error is answered to the client"
	_, err = db.Query("SELECT id FROM patients")
	json.NewEncoder(w).Encode(err) // ok: nothing was bound
}
