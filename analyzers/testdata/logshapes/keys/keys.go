// Package keys logs what operations on records answer with: keys and states.
package keys

import (
	"context"
	"log"

	"clinic.example/testdata/model"
)

type store interface {
	Create(ctx context.Context, p model.Patient) (string, error)
	Send(m map[string]any) (string, error)
	Find(ssn string) (string, error)
	MarshalText(p model.Patient) (string, error)
	ToLine(p model.Patient) (string, error)
}

func stored(ctx context.Context, s store, ssn string) {
	id, err := s.Create(ctx, model.Patient{SSN: ssn})
	if err != nil {
		return
	}
	log.Printf("stored as %s", id) // ok: what the store calls it
}

func handed(s store, p model.Patient) {
	id, err := outbox(map[string]any{"ssn": p.SSN, "name": p.LastName}, s.Send)
	if err != nil {
		return
	}
	log.Printf("sent as %s", id) // ok: what the other side calls it
}

func outbox(message map[string]any, send func(map[string]any) (string, error)) (string, error) {
	id, err := send(message)
	if err != nil {
		return "", err
	}
	return id, nil
}

func text(s store, ssn string) {
	t, err := s.MarshalText(model.Patient{SSN: ssn})
	if err != nil {
		return
	}
	log.Print(t) // want "PHI201 ssn is logged"
	line, err := s.ToLine(model.Patient{MRN: ssn})
	log.Print(line, err != nil) // want "PHI201 ssn is logged"
}

func found(s store, p model.Patient) {
	t, err := s.Find(p.SSN)
	if err != nil {
		return
	}
	log.Print(t) // want "PHI201 p.SSN is logged"
}

func shown(p model.Patient, show func(map[string]any) string) {
	log.Print(show(map[string]any{"ssn": p.SSN})) // want "PHI201 p.SSN is logged"
}
