// Package once leads to the same line of a log in several ways.
package once

import (
	"context"
	"database/sql"
	"fmt"
	"log"

	"clinic.example/testdata/logshapes/once/outbox"
	"clinic.example/testdata/model"
)

func admitted(ctx context.Context, b *outbox.Box, p model.Patient) {
	b.Put(ctx, "admitted", p.SSN) // want "PHI205 logged error of sql.DB.ExecContext can quote p.SSN"
}

func discharged(ctx context.Context, b *outbox.Box, p model.Patient) {
	b.Put(ctx, "discharged", p.MRN) // ok: that line of the log was reported above
}

func update(db *sql.DB, p model.Patient) {
	_, err := db.Exec("UPDATE patients SET phone = $1 WHERE ssn = $2", p.Phone, p.SSN)
	if err != nil {
		failed( // want "PHI205 logged error of sql.DB.Exec can quote p.Phone"
			err,
			fmt.Sprintf("update: %v", err),
		)
	}
}

func failed(err error, detail string) {
	log.Print(detail)
	log.Print(err)
}
