package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	root := t.TempDir()
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
	for name, content := range map[string]string{
		"go.mod": "module example.com/x\n\ngo 1.26\n", "store/store.go": golang.String(), "broken/broken.go": broken,
		"db/migrations/001.sql": sql.String(), "postgresql.conf": "log_statement = 'all' # " + planted()[4] + "\nssl_key_password = '" + planted()[4] + "'\n",
		".env": "DATABASE_URL=postgres://u:" + planted()[4] + "@db/x?sslmode=disable\n",
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	commands := [][]string{
		{"phivet", "check", "--min-severity", "info", "--out", "text", "--out", "sarif", "--out", "json", "--out", "junit", "--out", "github"},
		{"phivet", "inventory", "--out", "text", "--out", "json", "--out", "csv"},
		{"phivet", "report", "--html", "page.html"},
		{"phivet", "init"},
		{"phivet", "baseline"},
		{"go", "vet", "-vettool=" + filepath.Join(binDir, "phivet"), "./store"},
	}
	var all strings.Builder
	for _, args := range commands {
		if args[0] == "phivet" {
			args[0] = filepath.Join(binDir, "phivet")
		}
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "XDG_CACHE_HOME="+filepath.Join(root, "cache"))
		out, _ := cmd.CombinedOutput() // findings are an exit code too
		all.Write(out)
	}
	for _, file := range []string{"page.html", ".phivet.toml", ".phivet-baseline.json"} {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Error(err)
		}
		all.Write(content)
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
