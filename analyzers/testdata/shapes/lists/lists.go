// Package lists puts values into SQL text with Join, Replace and the like.
package lists

import (
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"clinic.example/testdata/model"
)

func positive(db *sql.DB, p model.Patient, ssns []string) {
	db.Query("SELECT id FROM patients WHERE ssn IN ('" + strings.Join(ssns, "', '") + "')")                        // want `PHI101 ssns`
	db.Query(strings.Join([]string{"SELECT id FROM patients WHERE ssn = '", p.SSN, "'"}, ""))                      // want `PHI101 p.SSN`
	db.Query(strings.Replace("SELECT id FROM patients WHERE ssn = ':ssn'", ":ssn", p.SSN, -1))                     // want `PHI101 p.SSN`
	db.Query(strings.ReplaceAll("SELECT id FROM patients WHERE ssn = '{}'", "{}", p.SSN))                          // want `PHI101 p.SSN`
	db.Query(strings.NewReplacer("{ssn}", p.SSN).Replace("SELECT id FROM patients WHERE ssn = '{ssn}'"))           // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE last_name = '" + strings.ToUpper(strings.TrimSpace(p.LastName)) + "'") // want `PHI101 p.LastName`
	db.Query("SELECT id FROM patients WHERE ssn = '" + strings.Split(p.SSN, "-")[0] + "'")                         // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE last_name = " + strconv.Quote(p.LastName))                             // want `PHI101 p.LastName`
	db.Query("SELECT id FROM patients WHERE ssn = '" + strings.Trim(p.SSN, " ") + "'")                             // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = '" + strings.Repeat(p.SSN, 1) + "'")                             // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = '" + strings.Map(digits, p.SSN) + "'")                           // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = '" + strings.Fields(p.SSN)[0] + "'")                             // want `PHI101 p.SSN`
	db.Query(strings.TrimRight("SELECT id FROM patients WHERE ssn = '"+p.SSN+"' AND ", "AND "))                    // want `PHI101 p.SSN`
}

func digits(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

func collected(db *sql.DB, p model.Patient) {
	var where []string
	where = append(where, "active")
	where = append(where, "ssn = '"+p.SSN+"'", fmt.Sprintf("last_name = '%s'", p.LastName)) // want `PHI101 p.SSN` `PHI101 p.LastName`
	db.Query("SELECT id FROM patients WHERE " + strings.Join(where, " AND "))
}

func indexed(db *sql.DB, ssns []string) {
	quoted := make([]string, len(ssns))
	for i, ssn := range ssns {
		quoted[i] = "'" + ssn + "'" // want `PHI101 ssn`
	}
	db.Query("SELECT id FROM patients WHERE ssn IN (" + strings.Join(quoted, ",") + ")")
}

func formatted(db *sql.DB, ps []model.Patient) {
	var rows []string
	for _, p := range ps {
		rows = append(rows, fmt.Sprintf("('%s', '%s')", p.SSN, p.Phone)) // want `PHI101 p.SSN, p.Phone`
	}
	db.Exec(fmt.Sprintf("INSERT INTO patients (ssn, phone) VALUES %s", strings.Join(rows, ", ")))
}

func copied(db *sql.DB, p model.Patient) {
	base := []string{"active"}
	where := make([]string, 2)
	copy(where, base)
	where[1] = "ssn = '" + p.SSN + "'" // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + strings.Join(where, " AND "))
}

func concatenated(db *sql.DB, p model.Patient) {
	where := slices.Concat([]string{"active"}, []string{"ssn = '" + p.SSN + "'"})
	db.Query("SELECT id FROM patients WHERE " + strings.Join(where, " AND ")) // want `PHI101 p.SSN`
}

func array(db *sql.DB, p model.Patient) {
	parts := [3]string{"SELECT id FROM patients WHERE ssn = '", p.SSN, "'"}
	db.Query(strings.Join(parts[:], "")) // want `PHI101 p.SSN`
}

func negative(db *sql.DB, ssns []string, fields []string, n int, f model.Filter) {
	args := make([]any, 0, len(ssns))
	marks := make([]string, 0, len(ssns))
	for i, ssn := range ssns {
		marks = append(marks, fmt.Sprintf("$%d", i+1)) // ok: a placeholder
		args = append(args, ssn)
	}
	db.Query("SELECT id FROM patients WHERE ssn IN ("+strings.Join(marks, ",")+")", args...)                         // ok: bound
	db.Query("SELECT id FROM patients WHERE ssn IN (?"+strings.Repeat(",?", len(ssns)-1)+")", args...)               // ok: placeholders
	db.Query("SELECT id FROM patients WHERE ssn IN ("+strings.TrimSuffix(strings.Repeat("?,", n), ",")+")", args...) // ok: placeholders
	db.Query("SELECT "+strings.Join(fields, ", ")+" FROM patients WHERE ssn = $1", f.SSN)                            // ok: names of columns
	db.Query("SELECT "+strings.Join([]string{"id", "ssn"}, ", ")+" FROM patients WHERE ssn = $1", f.SSN)             // ok: constants
	db.Query(strings.ReplaceAll("SELECT id FROM {schema}.patients WHERE ssn = $1", "{schema}", "app"), f.SSN)        // ok: a schema's name
	db.Query(strings.TrimSpace(" SELECT id FROM patients WHERE ssn = $1 "), f.SSN)                                   // ok: a constant
	db.Query("SELECT id FROM patients WHERE ssn = ANY($1)", strings.Join(ssns, ","))                                 // ok: bound
	db.Query(strings.Join([]string{"SELECT id FROM patients", "WHERE ssn = $1", "LIMIT 5"}, "\n"), f.SSN)            // ok: constants
}

func pairs(db *sql.DB, p model.Patient, values map[string]any) {
	var set []string
	var args []any
	for column, value := range values {
		args = append(args, value)
		set = append(set, fmt.Sprintf("%s = $%d", column, len(args))) // ok: a column and the number of a placeholder
	}
	args = append(args, p.ID)
	db.Exec(fmt.Sprintf("UPDATE patients SET %s WHERE id = $%d", strings.Join(set, ", "), len(args)), args...) // ok: bound
}

func rows(db *sql.DB, ps []model.Patient) {
	var groups []string
	var args []any
	for i, p := range ps {
		n := i * 2
		groups = append(groups, "($"+strconv.Itoa(n+1)+", $"+strconv.Itoa(n+2)+")") // ok: numbers of placeholders
		args = append(args, p.SSN, p.Phone)
	}
	db.Exec("INSERT INTO patients (ssn, phone) VALUES "+strings.Join(groups, ", "), args...) // ok: bound
}
