// Package prepared tells goqu to leave the values out, and uses pgdriver alone.
package prepared

import (
	"database/sql"

	"github.com/doug-martin/goqu/v9"
	"github.com/uptrace/bun/driver/pgdriver"
)

// Patient makes this a program with health data.
type Patient struct {
	ID        int64
	SSN       string
	LastName  string
	Diagnosis string
}

func find(db *sql.DB, p Patient) *goqu.SelectDataset {
	return goqu.New("postgres", db).From("patients").Prepared(true).Where(goqu.C("ssn").Eq(p.SSN)) // ok: prepared
}

func open(dsn string) *sql.DB {
	return sql.OpenDB(pgdriver.NewConnector(pgdriver.WithDSN(dsn))) // want `PHI104 pgdriver writes bound values into the SQL text`
}
