package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules/ruletest"
)

// planted returns fifty values that nothing may print: identifiers, names,
// contacts and secrets, none of them a well-known placeholder.
func planted() []string {
	var out []string
	for i := range 10 {
		out = append(out,
			fmt.Sprintf("%03d-%02d-%04d", 401+37*i, 11+7*i, 2203+631*i), // social security numbers
			fmt.Sprintf("MRN%07d", 4400917+80713*i),                     // record numbers
			fmt.Sprintf("(%03d) 71%d-%04d", 212+i, i, 4107+311*i),       // phones
			fmt.Sprintf("quintero.ab%d@hospital-nine.org", 71*i+3),      // addresses
			fmt.Sprintf("tok%dVeryS3cretPassw0rd%dx", 7*i, 919*i+13),    // secrets
		)
	}
	return out
}

// TestPlantedValues puts the values wherever a project can hold them, and runs
// every command and format over it.
func TestPlantedValues(t *testing.T) {
	var sql, golang strings.Builder
	golang.WriteString("package store\n\nimport (\n\t\"database/sql\"\n\t\"fmt\"\n\t\"log\"\n)\n\n// Find uses them.\nfunc Find(db *sql.DB, ssn, mrn string) {\n")
	sql.WriteString("CREATE TABLE patients (id bigint PRIMARY KEY, ssn text, mrn text, phone text, email text, first_name text);\n")
	for i, v := range planted() {
		fmt.Fprintf(&sql, "INSERT INTO patients (ssn, mrn, phone, email) VALUES ('%s', '%s', '%s', '%s'); -- call %s\n", v, v, v, v, v)
		fmt.Fprintf(&sql, "COMMENT ON TABLE patients IS 'ask %s';\nCREATE ROLE r%d LOGIN PASSWORD '%s';\n", v, i, v)
		fmt.Fprintf(&sql, "SELECT broken '%s' FROM FROM '%s;\n", v, v)
		fmt.Fprintf(&sql, "';\nALTER SYSTEM SET custom.key%d = '%s';\nDO $$ BEGIN EXECUTE 'ALTER ROLE r%d PASSWORD ''%s'''; RAISE NOTICE '%s'; END $$;\n", i, v, i, v, v)
		fmt.Fprintf(&sql, "ALTER TABLE patients ADD CONSTRAINT c%d CHECK (ssn <> '%s');\nALTER TABLE patients ALTER COLUMN ssn SET DEFAULT '%s';\n", i, v, v)
		fmt.Fprintf(&golang, "\tdb.Query(\"SELECT 1 FROM patients WHERE ssn = '%s' AND mrn = '\" + mrn + \"'\") // %s\n", v, v)
		fmt.Fprintf(&golang, "\tlog.Printf(\"%s %%s\", ssn)\n\tdb.Exec(\"UPDATE patients SET phone = $1\", %q)\n", v, v)
		fmt.Fprintf(&golang, "\tsql.Open(\"postgres\", \"postgres://u:%s@db/x?sslmode=disable\")\n\tfmt.Println(fmt.Errorf(\"no patient %s %%s\", ssn))\n", strings.ReplaceAll(v, "@", "%40"), v)
	}
	golang.WriteString("}\n")
	broken := "package broken\n\nvar n int = \"" + planted()[0] + "\"\n//phivet:ignore " + planted()[1] + "\n"
	root := ruletest.Files{
		"go.mod": "module example.com/x\n\ngo 1.26\n", "store/store.go": golang.String(), "broken/broken.go": broken,
		"db/migrations/001.sql": sql.String(), "postgresql.conf": "log_statement = 'all' # " + planted()[4] + "\nssl_key_password = '" + planted()[4] + "'\n",
		".env": "DATABASE_URL=postgres://u:" + planted()[4] + "@db/x?sslmode=disable\n",
	}.Write(t)
	var all strings.Builder
	phivet := func(args ...string) {
		all.WriteString(plantedRun(root, filepath.Join(binDir, "phivet"), args...))
	}
	check := []string{"check", "--min-severity", "info"}
	for _, format := range report.Formats() {
		check = append(check, "--out", format)
	}
	phivet(check...)
	phivet(append(check, "--no-baseline", "--only", "sql")...)
	phivet("check", "--diff")
	listing := []string{"inventory"}
	for _, format := range inventory.Formats() {
		listing = append(listing, "--out", format)
	}
	phivet(listing...)
	phivet("report", "--html", "page.html")
	phivet("baseline")
	phivet("report", "--html", "trend.html")
	phivet("explain", "PHI101", "PHI601")
	phivet("rules")
	phivet("man")
	phivet("completion", "bash")
	phivet("__complete", "explain", "PHI")
	phivet("init")
	phivet("init", "--schema")
	all.WriteString(plantedRun(root, "go", "vet", "-vettool="+filepath.Join(binDir, "phivet"), "./store"))
	for _, file := range []string{"page.html", "trend.html", ".phivet.toml", ".phivet-baseline.json"} {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Error(err)
		}
		all.Write(content)
	}
	for i, toml := range plantedConfigurations() { // each is an error that must not quote
		if err := os.WriteFile(filepath.Join(root, ".phivet.toml"), []byte(toml), 0o666); err != nil {
			t.Fatal(err)
		}
		out := plantedRun(root, filepath.Join(binDir, "phivet"), "check", "--only", "sql")
		if !strings.Contains(out, ".phivet.toml") {
			t.Errorf("configuration %d is no error:\n%.300s", i, out)
		}
		all.WriteString(out)
		if i < 11 { // each form once: go vet takes its time
			all.WriteString(plantedRun(root, "go", "vet", "-vettool="+filepath.Join(binDir, "phivet"), "./store"))
		}
	}
	if !strings.Contains(all.String(), "PHI601") || !strings.Contains(all.String(), "PHI101") {
		t.Fatalf("the project gives no findings:\n%.4000s", all.String())
	}
	for _, v := range planted() {
		if i := strings.Index(all.String(), v); i >= 0 {
			t.Errorf("%q is printed: …%.300s…", v, all.String()[max(i-200, 0):])
		}
	}
}

// plantedRun runs a command and returns all that it prints; findings are an
// exit code too.
func plantedRun(root, name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "XDG_CACHE_HOME="+filepath.Join(root, "cache"))
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// plantedConfigurations are configurations with a value where none belongs.
func plantedConfigurations() []string {
	var out []string
	for i, v := range planted() {
		forms := []string{
			"[phi]\nhealth = %q\n", "[severity]\nPHI501 = %q\n", "[severity]\n%q = \"low\"\n", "%q = 1\n", "[migrations]\ntool = %q\n",
			"[phi.columns]\nx = %q\n", "[phi]\nterms = [%q]\n", "[go]\nsinks = [%q]\n", "[go]\ntests = %q\n", "[phi]\nhealth = %s\n", "%s\n",
		}
		out = append(out, fmt.Sprintf(forms[i%len(forms)], v))
	}
	return out
}
