package inventory_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
)

func collect(t *testing.T, files ruletest.Files) *inventory.Inventory {
	t.Helper()
	dir := files.Write(t)
	scan, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	inv, err := inventory.Collect(dir, scan, phi.Default(), func(p string) bool { return p == "gen" })
	if err != nil {
		t.Fatal(err)
	}
	return inv
}

var clinic = ruletest.Files{
	"migrations/001.sql": `CREATE TABLE patients (patient_id uuid PRIMARY KEY, ssn text, ssn_hash bytea, status text);
CREATE TABLE patient_john_smith (patient_id uuid, mrn text);
ALTER TABLE patients ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON patients USING (patient_id = current_setting('app.id', true)::uuid);
CREATE VIEW list AS SELECT patient_id, ssn FROM patients;
GRANT SELECT ON patients TO reader;
CREATE TABLE drugs (id int, name text);
`,
	"go.mod": "module example.com/clinic\n",
	"p/p.go": "package p\n\ntype Patient struct {\n\tID, SSN string\n}\n\ntype Drug struct{ Name string }\n",
	// ok: excluded, and a fixture
	"gen/g.go":    "package gen\n\ntype Patient struct{ SSN string }\n",
	"p/p_test.go": "package p\n\ntype FakePatient struct{ SSN string }\n",
}

func TestCollect(t *testing.T) {
	inv := collect(t, clinic)
	var tables []string
	for _, table := range inv.Tables {
		tables = append(tables, table.Table)
	}
	if got, want := strings.Join(tables, " "), "list patient_*** patients"; got != want {
		t.Errorf("tables are %q, want %q", got, want)
	}
	patients := inv.Tables[2]
	if !patients.RowSecurity || patients.Forced || len(patients.Policies) != 1 || patients.PHI != 1 || patients.Protected != 1 {
		t.Errorf("patients is %+v, want row security not forced, one policy, one PHI and one protected column", patients)
	}
	if len(patients.Grants) != 1 || !strings.HasPrefix(patients.Grants[0], "reader: SELECT") || len(patients.Views) != 1 {
		t.Errorf("patients has grants %v and views %v, want one of each", patients.Grants, patients.Views)
	}
	if len(inv.Types) != 1 || inv.Types[0].Type != "Patient" || inv.Types[0].File != "p/p.go" || inv.Types[0].Line != 3 {
		t.Errorf("types are %+v, want Patient of p/p.go:3 alone", inv.Types)
	}
	for _, c := range inv.Columns {
		if c.Column == "ssn" && c.Table == "patients" && (c.Tier != 3 || c.Letter != "G" || c.Line != 1 || c.Reason == "") {
			t.Errorf("patients.ssn is %+v, want tier 3, letter G, line 1 and a reason", c)
		}
	}
}

func TestWrite(t *testing.T) {
	inv := collect(t, clinic)
	for _, format := range inventory.Formats() {
		var a, b bytes.Buffer
		if err := inv.Write(&a, format); err != nil {
			t.Fatal(err)
		}
		if err := collect(t, clinic).Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if a.String() != b.String() {
			t.Errorf("%s differs between two runs", format)
		}
		if !strings.Contains(a.String(), "ssn") || strings.Contains(strings.ToLower(a.String()), "smith") {
			t.Errorf("%s lacks ssn, or prints the name of a person:\n%s", format, a.String())
		}
	}
	if err := inv.Write(&bytes.Buffer{}, "xml"); err == nil {
		t.Error("an unknown format is no error")
	}
}

// TestNoFormulas gives columns the names of formulas: a spreadsheet must not
// compute what the author of a migration has written.
func TestNoFormulas(t *testing.T) {
	inv := &inventory.Inventory{Columns: []inventory.Column{
		{Table: "=1+1", Column: "@ssn", Type: "+text", Reason: "-x,\"y\"", File: "\ta.sql"}, {Table: "t", Column: "a=b", File: "a-b.sql"},
	}}
	var b bytes.Buffer
	if err := inv.Write(&b, "csv"); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := []string{rows[1][1], rows[1][2], rows[1][3], rows[1][12], rows[1][13], rows[2][1], rows[2][2], rows[2][13]}
	want := []string{"'=1+1", "'@ssn", "'+text", "'-x,\"y\"", "'\ta.sql", "t", "a=b", "a-b.sql"}
	if !slices.Equal(got, want) {
		t.Errorf("cells are %q, want %q", got, want)
	}
}
