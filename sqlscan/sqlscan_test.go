package sqlscan_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
)

func scan(t *testing.T, files ruletest.Files) *sqlscan.Result {
	t.Helper()
	dir := files.Write(t)
	r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var clinic = ruletest.Files{
	"db/migrations/000001_init.up.sql": `CREATE TABLE patients (id uuid PRIMARY KEY, mrn text, birth_date date);
CREATE TABLE visits (id uuid PRIMARY KEY, patient_id uuid REFERENCES patients, notes text);
aaaCREATE TABLE broken (id int);
CREATE ROLE app LOGIN PASSWORD 'cedar-falls-0417';
INSERT INTO patients (mrn) VALUES ('00517364');
COMMENT ON TABLE visits IS 'seen with SSN 536-22-8817';
CREATE TABLE patient_john_smith (id int);
`,
	"db/migrations/000001_init.down.sql": "DROP TABLE visits; DROP TABLE patients;",
	"db/migrations/000002_rls.up.sql":    "ALTER TABLE patients ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\nCREATE POLICY own ON patients TO app USING (id = app_patient());\n",
	"db/seed/seed.sql":                   "GRANT SELECT ON patients TO PUBLIC;\n",
}

// rulesAt returns "file:line rule" of the findings of the given rules.
func rulesAt(r *sqlscan.Result, ids ...string) []string {
	var out []string
	for _, f := range r.Findings {
		if slices.Contains(ids, f.Rule.ID) {
			out = append(out, f.Span.File+":"+string(rune('0'+f.Span.Start.Line))+" "+f.Rule.ID)
		}
	}
	return out
}

func TestScan(t *testing.T) {
	r := scan(t, clinic)
	want := []string{"db/migrations/000001_init.up.sql:2 PHI501", "db/migrations/000001_init.up.sql:3 PHI901"}
	if diff := cmp.Diff(want, rulesAt(r, "PHI501", "PHI901")); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if r.Schema == nil || !r.Schema.Health() || r.Schema.Table("", "patients") == nil || !r.Schema.Table("", "patients").PHI {
		t.Errorf("patients is no PHI table of a health schema")
	}
	if len(r.Files) != 3 && len(r.Files) != 4 {
		t.Errorf("read %v", r.Files)
	}
	if r.Statements < 10 {
		t.Errorf("counted %d statements", r.Statements)
	}
	var visits *sqlscan.Table
	for i := range r.Tables {
		if r.Tables[i].Name == "visits" {
			visits = &r.Tables[i]
		}
	}
	if visits == nil || !visits.PHI || visits.RowSecurity || len(visits.Columns) != 3 {
		t.Errorf("inventory of visits: %+v", visits)
	}
}

// TestAlternatives has one table in two scripts side by side: what a column is
// is told once, that a script leaves out row security of each, and of tables in
// other folders, which may be another database, all.
func TestAlternatives(t *testing.T) {
	table := "CREATE TABLE patients (id uuid PRIMARY KEY, mrn text);\n"
	r := scan(t, ruletest.Files{"db/setup.sql": table, "db/run_this.sql": table, "other/schema.sql": table})
	want := []string{
		"db/run_this.sql:1 PHI405", "db/run_this.sql:1 PHI501", "db/setup.sql:1 PHI501", "other/schema.sql:1 PHI405", "other/schema.sql:1 PHI501",
	}
	got := rulesAt(r, "PHI405", "PHI501")
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestNoValues checks that nothing in a result repeats a value.
func TestNoValues(t *testing.T) {
	r := scan(t, clinic)
	text, err := json.Marshal(struct{ F, N any }{r.Findings, r.Notices})
	if err != nil {
		t.Fatal(err)
	}
	schema, err := r.Schema.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(schema), "patients") {
		t.Errorf("no name is read in the schema: %q", schema)
	}
	var said []string
	for _, f := range r.Findings {
		said = append(said, f.Message, f.Object, f.Reason)
		for _, rel := range f.Related {
			said = append(said, rel.Message)
		}
	}
	for _, secret := range []string{"cedar-falls", "00517364", "536-22", "8817"} {
		if strings.Contains(string(text), secret) || strings.Contains(string(schema), secret) {
			t.Errorf("result repeats %q", secret)
		}
	}
	if all := strings.Join(said, "\n"); strings.Contains(all, "john_smith") {
		t.Errorf("a finding repeats the name of a patient:\n%s", all)
	}
}

func TestScanTwice(t *testing.T) {
	a, b := scan(t, clinic), scan(t, clinic)
	one, _ := json.Marshal(a.Findings)
	two, _ := json.Marshal(b.Findings)
	if diff := cmp.Diff(string(one), string(two)); diff != "" {
		t.Errorf("two scans differ:\n%s", diff)
	}
}

func TestScanNothing(t *testing.T) {
	r := scan(t, ruletest.Files{"README.md": "nothing"})
	if len(r.Findings) != 0 || r.Schema != nil {
		t.Errorf("got %d findings and schema %v from no SQL", len(r.Findings), r.Schema)
	}
}

func TestScanGarbage(t *testing.T) {
	for _, text := range []string{"", "\x00\x00", ";;;;", "'", "$$", "CREATE TABLE", "DO $$ BEGIN $$;", "\xff\xfeC\x00", strings.Repeat("(", 100000),
		"CREATE TABLE t (LIKE t); ALTER TABLE t INHERIT t; CREATE VIEW v AS SELECT * FROM v; CREATE VIEW v2 AS SELECT * FROM v2 a, v2 b;",
		"CREATE TABLE patients (a int, ssn text); CREATE VIEW v AS SELECT * FROM patients; CREATE OR REPLACE VIEW v AS SELECT x.*, y.* FROM v x, v y; CREATE OR REPLACE VIEW v AS SELECT * FROM v;",
		"GRANT ALL ON t TO t WITH GRANT OPTION; REVOKE ALL ON t FROM t; DROP TABLE t, t CASCADE; DROP SCHEMA public CASCADE; DROP OWNED BY postgres CASCADE;"} {
		scan(t, ruletest.Files{"a.sql": text, "b.sql": "CREATE TABLE patients (id int, ssn text);"})
	}
}
