// Package otherschema calls patients what its tables call clients.
package otherschema

import (
	"encoding/json"
	"log"
)

// PatientDetails is a row of client_profile.
type PatientDetails struct {
	FirstName  string
	LastName   string
	DOB        string
	BloodGroup string
}

func push(p PatientDetails) {
	text, _ := json.Marshal(map[string]any{"patient_name": p.FirstName})
	log.Printf("sent %s", text)      // want "PHI201"
	log.Println("stored", p)         // want "PHI202"
	log.Println("stored", len(text)) // ok: a number
}
