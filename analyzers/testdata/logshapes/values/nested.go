package values

import (
	"encoding/json"
	"fmt"
	"log"

	"clinic.example/testdata/model"
)

type answer struct {
	Code int
	Data model.Patient
}

type page struct {
	Next  string
	Items []model.Patient
}

type linked struct {
	Code int
	Data *model.Patient
}

type leftOut struct {
	Code int
	Data model.Patient `json:"-"`
}

// clinic is a row that has many patients: they are loaded by another query.
type clinic struct {
	ID       int
	Name     string
	Patients []model.Patient `gorm:"foreignKey:ClinicID"`
}

type count struct {
	Code, Patients int
}

func nested(a answer, p page, l linked, h leftOut, c clinic, n count) {
	log.Printf("%+v", a) // want "PHI202 answer is logged as a whole"
	log.Println(p)       // want "PHI202 page is logged as a whole"
	text, _ := json.Marshal(l)
	log.Printf("%s", text) // want "PHI202 linked is logged as a whole"
	fmt.Println(a.Code)    // ok: no PHI
	log.Println(l)         // ok: an address
	secret, _ := json.Marshal(h)
	log.Printf("%s", secret) // ok: left out
	log.Println(c)           // ok: not loaded
	log.Println(n)           // ok: numbers
}
