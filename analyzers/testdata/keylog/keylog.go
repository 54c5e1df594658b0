// Package keylog logs the keys of patients, which tell less than what they are
// the keys of.
package keylog

import (
	"log"

	"clinic.example/testdata/model"
)

// Patient is one of a FHIR server.
type Patient struct {
	FhirID string
	SSN    string
}

func keys(p Patient, q model.Patient, patientID, code string) {
	log.Print(p.FhirID)               // want "low PHI201 p.FhirID is logged"
	log.Print(patientID)              // want "low PHI201 patientID is logged"
	log.Printf("patient %s", code)    // want "low PHI201 patient's code is logged"
	log.Print(p.FhirID, " is ", q.ID) // want "low PHI201"
	log.Print(p.FhirID, q.SSN)        // want "high PHI201 q.SSN is logged"
}
