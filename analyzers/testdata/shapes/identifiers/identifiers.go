// Package identifiers puts names, orders and numbers of rows into SQL text.
package identifiers

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/lib/pq"

	"clinic.example/testdata/model"
)

var allowed = map[string]bool{"last_name": true, "date_of_birth": true}

func negative(db *sql.DB, f model.Filter, column, schema string, offset int64) {
	if !allowed[column] {
		return
	}
	db.Query("SELECT id FROM patients WHERE ssn = $1 ORDER BY "+column, f.SSN)                         // ok: a column of a list
	db.Query("SELECT id FROM patients WHERE "+column+" = $1", f.SSN)                                   // ok: a column
	db.Query("SELECT id FROM patients WHERE "+pq.QuoteIdentifier(column)+" = $1", f.SSN)               // ok: a quoted column
	db.Query("SELECT "+column+" FROM patients WHERE ssn = $1", f.SSN)                                  // ok: a column
	db.Query(fmt.Sprintf("SELECT p.%s FROM patients p WHERE p.ssn = $1", column), f.SSN)               // ok: a column
	db.Query(fmt.Sprintf(`SELECT "%s" FROM patients WHERE ssn = $1`, column), f.SSN)                   // ok: a quoted column
	db.Query(fmt.Sprintf("SELECT count(%s) FROM patients", column))                                    // ok: a column
	db.Query(fmt.Sprintf("SELECT %s, count(*) FROM patients GROUP BY %s", column, column))             // ok: a column
	db.Query("SELECT id FROM "+pgx.Identifier{schema, "patients"}.Sanitize()+" WHERE ssn = $1", f.SSN) // ok: a quoted table
	db.Query("SELECT id FROM " + schema + ".patients")                                                 // ok: a schema
	db.Exec("SET LOCAL search_path TO " + schema)                                                      // ok: a schema
	db.Exec("CREATE SCHEMA IF NOT EXISTS " + pq.QuoteIdentifier(schema))                               // ok: a schema
	db.Exec("TRUNCATE TABLE " + strings.Join([]string{"patients", "visits"}, ", "))                    // ok: constants
	db.Exec("CREATE INDEX CONCURRENTLY idx_" + column + " ON patients (" + column + ")")               // ok: a column
	db.Exec("ALTER TABLE patients ADD COLUMN " + column + " text")                                     // ok: a column
	db.Exec("NOTIFY " + schema)                                                                        // ok: a channel's name
	db.Query("SELECT id FROM patients ORDER BY last_name " + f.Order)                                  // ok: a direction
	db.Query("SELECT id FROM patients ORDER BY " + strings.ToLower(f.Order) + " NULLS LAST")           // ok: an order
	db.Query(fmt.Sprintf("SELECT id FROM patients LIMIT %d OFFSET %d", f.Limit, offset))               // ok: numbers of rows
	db.Query(fmt.Sprintf("SELECT id FROM patients LIMIT %d OFFSET %d", f.Limit, (f.Offset-1)*f.Limit)) // ok: numbers of rows
	db.Query(fmt.Sprintf("DECLARE c CURSOR FOR SELECT ssn FROM patients; FETCH %d FROM c", f.Limit))   // ok: a number of rows
	db.Query(fmt.Sprintf("EXPLAIN (FORMAT %s) SELECT ssn FROM patients", f.Order))                     // ok: a keyword
}

func positive(db *sql.DB, f model.Filter, p model.Patient, column string) {
	db.Query(fmt.Sprintf("SELECT id FROM patients WHERE %s = '%s'", column, p.SSN))                                             // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE " + pq.QuoteIdentifier(column) + " = '" + p.SSN + "'")                              // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn = " + pq.QuoteLiteral(p.SSN))                                                   // want `PHI101 p.SSN`
	db.Query("SELECT id, '" + p.LastName + "' AS asked FROM patients")                                                          // want `PHI101 p.LastName`
	db.Query("SELECT id FROM patients ORDER BY last_name = '" + p.LastName + "' DESC")                                          // want `PHI101 p.LastName`
	db.Query("SELECT id FROM patients WHERE last_name = '" + p.LastName + "' ORDER BY " + f.Order)                              // want `PHI101 p.LastName`
	db.Query("SELECT id FROM patients GROUP BY id HAVING max(ssn) = '" + p.SSN + "'")                                           // want `PHI101 p.SSN`
	db.Query("SELECT CASE WHEN ssn = '" + p.SSN + "' THEN 1 END FROM patients")                                                 // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE ssn IN (SELECT ssn FROM old WHERE mrn = '" + p.MRN + "')")                          // want `PHI101 p.MRN`
	db.Query("SELECT * FROM find_patient('" + p.SSN + "')")                                                                     // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE data @> '{\"ssn\": \"" + p.SSN + "\"}'")                                            // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE data->>'ssn' = '" + p.SSN + "'")                                                    // want `PHI101 p.SSN`
	db.Query("SELECT id FROM patients WHERE to_tsvector(last_name) @@ to_tsquery('" + p.LastName + "')")                        // want `PHI101 p.LastName`
	db.Exec("CALL merge_patient('" + p.MRN + "', $1)")                                                                          // want `PHI101 p.MRN`
	db.Exec("DO $$ BEGIN DELETE FROM patients WHERE ssn = '" + p.SSN + "'; END $$")                                             // want `PHI101 p.SSN`
	db.Exec("CREATE TABLE patient_" + p.SSN + " (id int)")                                                                      // want `PHI103 p.SSN`
	db.Exec("NOTIFY patients, '" + p.SSN + "'")                                                                                 // want `PHI101 p.SSN`
	db.Exec("COPY (SELECT * FROM patients WHERE ssn = '" + p.SSN + "') TO STDOUT")                                              // want `PHI101 p.SSN`
	db.Exec("MERGE INTO patients USING (SELECT '" + p.SSN + "' AS ssn) n ON n.ssn = patients.ssn WHEN MATCHED THEN DO NOTHING") // want `PHI101 p.SSN`
	db.Exec("UPDATE patients SET (ssn, mrn) = ('" + p.SSN + "', $1) WHERE id = $2")                                             // want `PHI101 p.SSN`
}
