// Package pgxpool stands in for the real one.
package pgxpool

import "context"

type Pool struct{}

func New(ctx context.Context, connString string) (*Pool, error) { return nil, nil }
