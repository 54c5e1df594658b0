package ruletest

import (
	"fmt"
	"strings"
)

// History returns a migration history of n files, as a service of some years
// has it: tables, what is added to them later, indexes, access rules, comments,
// functions and a little data; a quarter of the tables is about patients. There
// are about five statements and 1.2 kB a file. Equal numbers give equal files.
//
// It is for benchmarks: what it holds is made up and nobody judges it.
func History(n int) Files {
	files := Files{}
	for i := range n {
		var b strings.Builder
		table := fmt.Sprintf("%s_%d", kinds[i%len(kinds)], i/8)
		switch i % 8 {
		case 0, 2, 5:
			createTable(&b, table, i)
		default:
			alterTable(&b, fmt.Sprintf("%s_%d", kinds[(i-i%8)%len(kinds)], i/8), i)
		}
		files[fmt.Sprintf("migrations/%06d_%s.up.sql", i+1, table)] = b.String()
	}
	return files
}

var kinds = []string{"patients", "orders", "audit_events", "appointments", "invoices", "devices", "lab_results", "rooms"}

func createTable(b *strings.Builder, table string, i int) {
	fmt.Fprintf(b, `-- Rows are written by the service of the same name.
BEGIN;
CREATE TABLE IF NOT EXISTS %[1]s (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    tenant_id     uuid NOT NULL,
    external_ref  varchar(64) NOT NULL,
    status        text NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'closed')),
    amount_cents  bigint NOT NULL DEFAULT 0,
    first_name    text,
    birth_date    date,
    payload       jsonb NOT NULL DEFAULT '{}'::jsonb,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz,
    CONSTRAINT %[1]s_ref_key UNIQUE (tenant_id, external_ref)
);
CREATE INDEX IF NOT EXISTS %[1]s_created_idx ON %[1]s (tenant_id, created_at DESC) WHERE status <> 'closed';
COMMENT ON TABLE %[1]s IS 'One row for each %[2]d of them';
`, table, i)
	if i%2 == 0 {
		fmt.Fprintf(b, `ALTER TABLE %[1]s ENABLE ROW LEVEL SECURITY;
CREATE POLICY %[1]s_tenant ON %[1]s USING (tenant_id = current_setting('app.tenant_id')::uuid) WITH CHECK (tenant_id = current_setting('app.tenant_id')::uuid);
GRANT SELECT, INSERT, UPDATE ON %[1]s TO app_service;
`, table)
	}
	b.WriteString("COMMIT;\n")
}

func alterTable(b *strings.Builder, table string, i int) {
	fmt.Fprintf(b, `ALTER TABLE %[1]s ADD COLUMN note_%[2]d text, ADD COLUMN seen_%[2]d boolean NOT NULL DEFAULT false;
CREATE INDEX CONCURRENTLY IF NOT EXISTS %[1]s_seen_%[2]d_idx ON %[1]s (seen_%[2]d);
UPDATE %[1]s SET seen_%[2]d = true WHERE created_at < now() - interval '30 days' AND status = 'closed';
INSERT INTO settings (key, value) VALUES ('%[1]s.%[2]d', 'on') ON CONFLICT (key) DO UPDATE SET value = excluded.value;
CREATE OR REPLACE FUNCTION touch_%[2]d() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status IS DISTINCT FROM OLD.status THEN
        NEW.updated_at := now();
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER touch_%[2]d BEFORE UPDATE ON %[1]s FOR EACH ROW EXECUTE FUNCTION touch_%[2]d();
`, table, i)
}
