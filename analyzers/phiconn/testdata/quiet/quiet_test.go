package quiet

import "testing"

const dsn = "postgres://app:Tr0ub4dor@db.example.org/clinic?sslmode=disable" // ok: a test

func TestNothing(t *testing.T) { t.Log(dsn) }
