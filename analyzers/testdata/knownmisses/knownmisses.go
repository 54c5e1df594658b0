// Package knownmisses has flows that are not found, each with the reason. A
// test fails when one of them is found after all, so that the list stays true.
package knownmisses

import (
	"bufio"
	"bytes"
	"database/sql"
	"os"
	"reflect"

	"clinic.example/testdata/model"
)

func buffered(db *sql.DB, p model.Patient) {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	w.WriteString("SELECT id FROM patients WHERE ssn = '" + p.SSN + "'") // miss: a writer that wraps another writer
	w.Flush()
	db.Query(b.String())
}

func expanded(db *sql.DB, ssn string) {
	db.Query(os.Expand("SELECT id FROM patients WHERE ssn = '$ssn'", func(string) string { return ssn })) // miss: a function that a library calls back
}

func reflected(db *sql.DB, p model.Patient) {
	v := reflect.ValueOf(p).Field(2)
	db.Query("SELECT id FROM wards WHERE code = '" + v.String() + "'") // miss: reflection
}
