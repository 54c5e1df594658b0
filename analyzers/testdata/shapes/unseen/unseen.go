// Package unseen calls functions whose code is not there: what they do is known
// by their names and parameters only.
package unseen

import (
	"context"

	"clinic.example/testdata/model"
)

// Implemented elsewhere.
func RawQuery(ctx context.Context, text string, args ...any) error

// Implemented elsewhere.
func Get(key string, args ...any) string

func queries(ctx context.Context, p model.Patient) {
	RawQuery(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'") // want "PHI101"
	RawQuery(ctx, "SELECT id FROM patients WHERE ssn = $1", p.SSN)   // ok: bound
	Get("patients/" + p.SSN)                                         // ok: no SQL
}
