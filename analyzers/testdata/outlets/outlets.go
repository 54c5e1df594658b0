// Package outlets lets PHI leave by other ways than a log.
package outlets

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"clinic.example/testdata/model"
)

func answered(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	if _, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN); err != nil {
		http.Error(w, err.Error(), 500)              // want `PHI207 error of sql.DB.Exec is answered to the client; it can quote p.SSN`
		http.Error(w, fmt.Sprintf("no: %v", err), 1) // want "PHI207"
		http.Error(w, "not saved", 500)              // ok: a text of one's own
	}
	if _, err := db.Exec("DELETE FROM sessions"); err != nil {
		http.Error(w, err.Error(), 500) // ok: nothing was bound
	}
	http.Error(w, "no patient with "+p.SSN, 404) // ok: the client's own
}

func traced(ctx context.Context, db *sql.DB, p model.Patient, ward string) {
	span := trace.SpanFromContext(ctx)
	span.SetAttributes(attribute.String("ssn", p.SSN)) // want `PHI209 p.SSN is sent away by`
	span.SetAttributes(attribute.String("ward", ward)) // ok: no PHI
	span.AddEvent("found " + p.SSN)                    // want "PHI209"
	_, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	span.RecordError(err) // want `PHI209 error that trace.Span.RecordError sends away can quote p.SSN`
	_, err = db.Exec("DELETE FROM sessions")
	span.RecordError(err) // ok: nothing was bound
}

func asked(w http.ResponseWriter, r *http.Request, base, ssn, patientID string) {
	http.Get(base + "/coverage?ssn=" + ssn)                                        // want `PHI210 ssn becomes part of a URL`
	http.NewRequest(http.MethodGet, fmt.Sprintf("%s/coverage/%s", base, ssn), nil) // want "PHI210"
	http.Redirect(w, r, "/coverage?ssn="+ssn, http.StatusFound)                    // want "PHI210"
	http.Get(base + "/patients/" + patientID)                                      // ok: the address of a resource
	http.Get(base + "/wards")                                                      // ok: constant
}
