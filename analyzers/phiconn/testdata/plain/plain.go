// Package plain takes TLS out of a parsed configuration.
package plain

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func pools(ctx context.Context, dsn string) {
	config, _ := pgxpool.ParseConfig(dsn)
	config.ConnConfig.TLSConfig = nil // want `high PHI301 PostgreSQL connection with TLSConfig nil: nothing is encrypted`
	pgxpool.NewWithConfig(ctx, config)
}

func single(ctx context.Context, dsn string, isLocal bool) {
	config, _ := pgx.ParseConfig("postgres://app@db.example.org/clinic") // ok: the package sets TLSConfig itself
	if isLocal {
		config.TLSConfig = nil // want `low PHI301 .* TLSConfig nil`
	}
	config.Password = "Tr0ub4dor" // want `high PHI304 .*the password is a literal`
	pgx.ConnectConfig(ctx, config)
}
