package logcases

import (
	"context"
	"log"

	"entgo.io/ent/dialect/sql"

	"libraries/cases"
)

// PatientCreate is what ent generates for a table.
type PatientCreate struct{ spec *sql.InsertBuilder }

// SetSSN sets a field.
func (c *PatientCreate) SetSSN(v string) *PatientCreate { return c }

// SetActive sets a field.
func (c *PatientCreate) SetActive(v bool) *PatientCreate { return c }

// Save runs the statement.
func (c *PatientCreate) Save(ctx context.Context) (*cases.Patient, error) { return nil, run(c.spec) }

var run func(any) error

func entSaves(ctx context.Context, c *PatientCreate, p cases.Patient) {
	_, err := c.SetActive(true).SetSSN(p.SSN).Save(ctx)
	log.Println("saving:", err) // want "PHI205 logged error of PatientCreate.Save can quote p.SSN"
	_, err = c.SetActive(true).Save(ctx)
	log.Println("saving:", err) // ok: binds no patient's data
}
