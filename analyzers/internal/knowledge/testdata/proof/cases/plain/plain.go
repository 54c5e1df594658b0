// Package plain makes queries of goqu's functions, without a database.
package plain

import "github.com/doug-martin/goqu/v9"

// Patient makes this a program with health data.
type Patient struct {
	ID        int64
	SSN       string
	LastName  string
	Diagnosis string
}

func find(p Patient) (string, []any, error) {
	return goqu.From("patients").Where(goqu.C("ssn").Eq(p.SSN)).ToSQL() // want `PHI104 goqu writes values into the SQL text unless a query is Prepared`
}
