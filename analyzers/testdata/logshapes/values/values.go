// Package values logs structs, maps and what is made of them.
package values

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"

	"go.uber.org/zap"

	"clinic.example/testdata/model"
)

// Visit is a stay on a ward.
type Visit struct {
	Ward    string
	Patient model.Patient
}

// Public is what may be seen of a patient.
type Public struct {
	Ward string
	SSN  string `json:"-"`
}

// Bed is a place.
type Bed struct {
	Number int
	SSN    string `json:"-"`
}

// Secret prints itself.
type Secret struct{ SSN string }

// String leaves the number out.
func (Secret) String() string { return "patient" }

// Value logs itself.
type Value struct{ SSN, LastName string }

// LogValue leaves the values out.
func (Value) LogValue() slog.Value { return slog.StringValue("patient") }

func whole(p model.Patient, ps []model.Patient, m map[string]model.Patient) {
	log.Printf("%v", p)              // want "PHI202 Patient is logged as a whole"
	log.Printf("%+v", &p)            // want "PHI202"
	log.Println(ps)                  // want "PHI202"
	slog.Info("found", "patient", p) // want "PHI202"
	fmt.Println(m)                   // want "PHI202"
	fmt.Printf("%#v\n", p)           // want "PHI202"
	log.Println(fmt.Sprint(p))       // want "PHI202"
	log.Printf("%T", p)              // ok: a type
	log.Printf("%p", &p)             // ok: an address
	log.Printf("%d", len(ps))        // ok: a number
}

// Search is what is asked for, where it is asked for.
type Search struct{ SSN, LastName *string }

// VisitFilter says which visits are listed.
type VisitFilter struct{ StartDate, EndDate string }

// NameFilter says whose.
type NameFilter struct{ LastName, SSN string }

func asked(f VisitFilter, n NameFilter) {
	log.Println("visits", f, f.StartDate) // ok: limits
	log.Println("visits", n)              // want "PHI202"
}

func pointers(s Search, ps []*model.Patient, m map[int]*model.Patient, l *zap.Logger) {
	log.Printf("search %+v", s)         // ok: addresses
	log.Println("search", &s)           // ok: addresses
	log.Println("found", ps)            // ok: addresses
	fmt.Printf("found %v\n", m)         // ok: addresses
	log.Printf("search %s", *s.SSN)     // want "PHI201"
	log.Printf("found %v", ps[0])       // want "PHI202"
	l.Info("search", zap.Any("s", s))   // want "PHI202"
	l.Info("found", zap.Any("all", ps)) // want "PHI202"
	text, _ := json.Marshal(s)
	log.Println(string(text)) // want "PHI202"
}

func encoded(p model.Patient) {
	b, _ := json.Marshal(p)
	log.Println(string(b)) // want "PHI202"
	log.Printf("%s", b)    // want "PHI202"
	c, _ := json.MarshalIndent(p, "", " ")
	slog.Debug("sent", "body", string(c)) // want "PHI202"
}

func fields(l *zap.SugaredLogger, p model.Patient, v Bed) {
	l.Infow("found", "patient", p)                   // want "PHI202"
	l.Infow("found", "patient", v)                   // ok: zap writes structs as JSON
	l.Infof("found %v", v)                           // want "PHI202"
	l.Infow("found", "patient", v.SSN)               // want "PHI201"
	l.Desugar().Info("found", zap.Any("patient", v)) // ok: JSON
}

func hidden(s Secret, v Value, n model.Nurse) {
	log.Println(s)               // ok: prints itself
	slog.Info("found", "v", v)   // ok: logs itself
	log.Printf("%+v", n)         // ok: staff
	log.Println(s.SSN)           // want "PHI201"
	slog.Info("found", v.SSN, 1) // want "PHI201"
}

func patientBody(w http.ResponseWriter, r *http.Request) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	log.Printf("request: %s", b)   // want "PHI202 r.Body is logged as a whole"
	log.Printf("%d bytes", len(b)) // ok: a length
}

func patientAnswer(resp *http.Response) ([]byte, error) {
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, fmt.Errorf("status %d: %s", resp.StatusCode, b) // want "PHI204 resp.Body becomes part of an error's text"
	}
	return b, nil
}

func fetchPatient(c *http.Client, patientID string) {
	resp, err := c.Get("https://records.example/patients?id=" + patientID)
	if err != nil {
		log.Println(err) // want "PHI205"
		return
	}
	if _, err := patientAnswer(resp); err != nil {
		log.Println(err)                            // ok: said where the error is made
		log.Println(fmt.Errorf("patient: %w", err)) // ok
	}
}

func wardBody(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	log.Printf("request: %s", b) // ok: nothing says that it is about patients
}

func stored(p model.Patient) {
	row := map[string]any{"ssn": p.SSN, "ward": 3}
	log.Println(row)         // want "PHI201"
	log.Println(row["ward"]) // ok: no PHI
	log.Println(row["ssn"])  // want "PHI201"
	names := []string{p.FirstName}
	names = append(names, p.LastName)
	log.Println(names) // want "PHI201"
}

// Form has more than ten fields, so that the numbers of some begin like those
// of others.
type Form struct {
	Ward, SSN, Bed, Floor, Wing, Shift, Team, Color, Shape, Size, Label, Paper string
}

func numbered(ssn string) {
	var f Form
	f.SSN = ssn
	log.Println(f.Label, f.Paper) // ok: fields 10 and 11, not a part of field 1
	log.Println(f.SSN)            // want "PHI201"
}

func alternately(ssn string) {
	f := &Form{}
	f.Label, f.SSN = "a", ssn
	f.Label = f.SSN
	f.SSN = ""
	log.Println(f.Label) // want "PHI201"
	f.Label = ""
	log.Println(f.Label) // ok: overwritten
}
