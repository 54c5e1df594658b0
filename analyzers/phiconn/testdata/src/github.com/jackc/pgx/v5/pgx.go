// Package pgx stands in for the real one.
package pgx

type ConnConfig struct{ Host, Password string }
