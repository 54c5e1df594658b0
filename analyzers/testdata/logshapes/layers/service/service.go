// Package service stands between the handlers and the storage.
package service

import (
	"context"
	"fmt"

	"clinic.example/testdata/logshapes/layers/storage"
	"clinic.example/testdata/model"
)

// A Registry is what handlers call.
type Registry interface {
	Register(ctx context.Context, p model.Patient) error
	Validate(p model.Patient) error
	Announce(name string)
}

type registry struct{ patients storage.Patients }

// New returns what is behind it.
func New(patients storage.Patients) Registry { return &registry{patients} }

func (s *registry) Register(ctx context.Context, p model.Patient) error {
	if err := s.patients.Save(ctx, p); err != nil {
		return fmt.Errorf("registering: %w", err)
	}
	return nil
}

func (s *registry) Validate(p model.Patient) error { return s.patients.Check(p) }

func (s *registry) Announce(name string) { fmt.Println("arrived:", name) }

// A Desk has no interface of its own: who uses it declares one.
type Desk struct{ patients storage.Patients }

// Admit saves a patient.
func (d *Desk) Admit(ctx context.Context, p model.Patient) error { return d.patients.Save(ctx, p) }
