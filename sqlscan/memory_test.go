package sqlscan_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
)

// fingerprint is what a scan has found, as text.
func fingerprint(r *sqlscan.Result) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s:%d:%d-%d:%d %s %s %s %s %v", f.Span.File, f.Span.Start.Line, f.Span.Start.Column, f.Span.End.Line, f.Span.End.Column,
			f.Rule.ID, f.Severity, f.Message, f.Reason, f.Related))
	}
	for _, n := range r.Notices {
		out = append(out, fmt.Sprint(n))
	}
	for _, t := range r.Tables {
		out = append(out, fmt.Sprintf("%+v", t))
	}
	return append(out, fmt.Sprint(r.Statements, r.Files, r.Histories))
}

func mustScan(t *testing.T, o sqlscan.Options) []string {
	t.Helper()
	r, err := sqlscan.Scan(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return fingerprint(r)
}

func put(t *testing.T, root, name, text string) {
	t.Helper()
	ruletest.Files{name: text}.WriteTo(t, root)
	// Long ago, so that only what is written later looks changed.
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(root, filepath.FromSlash(name)), old, old); err != nil {
		t.Fatal(err)
	}
}

// project has what a memory could get wrong: several tools, functions and DO
// blocks, templates, dynamic SQL, Go migrations, files of another database,
// scripts that belong to a history, settings.
var project = map[string]string{
	"go.mod": "module x\n\nrequire github.com/jackc/pgx/v5 v5.0.0\n",
	"db/migrations/0001_patients.up.sql": "CREATE SCHEMA app;\nCREATE TABLE app.patients (id bigint PRIMARY KEY, ssn text, first_name text, notes text);\n" +
		"CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$\nDECLARE x text := 'a';\nBEGIN\n  RAISE NOTICE 'patient %', p;\n  UPDATE app.patients SET notes = p WHERE ssn = p;\n  EXECUTE 'GRANT SELECT ON app.patients TO PUBLIC';\nEND $$;\n",
	"db/migrations/0002_do.up.sql":   "DO $$ BEGIN\n  FOR i IN 1..2 LOOP\n    EXECUTE 'ALTER TABLE app.patients ENABLE ROW LEVEL SECURITY';\n  END LOOP;\nEND $$;\nSELECT broken FROM FROM;\n",
	"db/migrations/0003_tmpl.up.sql": "CREATE TABLE {{ .Schema }}.visits (patient_id bigint, diagnosis text);\nGRANT ALL ON {{ .Schema }}.visits TO PUBLIC;\n",
	"db/policies.sql":                "CREATE POLICY p ON app.patients USING (true);\n",
	"legacy/mysql/1.sql":             "CREATE TABLE t (id int AUTO_INCREMENT) ENGINE=InnoDB;\n",
	"internal/schema.go":             "package internal\n\nconst Schema = `CREATE TABLE audit_log (id bigint, patient_name text)`\n",
	"internal/other.go":              "package internal\n",
	"postgresql.conf":                "log_statement = 'all'\nlog_parameter_max_length = -1\nssl = off\n",
	"tests/fixture.sql":              "SELECT 1;\n",
}

// TestMemoryChangesNothing makes one edit after the other, and holds each scan
// with a memory against one without, of the same text on the disk.
func TestMemoryChangesNothing(t *testing.T) {
	root, plain := t.TempDir(), t.TempDir()
	root, err := filepath.EvalSymlinks(root)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range project {
		put(t, root, name, text)
		put(t, plain, name, text)
	}
	o := sqlscan.Options{Root: root, Memory: sqlscan.NewMemory(root), Vars: map[string]string{"Schema": "app"}}
	compare := func(step string) {
		t.Helper()
		want := mustScan(t, sqlscan.Options{Root: plain, Vars: o.Vars})
		for range 2 {
			if diff := cmp.Diff(want, mustScan(t, o)); diff != "" {
				t.Fatalf("%s (-without +with a memory):\n%s", step, diff)
			}
		}
	}
	compare("start")
	edits := []struct{ name, text string }{
		{"db/migrations/0002_do.up.sql", "SELECT 1;\n"},
		{"db/migrations/0002_do.up.sql", strings.Repeat("\n", 7) + project["db/migrations/0002_do.up.sql"]},
		{"db/migrations/0001_patients.up.sql", "-- moved\n" + project["db/migrations/0001_patients.up.sql"]},
		{"db/migrations/0001_patients.up.sql", strings.ReplaceAll(project["db/migrations/0001_patients.up.sql"], "ssn", "bed")},
		{"db/migrations/0001_patients.up.sql", "'"},
		{"db/migrations/0001_patients.up.sql", ""},
		{"db/migrations/0001_patients.up.sql", project["db/migrations/0001_patients.up.sql"]},
		{"db/migrations/0003_tmpl.up.sql", "-- +goose Up\nCREATE TABLE {{ .Schema }}.v (ssn text);\n-- +goose Down\nDROP TABLE app.patients;\n"},
		{"db/migrations/0004_new.up.sql", "GRANT SELECT ON app.patients TO PUBLIC;\n"}, // not on the disk
		{"db/policies.sql", "ALTER TABLE app.patients FORCE ROW LEVEL SECURITY;\n"},
		{"legacy/mysql/1.sql", "CREATE TABLE patients (ssn text, t timestamptz);\n"},
		{"postgresql.conf", "ssl = on\n"},
	}
	for _, e := range edits {
		o.Memory.Overlay(e.name, []byte(e.text))
		put(t, plain, e.name, e.text)
		compare("after an edit of " + e.name)
	}
	for _, e := range edits { // back to the disk
		o.Memory.Overlay(e.name, nil)
		if text, ok := project[e.name]; ok {
			put(t, plain, e.name, text)
		} else {
			os.Remove(filepath.Join(plain, e.name))
		}
		compare("after closing " + e.name)
	}
	change := func(name, text string) {
		t.Helper()
		for _, dir := range []string{root, plain} {
			if text == "" {
				os.Remove(filepath.Join(dir, filepath.FromSlash(name)))
				continue
			}
			ruletest.Files{name: text}.WriteTo(t, dir)
		}
		o.Memory.Refresh()
		compare("after a change on the disk of " + name)
	}
	change("db/migrations/0005_disk.up.sql", "CREATE TABLE app.a (patient_ssn text);\n")
	change("db/migrations/0005_disk.up.sql", "CREATE TABLE app.b (patient_ssn text);\n") // the same size, at once
	change("db/migrations/0002_do.up.sql", "")
	change("internal/other.go", "package internal\n\nconst More = `CREATE TABLE patients_more (ssn text)`\n")
	change("internal/schema.go", "")
}
