// Package quiet holds what is left alone.
package quiet

import (
	"context"
	"net"

	"cloud.google.com/go/cloudsqlconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

func pool(ctx context.Context, d *cloudsqlconn.Dialer) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig("user=app password=x database=clinic sslmode=disable") // ok: the dialer encrypts
	if err != nil {
		return nil, err
	}
	config.ConnConfig.DialFunc = func(ctx context.Context, _, _ string) (net.Conn, error) { return d.Dial(ctx, "p:r:i") }
	return pgxpool.NewWithConfig(ctx, config)
}
