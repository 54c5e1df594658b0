// Package wrap has loggers of its own.
package wrap

import (
	"database/sql"
	"fmt"
	"log"

	"clinic.example/testdata/model"
)

type logger struct{ out *log.Logger }

func (l *logger) failed(what string, err error) {
	l.out.Println(what + ": " + err.Error())
}

type service struct {
	db  *sql.DB
	log *logger
}

func (s *service) save(p model.Patient) error {
	_, err := s.db.Exec("INSERT INTO patients (ssn) VALUES ($1)", p.SSN)
	if err != nil {
		s.log.failed("insert", err) // want "PHI205"
		return fmt.Errorf("saving: %w", err)
	}
	return nil
}

func (s *service) handle(p model.Patient) {
	if err := s.save(p); err != nil {
		log.Println(err) // want "PHI205"
	}
}

// Who calls a function that logs its own error has nothing to add.
func (s *service) quiet(p model.Patient) {
	if _, err := s.db.Exec("UPDATE patients SET ssn = $1", p.SSN); err != nil {
		log.Println(err) // want "PHI205"
	}
}

func (s *service) loud(p model.Patient) {
	s.quiet(p) // ok: reported where it is logged
}
