// Package testcontainers stands in for the real one.
package testcontainers

// A Container runs for one test.
type Container interface {
	ConnectionString(args ...string) (string, error)
}
