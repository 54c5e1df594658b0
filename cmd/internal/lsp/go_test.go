package lsp_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/ruletest"
)

const store = `package store

import "database/sql"

// Find looks for a patient.
func Find(db *sql.DB, ssn string) (*sql.Rows, error) {
	return db.Query("SELECT id FROM patients WHERE ssn = '" + ssn + "'")
}
`

// ownCache gives a test a cache of phivet's of its own, and leaves go's.
func ownCache(t *testing.T) {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(out)))
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOPROXY", "off")
}

// goProject is a small module with a migration.
func goProject() ruletest.Files {
	return ruletest.Files{
		"go.mod": "module example.com/clinic\n\ngo 1.26\n", "store/store.go": store,
		"store/clean/clean.go": "package clean\n", "migrations/001_patients.up.sql": patients,
	}
}

// TestGoOnSave: Go code is judged as it is opened and saved, not while it is
// typed, and what is offered mends it.
func TestGoOnSave(t *testing.T) {
	ownCache(t)
	const file = "store/store.go"
	c := open(t, program(t), goProject())
	c.didOpen(file, store)
	c.untilCode(file, "PHI101", true)
	c.mu.Lock()
	for _, d := range c.diagnostics[c.uri(file)] {
		if d.Code == "PHI101" && len(d.RelatedInformation) < 2 {
			t.Errorf("PHI101 has related information %s, want the steps of its flow", d.RelatedInformation)
		}
	}
	c.mu.Unlock()
	c.mu.Lock()
	if n := len(c.progress); n%2 != 0 || n > 0 && (!strings.Contains(c.progress[0], `"begin"`) || !strings.Contains(c.progress[1], `"end"`)) {
		t.Errorf("progress = %q", c.progress) // there is none where the work takes no second
	}
	c.mu.Unlock()
	call := span{place{6, 20}, place{6, 20}}
	if got := c.hover(file, 6, 20); !strings.Contains(got, "### How to fix") {
		t.Errorf("hover = %q", got)
	}
	fixed := c.apply(c.action(file, call, "PHI101: "), file, store)
	if !strings.Contains(fixed, "ssn = $1\", ssn)") {
		t.Errorf("after the fix:\n%s", fixed)
	}
	silenced := c.apply(c.action(file, call, "Silence PHI101 here: false alarm"), file, store)
	if !strings.Contains(silenced, "\n\t//phivet:ignore PHI101 -- false alarm\n\treturn db.Query") {
		t.Errorf("silenced:\n%s", silenced)
	}
	c.replace(file, 2, "\n"+store)
	if as := c.actions(file, call); len(as) != 0 {
		t.Errorf("actions for a text that was not judged: %+v", as)
	}
	c.save(file, fixed)
	c.untilCode(file, "PHI101", false)
	c.save(file, silenced)
	c.settle("migrations/001_patients.up.sql")
	c.save(file, store)
	c.untilCode(file, "PHI101", true)

	// A package that does not compile is said to be so, and is judged again.
	c.save(file, strings.Replace(store, "return db", "return nothing", 1))
	c.untilCode(file, "PHI906", true)
	c.save(file, store)
	c.untilCode(file, "PHI906", false)
	c.untilCode(file, "PHI101", true)
}

// TestNewestWins saves several packages at once: all are judged, one at a time.
func TestNewestWins(t *testing.T) {
	ownCache(t)
	files := goProject()
	const packages = 4
	for i := range packages {
		files[fmt.Sprintf("p%d/store.go", i)] = strings.Replace(store, "package store", fmt.Sprintf("package p%d", i), 1)
	}
	c := open(t, program(t), files)
	for range 3 {
		for i := range packages {
			name := fmt.Sprintf("p%d/store.go", i)
			c.save(name, files[name])
		}
	}
	for i := range packages {
		c.untilCode(fmt.Sprintf("p%d/store.go", i), "PHI101", true)
	}
}

// planted are values that no message may hold but those that were sent.
func planted() []string {
	var out []string
	for i := range 8 {
		out = append(out, fmt.Sprintf("%03d-%02d-%04d", 401+37*i, 11+7*i, 2203+631*i), fmt.Sprintf("MRN%07d", 4400917+80713*i),
			fmt.Sprintf("quintero.ab%d@hospital-nine.org", 71*i+3), fmt.Sprintf("tok%dVeryS3cretPassw0rd%dx", 7*i, 919*i+13))
	}
	return out
}

