// Package redacted leaves values out before it logs.
package redacted

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"log/slog"
	"strings"

	"clinic.example/testdata/model"
)

// mask is called so and does nothing.
func mask(s string) string { return s }

// redact leaves nothing.
func redact(s string) string { return "***" }

// stars leaves a length.
func stars(s string) string { return strings.Repeat("*", len(s)) }

// hash leaves nothing to read.
func hash(s string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s))) }

// RedactNames replaces one word.
func RedactNames(s string) string { return strings.ReplaceAll(s, "Muster", "…") }

type id struct{ ssn string }

// String prints nothing of it.
func (id) String() string { return "id" }

type logged struct{ ssn string }

// LogValue prints it after all.
func (l logged) LogValue() slog.Value { return slog.StringValue(l.ssn) }

// Failure quotes the number.
type Failure struct{ ssn string }

// Error quotes it.
func (f Failure) Error() string { return "no patient " + f.ssn }

// Missing does not.
type Missing struct{ ssn string }

// Error leaves it out.
func (*Missing) Error() string { return "no such patient" }

func called(p model.Patient) {
	log.Println(mask(p.SSN))             // want "PHI201"
	log.Println(RedactNames(p.LastName)) // want "PHI201"
	log.Println(redact(p.SSN))           // ok: a constant
	log.Println(stars(p.SSN))            // ok: stars
	log.Println(hash(p.SSN))             // ok: a hash
	slog.Info("x", "l", logged{p.SSN})   // want "PHI201"
	log.Println(Failure{p.SSN})          // want "PHI205"
	log.Println(&Missing{p.SSN})         // ok: leaves it out
	log.Println(id{p.SSN})               // ok: prints itself
}

// Hidden keeps the number out of its JSON.
type Hidden struct {
	Bed int
	SSN string `json:"-"`
}

func tagged(h Hidden) {
	b, _ := json.Marshal(h)
	log.Printf("%s", b) // ok: not in its JSON
	log.Printf("%v", h) // want "PHI202"
}

func encryptSSN(s string) string { return s }

func named(p model.Patient, f func(string) string) {
	log.Println(encryptSSN(p.SSN)) // want "PHI201"
	log.Println(f("x"))            // ok: not a patient's
}

func summary(p model.Patient) string { return p.LastName + ", " + p.FirstName }

func count(ps []model.Patient) string { return fmt.Sprintf("%d patients", len(ps)) }

func helper(p model.Patient, ps []model.Patient) {
	log.Println(summary(p)) // want "PHI201"
	log.Println(count(ps))  // ok: a number
}
