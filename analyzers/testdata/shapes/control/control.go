// Package control composes SQL text under every kind of control flow.
package control

import (
	"database/sql"
	"fmt"
	"strconv"

	"clinic.example/testdata/model"
)

func switched(db *sql.DB, by string, p model.Patient) {
	q := "SELECT id FROM patients WHERE "
	switch by {
	case "ssn":
		q += "ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	case "name":
		q += "last_name = '" + p.LastName + "'" // want `PHI101 p.LastName`
		fallthrough
	default:
		q += " AND active"
	}
	db.Query(q)
}

func labels(db *sql.DB, ps []model.Patient) {
	q := "SELECT id FROM patients WHERE false"
outer:
	for _, p := range ps {
		for range 3 {
			if p.SSN == "" {
				continue outer
			}
			q += " OR ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
			if len(q) > 1000 {
				break outer
			}
		}
	}
	db.Query(q)
}

func jumped(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	n := 0
again:
	if _, err := db.Query(q); err != nil && n < 3 {
		n++
		goto again
	}
}

func recovered(db *sql.DB, p model.Patient) (err error) {
	defer func() {
		if r := recover(); r != nil {
			_, err = db.Exec("DELETE FROM patients WHERE ssn = '" + p.SSN + "'") // want `PHI101 p.SSN`
		}
	}()
	return nil
}

func either(db *sql.DB, p model.Patient, exact bool) {
	value := "%" + p.LastName + "%"
	if exact {
		value = p.LastName
	}
	db.Query("SELECT id FROM patients WHERE last_name LIKE '" + value + "'") // want `PHI101 p.LastName`
}

func loop(db *sql.DB, ssns []string) {
	q := "SELECT id FROM patients WHERE ssn IN ("
	for i := 0; i < len(ssns); i++ {
		if i > 0 {
			q += ","
		}
		q += "'" + ssns[i] + "'" // want `PHI101 ssns`
	}
	db.Query(q + ")")
}

func shadowed(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = $1"
	{
		q := "SELECT id FROM patients WHERE ssn = '" + p.SSN + "'" // ok: another variable
		_ = q
	}
	db.Query(q, p.SSN) // ok: bound
}

func swapped(db *sql.DB, p model.Patient) {
	a, b := "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'", "SELECT 1" // want `PHI101 p.SSN`
	a, b = b, a
	db.Query(b)
}

func swappedAway(db *sql.DB, p model.Patient) {
	a, b := "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'", "SELECT 1" // ok: not what is run
	a, b = b, a
	db.Query(a)
	_ = b
}

func order(db *sql.DB, f model.Filter) {
	by := "id"
	switch f.Order {
	case "name":
		by = "last_name"
	case "born":
		by = "date_of_birth"
	}
	dir := "ASC"
	if f.Limit < 0 {
		dir = "DESC"
	}
	db.Query("SELECT id FROM patients WHERE ssn = $1 ORDER BY "+by+" "+dir, f.SSN) // ok: an order from a list
}

func counted(db *sql.DB, f model.Filter) {
	q, n := "SELECT id FROM patients WHERE true", 0
	var args []any
	if f.SSN != "" {
		n++
		q += " AND ssn = $" + strconv.Itoa(n) // ok: the number of a placeholder
		args = append(args, f.SSN)
	}
	if f.LastName != "" {
		n++
		q += fmt.Sprintf(" AND last_name = $%d", n) // ok: the number of a placeholder
		args = append(args, f.LastName)
	}
	db.Query(q, args...) // ok: bound
}

func looped(db *sql.DB, ps []model.Patient) {
	q := "INSERT INTO patients (ssn, mrn) VALUES "
	var args []any
	for i, p := range ps {
		q += fmt.Sprintf("($%d,$%d),", i*2+1, i*2+2) // ok: numbers of placeholders
		args = append(args, p.SSN, p.MRN)
	}
	db.Exec(q[:len(q)-1], args...) // ok: bound
}

func returnedEarly(db *sql.DB, p model.Patient) {
	q := "SELECT id FROM patients WHERE ssn = $1"
	if p.SSN == "" {
		q = "SELECT id FROM patients WHERE mrn = '" + p.MRN + "'" // ok: returns before it is run
		return
	}
	db.Query(q, p.SSN) // ok: bound
}

func validated(db *sql.DB, p model.Patient, f model.Filter) {
	n, err := strconv.Atoi(f.Order)
	if err != nil {
		return
	}
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE ssn = $1 LIMIT %d", n), p.SSN) // ok: a number of rows
}
