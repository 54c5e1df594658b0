// Package testutil is below a folder of tests.
package testutil

// DSN is for tests.
const DSN = "postgres://app:Tr0ub4dor@db.example.org/clinic?sslmode=disable" // ok: for tests
