package quiet

import "github.com/testcontainers/testcontainers-go"

func start(c testcontainers.Container) (string, error) {
	_ = "postgres://app:Tr0ub4dor@db.example.org/clinic?sslmode=disable" // ok: a helper of tests
	return c.ConnectionString("sslmode=disable")                         // ok: a helper of tests
}
