// Package texts logs the texts of errors and messages that generators made.
package texts

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"

	"gorm.io/gorm"

	"clinic.example/testdata/model"
)

func encoded(w http.ResponseWriter, db *sql.DB, p model.Patient) {
	_, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	text, _ := json.Marshal(map[string]string{"error": err.Error()})
	log.Printf("%s", text) // want "PHI205"
	whole, _ := json.Marshal(map[string]any{"error": err})
	log.Printf("%s", whole)                                            // want "PHI206"
	json.NewEncoder(w).Encode(map[string]string{"error": err.Error()}) // want "PHI207 error of sql.DB.Exec is answered"
	json.NewEncoder(w).Encode(map[string]any{"error": err})            // want "PHI207 detail of a driver's error"
}

func counted(db *sql.DB, p model.Patient) {
	result, err := db.Exec("UPDATE patients SET ssn = $1 WHERE id = 1", p.SSN)
	rows, _ := result.RowsAffected()
	log.Println(err)               // want "PHI205"
	log.Printf("%d changed", rows) // ok: a number
}

// conditions adds to a query what the filter asks for.
func conditions(db *gorm.DB, f model.Filter) {
	query := db.Where("active")
	if f.LastName != "" {
		query = query.Where("last_name ILIKE ?", "%"+f.LastName+"%")
	}
	if f.SSN != "" {
		query = query.Where("ssn = ?", f.SSN)
	}
	var found []model.Patient
	if err := query.Find(&found).Error; err != nil {
		log.Println("search:", err) // want "PHI205"
	}
	var count int64
	plain := db.Model(&model.Nurse{})
	if f.Limit > 0 {
		plain = plain.Where("shift = ?", "day")
	}
	log.Println(plain.Count(&count).Error) // ok: binds no patient's data
}

// Admission is what a generator of protocol buffers writes.
type Admission struct {
	PatientName string
	Diagnosis   string
}

func (*Admission) ProtoMessage() {}

// String prints all fields.
func (a *Admission) String() string { return messageString(a) }

var messageString func(any) string

func received(a *Admission) {
	log.Println("received", a) // want "PHI202"
}
