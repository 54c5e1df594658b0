// Package layers logs what comes up through interfaces of other packages.
package layers

import (
	"context"
	"log"
	"net/http"

	"clinic.example/testdata/logshapes/layers/service"
	"clinic.example/testdata/logshapes/layers/storage"
	"clinic.example/testdata/model"
)

// Saves is implemented by what another package has.
type Saves interface {
	Admit(ctx context.Context, p model.Patient) error
}

type handler struct {
	registry service.Registry
	patients storage.Patients
	desk     Saves
}

func (h *handler) register(ctx context.Context, w http.ResponseWriter, p model.Patient) {
	if err := h.registry.Register(ctx, p); err != nil {
		log.Println("registering:", err) // want "PHI205"
		http.Error(w, err.Error(), 500)  // want "PHI207"
	}
	if err := h.registry.Validate(p); err != nil {
		log.Println(err)                // ok: no query behind it
		http.Error(w, err.Error(), 400) // ok: no query behind it
	}
	h.registry.Announce(p.LastName)  // want "PHI201"
	h.registry.Announce("the nurse") // ok: a constant
	if err := h.desk.Admit(ctx, p); err != nil {
		log.Print(err) // want "PHI205"
	}
}

func (h *handler) look(ctx context.Context, w http.ResponseWriter, p model.Patient) {
	_, err := h.patients.Diagnosis(ctx, p.SSN)
	if err != nil {
		log.Printf("no diagnosis: %v", err) // want "PHI205"
	}
	rows, err := h.patients.Touch(ctx, p)
	log.Println(err)            // want "PHI205"
	log.Printf("%d rows", rows) // ok: a number
}

// PatientAdder is implemented by what only main knows.
type PatientAdder interface {
	AddPatient(p *model.Patient) error
	ValidatePatient(p *model.Patient) error
}

// PatientService is, too.
type PatientService interface {
	Register(p *model.Patient) error
	ConvertToFHIR(p *model.Patient) (string, error)
}

// Roster is, too, and its name does not say what it stands for.
type Roster interface {
	Enter(p *model.Patient) error
}

func convert(s PatientService, p *model.Patient) {
	if _, err := s.ConvertToFHIR(p); err != nil {
		log.Println(err) // ok: asks no database
	}
	if err := s.Register(p); err != nil {
		log.Println(err) // want "PHI205"
	}
}

func add(a PatientAdder, r Roster, p *model.Patient) {
	if err := a.ValidatePatient(p); err != nil {
		log.Println(err) // ok: asks no database
	}
	if err := a.AddPatient(p); err != nil {
		log.Println(err) // want "PHI205 logged error of PatientAdder.AddPatient can quote Patient"
	}
	if err := r.Enter(p); err != nil {
		log.Println(err) // ok: who knows what this does
	}
}
