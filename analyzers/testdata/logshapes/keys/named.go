package keys

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"clinic.example/testdata/model"
)

func toldWho(username, status, code string, err error) error {
	log.Printf("no address for patient %s: %v", username, err) // want "PHI201 patient's username is logged"
	log.Printf("patient: %s", strings.TrimSpace(code))         // want "PHI201 patient's code is logged"
	log.Printf("patient %s", status)                           // ok: not who
	log.Printf("nurse %s", username)                           // ok: staff
	log.Printf("patient service %s", username)                 // ok: of a service
	return fmt.Errorf("patient %s: not found", username)       // ok: where it is logged, it is said
}

func toldWhoInError(code string) {
	err := fmt.Errorf("patient %s: not found", code)
	log.Print(err) // want "PHI205 logged error holds patient's code"
}

func numbers(db *sql.DB, weight float64, p model.Patient) {
	if _, err := db.Exec("UPDATE vitals SET weight = $1 WHERE patient_id = 7", weight); err != nil {
		log.Print(err) // ok: no driver quotes a fraction
	}
	if _, err := db.Exec("UPDATE vitals SET diagnosis = $1 WHERE patient_id = 7", p.Diagnosis); err != nil {
		log.Print(err) // want "PHI205"
	}
}

type client struct{ http *http.Client }

// LookupPatient says what the client is about.
func (c *client) LookupPatient(id string) error { return c.do("/Patient/" + id) }

func (c *client) do(path string) error {
	resp, err := c.http.Get("https://records.example" + path)
	if err != nil {
		return errors.New("no answer")
	}
	defer resp.Body.Close()
	b, _ := io.ReadAll(resp.Body)
	log.Printf("answer %d: %s", resp.StatusCode, b) // want "PHI202 resp.Body is logged as a whole"
	return nil
}

type payments struct{ http *http.Client }

func (c *payments) do(path string) {
	resp, err := c.http.Get("https://payments.example" + path)
	if err != nil {
		return
	}
	b, _ := io.ReadAll(resp.Body)
	log.Printf("answer %d: %s", resp.StatusCode, b) // ok: not about patients
}

type exchange interface{ Request() *http.Request }

func patientSent(c exchange) {
	b, _ := io.ReadAll(c.Request().Body)
	log.Printf("%s", b) // want "PHI202 request.Body is logged as a whole"
}
