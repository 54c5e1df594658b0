package postgres

import (
	"context"
	"crypto/tls"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// OpenLab connects to the laboratory's server, whose certificate has the name
// of the old machine.
func OpenLab(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("laboratory database: %w", err)
	}
	config.ConnConfig.TLSConfig = &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10}
	return pgxpool.NewWithConfig(ctx, config)
}

// OpenReporting connects to the read replica of the reports.
func OpenReporting(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("reporting database: %w", err)
	}
	config.ConnConfig.TLSConfig = &tls.Config{ServerName: config.ConnConfig.Host, MinVersion: tls.VersionTLS12}
	return pgxpool.NewWithConfig(ctx, config)
}
