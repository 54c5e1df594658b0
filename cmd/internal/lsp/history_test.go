package lsp_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// words make the names of a history; half of them are about patients.
var words = []string{"patient", "visit", "ward", "invoice", "order", "allergy", "device", "drug", "claim", "staff",
	"room", "lab_result", "message", "referral", "consent", "shift", "supplier", "vaccine", "diagnosis", "payment"}

// writeHistory writes a golang-migrate history of n files as services have
// them: tables with keys, indexes and comments, row security with policies,
// trigger functions, views, grants, later changes and some data.
func writeHistory(t testing.TB, root string, n int) []string {
	t.Helper()
	dir := filepath.Join(root, "db", "migrations")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var files []string
	for i := range n {
		word := words[i%len(words)]
		table := fmt.Sprintf("app.%s_%d", word, i/len(words)/5)
		name := filepath.Join(dir, fmt.Sprintf("%06d_%s_%d.up.sql", i+1, word, i))
		if err := os.WriteFile(name, []byte(migration(i, table)), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	return files
}

// migration returns the text of one file. Every fifth turn through the words
// starts with new tables.
func migration(i int, table string) string {
	var b strings.Builder
	if i == 0 {
		b.WriteString("CREATE SCHEMA app;\nCREATE ROLE app_user NOLOGIN;\nCREATE ROLE reporting NOLOGIN;\n\n")
	}
	switch (i / len(words)) % 5 {
	case 0:
		fmt.Fprintf(&b, "-- What a %s is.\nCREATE TABLE %s (\n    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),\n    tenant_id uuid NOT NULL,\n", table, table)
		if i%2 == 0 {
			b.WriteString("    patient_id uuid NOT NULL,\n    first_name text NOT NULL,\n    last_name text NOT NULL,\n    date_of_birth date,\n    ssn text,\n    email text,\n    phone text,\n")
		}
		b.WriteString("    title text NOT NULL,\n    status text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'done')),\n    amount numeric(12, 2) NOT NULL DEFAULT 0,\n    notes text,\n" +
			"    details jsonb NOT NULL DEFAULT '{}'::jsonb,\n    created_at timestamptz NOT NULL DEFAULT now(),\n    updated_at timestamptz NOT NULL DEFAULT now()\n);\n")
		fmt.Fprintf(&b, "CREATE INDEX ON %s (tenant_id, created_at DESC);\nCREATE INDEX ON %s (status) WHERE status <> 'done';\n", table, table)
		fmt.Fprintf(&b, "COMMENT ON TABLE %s IS 'one row for each';\nCOMMENT ON COLUMN %s.details IS 'what has no column of its own';\n", table, table)
	case 1:
		fmt.Fprintf(&b, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY;\nALTER TABLE %s FORCE ROW LEVEL SECURITY;\n", table, table)
		fmt.Fprintf(&b, "CREATE POLICY tenant ON %s TO app_user USING (tenant_id = current_setting('app.tenant')::uuid) WITH CHECK (tenant_id = current_setting('app.tenant')::uuid);\n", table)
		fmt.Fprintf(&b, "REVOKE ALL ON %s FROM PUBLIC;\nGRANT SELECT, INSERT, UPDATE ON %s TO app_user;\nGRANT SELECT (id, status, created_at) ON %s TO reporting;\n", table, table, table)
	case 2:
		function := strings.ReplaceAll(table, "app.", "app.touch_")
		fmt.Fprintf(&b, "CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SET search_path = app AS $$\nDECLARE\n    changed integer := 0;\nBEGIN\n    IF NEW.status IS DISTINCT FROM OLD.status THEN\n"+
			"        changed := changed + 1;\n        UPDATE %s SET updated_at = now() WHERE id = NEW.id AND tenant_id = NEW.tenant_id;\n    END IF;\n    NEW.updated_at := now();\n    RETURN NEW;\nEND;\n$$;\n", function, table)
		fmt.Fprintf(&b, "CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION %s();\n", table, function)
	case 3:
		fmt.Fprintf(&b, "ALTER TABLE %s ADD COLUMN external_id text, ADD COLUMN archived boolean NOT NULL DEFAULT false;\nALTER TABLE %s ALTER COLUMN title TYPE varchar(200);\n", table, table)
		fmt.Fprintf(&b, "CREATE UNIQUE INDEX ON %s (tenant_id, external_id) WHERE NOT archived;\n", table)
		fmt.Fprintf(&b, "DO $$\nBEGIN\n    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'auditor') THEN\n        CREATE ROLE auditor NOLOGIN;\n    END IF;\nEND $$;\nGRANT SELECT ON %s TO auditor;\n", table)
	default:
		fmt.Fprintf(&b, "CREATE VIEW %s_open WITH (security_invoker = true) AS\n    SELECT t.id, t.title, t.status, t.created_at, count(*) OVER (PARTITION BY t.tenant_id) AS of_tenant\n    FROM %s AS t\n    WHERE t.status <> 'done' AND NOT t.archived;\n", table, table)
		fmt.Fprintf(&b, "INSERT INTO %s (tenant_id, title) SELECT gen_random_uuid(), 'row ' || n FROM generate_series(1, 3) AS n WHERE false;\nUPDATE %s SET details = details - 'old' WHERE details ? 'old';\n", table, table)
	}
	return b.String()
}
