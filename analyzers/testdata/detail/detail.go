// Package detail logs the fields of driver errors that quote rows.
package detail

import (
	"encoding/json"
	"errors"
	"log"
	"log/slog"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"
	"go.uber.org/zap"
)

func fields(err error) {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		slog.Error("insert", "detail", pgErr.Detail)  // want "PHI206"
		log.Printf("%s: %s", pgErr.Code, pgErr.Where) // want "PHI206"
		log.Printf("%#v", pgErr)                      // want "PHI206"
	}
	if pqErr, ok := err.(*pq.Error); ok {
		log.Println(pqErr.Code, pqErr.Detail) // want "PHI206"
	}
}

func whole(err error, l *zap.Logger) {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		l.Error("insert", zap.Any("error", pgErr))     // ok: zap prints its message only
		l.Error("insert", zap.Reflect("error", pgErr)) // want "PHI206"
		b, _ := json.Marshal(pgErr)
		log.Println(string(b))                            // want "PHI206"
		l.Error("insert", zap.String("code", pgErr.Code)) // ok: no value
		log.Println(pgErr)                                // ok: the message only
	}
}