// TestPlantedValues puts values wherever a project can hold them, asks for
// everything everywhere, and looks at all that was sent.
func TestPlantedValues(t *testing.T) {
	ownCache(t)
	var sql, golang strings.Builder
	sql.WriteString(patients)
	golang.WriteString("package store\n\nimport (\n\t\"database/sql\"\n\t\"log\"\n)\n\n// Find uses them.\nfunc Find(db *sql.DB, ssn string) {\n")
	for i, v := range planted() {
		fmt.Fprintf(&sql, "INSERT INTO patients (ssn) VALUES ('%s'); -- call %s\nCOMMENT ON TABLE patients IS 'ask %s';\n", v, v, v)
		fmt.Fprintf(&sql, "CREATE ROLE r%d LOGIN PASSWORD '%s';\nSELECT broken '%s' FROM FROM '%s;\n';\n", i, v, v, v)
		fmt.Fprintf(&sql, "ALTER TABLE patients ALTER COLUMN ssn SET DEFAULT '%s';\n-- phivet:ignore %s\n", v, v)
		fmt.Fprintf(&golang, "\tdb.Query(\"SELECT 1 FROM patients WHERE a = '%s' AND ssn = '\" + ssn + \"'\") // %s\n\tlog.Printf(\"%s %%s\", ssn)\n", v, v, v)
	}
	golang.WriteString("}\n")
	const one, two, three = "migrations/001.sql", "store/store.go", "broken/broken.go"
	files := map[string]string{
		"go.mod": "module example.com/x\n\ngo 1.26\n", one: sql.String(), two: golang.String(),
		three:             "package broken\n\nvar n int = \"" + planted()[0] + "\"\n//phivet:ignore " + planted()[1] + "\n",
		"postgresql.conf": "log_statement = 'all' # " + planted()[3] + "\nssl_key_password = '" + planted()[3] + "'\n",
	}
	c := open(t, program(t), files)
	for _, name := range []string{one, two, three, "postgresql.conf"} {
		c.didOpen(name, files[name])
	}
	c.untilCode(one, "PHI501", true)
	c.untilCode(two, "PHI101", true)
	c.untilCode(three, "PHI906", true)
	for _, name := range []string{one, two, "postgresql.conf"} {
		for line := range strings.Split(files[name], "\n") {
			for _, character := range []int{0, 9, 30} {
				c.hover(name, line, character)
			}
		}
	}
	c.save(".phivet.toml", "[phi]\nterms = [\""+planted()[0]+"\"]\n"+planted()[1]+" = 7\n")
	c.until("message about the configuration", func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return len(c.shown) > 0
	})
	c.mu.Lock()
	all := c.all.String()
	c.mu.Unlock()
	for _, v := range planted() {
		if i := strings.Index(all, v); i >= 0 {
			t.Fatalf("%q was sent: …%.500s…", v, all[max(i-300, 0):])
		}
	}
	// The edits of actions may not quote the file either, but for fixes.
	for _, a := range c.actions(one, span{place{0, 0}, place{10000, 0}}) {
		for _, v := range planted() {
			if strings.Contains(a.Title, v) {
				t.Fatalf("%q is in the title %q", v, a.Title)
			}
		}
	}
}

// TestImporters saves a package and sees the findings of an open one change
// that imports it.
func TestImporters(t *testing.T) {
	ownCache(t)
	const quiet = "package audit\n\n// Note takes a note.\nfunc Note(text string) {}\n"
	const loud = "package audit\n\nimport \"log\"\n\n// Note takes a note.\nfunc Note(text string) { log.Println(text) }\n"
	files := goProject()
	files["audit/audit.go"] = quiet
	files["store/store.go"] = "package store\n\nimport \"example.com/clinic/audit\"\n\n// Patient is one.\ntype Patient struct{ SSN string }\n\n// Save saves.\nfunc Save(p Patient) { audit.Note(p.SSN) }\n"
	c := open(t, program(t), files)
	c.didOpen("audit/audit.go", quiet)
	c.didOpen("store/store.go", files["store/store.go"])
	for i, text := range []string{loud, quiet, loud} {
		c.save("audit/audit.go", text)
		c.until(fmt.Sprintf("verdict on the importer after save %d", i+1), func() bool {
			return slices.ContainsFunc(c.codes("store/store.go"), func(code string) bool { return strings.HasPrefix(code, "PHI2") }) == (text == loud)
		})
	}
}
