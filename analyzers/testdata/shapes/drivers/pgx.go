package drivers

import (
	"context"
	"fmt"

	pgx4 "github.com/jackc/pgx/v4"
	pool4 "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"clinic.example/testdata/model"
)

func pool(ctx context.Context, db *pgxpool.Pool, conn *pgxpool.Conn, tx *pgxpool.Tx, p model.Patient) {
	db.Exec(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                              // want `PHI101 p.SSN`
	db.Query(ctx, fmt.Sprintf("SELECT id FROM patients WHERE mrn = '%s'", p.MRN))             // want `PHI101 p.MRN`
	conn.QueryRow(ctx, "SELECT id FROM patients WHERE phone = '"+p.Phone+"'")                 // want `PHI101 p.Phone`
	tx.Prepare(ctx, "find", "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")                // want `PHI101 p.SSN`
	db.Exec(ctx, "DELETE FROM patients WHERE ssn = $1", p.SSN)                                // ok: bound
	db.QueryRow(ctx, "SELECT id FROM patients WHERE ssn = @ssn", pgx.NamedArgs{"ssn": p.SSN}) // ok: bound by name
	conn.Query(ctx, "SELECT id FROM patients WHERE ssn = ANY($1)", []string{p.SSN})           // ok: bound
	tx.Prepare(ctx, "find", "SELECT id FROM patients WHERE ssn = $1")                         // ok: a constant
}

func within(ctx context.Context, db *pgxpool.Pool, p model.Patient) error {
	return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error {
		tx.Exec(ctx, "DELETE FROM patients WHERE mrn = $1", p.MRN)             // ok: bound
		_, err := tx.Exec(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'") // want `PHI101 p.SSN`
		return err
	})
}

func sent(ctx context.Context, tx pgx.Tx, ps []model.Patient) {
	b := &pgx.Batch{}
	for _, p := range ps {
		b.Queue(fmt.Sprintf("INSERT INTO patients (ssn, mrn) VALUES ('%s', '%s')", p.SSN, p.MRN)) // want `PHI101 p.SSN, p.MRN`
		b.Queue("INSERT INTO patients (ssn, mrn) VALUES ($1, $2)", p.SSN, p.MRN)                  // ok: bound
	}
	tx.SendBatch(ctx, b)
}

func copied(ctx context.Context, tx pgx.Tx, ps []model.Patient) {
	var rows [][]any
	for _, p := range ps {
		rows = append(rows, []any{p.SSN, p.MRN}) // ok: rows of a copy
	}
	tx.CopyFrom(ctx, pgx.Identifier{"patients"}, []string{"ssn", "mrn"}, pgx.CopyFromRows(rows)) // ok: rows of a copy
}

func wire(ctx context.Context, c *pgconn.PgConn, p model.Patient) {
	c.Exec(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"'")                                       // want `PHI101 p.SSN`
	c.ExecParams(ctx, "DELETE FROM patients WHERE ssn = '"+p.SSN+"' AND id = $1", nil, nil, nil, nil) // want `PHI101 p.SSN`
	c.CopyTo(ctx, nil, "COPY (SELECT id FROM patients WHERE ssn = '"+p.SSN+"') TO STDOUT")            // want `PHI101 p.SSN`
	c.ExecParams(ctx, "DELETE FROM patients WHERE ssn = $1", [][]byte{[]byte(p.SSN)}, nil, nil, nil)  // ok: bound
}

func four(ctx context.Context, db *pool4.Pool, conn *pgx4.Conn, tx pgx4.Tx, p model.Patient) {
	db.Query(ctx, "SELECT id FROM patients WHERE ssn = '"+p.SSN+"'")                  // want `PHI101 p.SSN`
	conn.QueryRow(ctx, fmt.Sprintf("SELECT 1 FROM patients WHERE mrn = '%s'", p.MRN)) // want `PHI101 p.MRN`
	tx.Exec(ctx, "DELETE FROM patients WHERE phone = '"+p.Phone+"'")                  // want `PHI101 p.Phone`
	var b pgx4.Batch
	b.Queue("DELETE FROM patients WHERE ssn = '" + p.SSN + "'")               // want `PHI101 p.SSN`
	b.Queue("DELETE FROM patients WHERE ssn = $1", p.SSN)                     // ok: bound
	db.Query(ctx, "SELECT id FROM patients WHERE ssn = $1", p.SSN)            // ok: bound
	tx.Exec(ctx, "DELETE FROM patients WHERE phone = $1", p.Phone)            // ok: bound
	conn.QueryRow(ctx, "SELECT 1 FROM patients WHERE mrn LIKE $1", p.MRN+"%") // ok: bound
}
