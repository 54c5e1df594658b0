// Package patients keeps the patient register.
package patients

import (
	"errors"
	"log/slog"
	"time"
)

// ErrNotFound is returned when no patient matches.
var ErrNotFound = errors.New("patient not found")

// Patient is one row of app.patients.
type Patient struct {
	ID        string
	MRN       string
	FirstName string
	LastName  string
	BirthDate time.Time
	SSN       string
	Phone     string
	Email     string
	Active    bool
}

// LogValue keeps everything but the opaque key out of the logs.
func (p Patient) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", p.ID), slog.Bool("active", p.Active))
}

// Registration is the request that the front desk sends for a new patient.
type Registration struct {
	MRN       string    `json:"mrn"`
	FirstName string    `json:"first_name"`
	LastName  string    `json:"last_name"`
	BirthDate time.Time `json:"birth_date"`
	SSN       string    `json:"ssn"`
	Phone     string    `json:"phone"`
	Email     string    `json:"email"`
}

// Filter narrows a search; empty fields do not count.
type Filter struct {
	FirstName string
	LastName  string
	BornAfter time.Time
	Phone     string
	SortBy    string
	Limit     int
	Offset    int
}
