//go:build linux

package main_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/phivet/phivet/rules/ruletest"
)

// A bound is what one run may take. It is several times what the run takes, so
// that only another order of growth passes it.
type bound struct {
	user time.Duration // processor time
	mb   int64         // resident memory
}

// A verdict is the part of a JSON report that the tests read.
type verdict struct {
	Findings []struct {
		Rule, Message, File string
		Line                int
	}
	Notices []struct{ File, Message string }
}

func (v *verdict) has(rule, file string) bool {
	for _, f := range v.Findings {
		if f.Rule == rule && (file == "" || f.File == file) {
			return true
		}
	}
	return false
}

// said reports whether a notice or finding holds the text.
func (v *verdict) said(text string) bool {
	for _, n := range v.Notices {
		if strings.Contains(n.File+" "+n.Message, text) {
			return true
		}
	}
	for _, f := range v.Findings {
		if strings.Contains(f.Message, text) {
			return true
		}
	}
	return false
}

// bounded runs the program in dir and holds it to the bound. Findings are a
// normal end, a crash and a time-out are not.
func bounded(t *testing.T, dir string, b bound, args ...string) *verdict {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	cmd := exec.Command(filepath.Join(binDir, "phivet"), append([]string{"check", "--out", "json:" + report}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local")
	started := time.Now()
	out, _ := cmd.CombinedOutput()
	if code := cmd.ProcessState.ExitCode(); code != 0 && code != 1 && code != 3 {
		t.Fatalf("exit status %d: %.2000s", code, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	user, mb := time.Duration(usage.Utime.Nano()), usage.Maxrss>>10
	t.Logf("%v of the processor, %v by the clock, %d MB", user.Round(time.Millisecond), time.Since(started).Round(time.Millisecond), mb)
	if user > b.user || mb > b.mb {
		t.Errorf("took %v and %d MB, may take %v and %d MB", user, mb, b.user, b.mb)
	}
	content, err := os.ReadFile(report)
	if err != nil {
		t.Fatalf("no report: %v\n%.2000s", err, out)
	}
	v := new(verdict)
	if err := json.Unmarshal(content, v); err != nil {
		t.Fatal(err)
	}
	return v
}

const hostileBase = "CREATE TABLE patients (id bigint PRIMARY KEY, ssn text, mrn text, first_name text);\n"

// A part of a file is text that is written n times; each %d in it is the
// number of the turn. Files are never held in memory, because the kernel counts
// the memory of a test as that of the program it starts.
type part struct {
	text string
	n    int
}

func once(text string) part { return part{text, 1} }

func writeParts(t *testing.T, file string, parts []part) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for _, p := range parts {
		numbered := strings.Contains(p.text, "%d")
		for i := range p.n {
			text := p.text
			if numbered {
				text = strings.ReplaceAll(text, "%d", strconv.Itoa(i))
			}
			_, _ = w.WriteString(text) // Flush has the error
		}
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestHostileSQL(t *testing.T) {
	small := bound{5 * time.Second, 300}
	tests := []struct {
		name  string
		sql   []part
		bound bound
		rules string // rules that have to speak; the table behind is always judged
		said  string // in a notice or finding
		last  bool   // the broken part reaches to the end of the file
	}{
		{name: "line of 1 MB", sql: []part{once("SELECT '"), {"x", 1 << 20}, once("'; SELECT 1 /*"), {"y", 1 << 20}, once("*/;")}, bound: small},
		{name: "literal of 20 MB", sql: []part{once("COMMENT ON TABLE patients IS '"), {"412-55-2931 ", 1_700_000}, once("';")}, bound: bound{20 * time.Second, 900}, rules: "PHI402"},
		{name: "10,000 parentheses", sql: []part{once("SELECT "), {"(", 10_000}, once("1"), {")", 10_000}, once(";")}, bound: small, rules: "PHI901", said: "nests too deeply"},
		{name: "100,000 operators", sql: []part{once("SELECT "), {"1 + ", 100_000}, once("1;")}, bound: small, rules: "PHI901", said: "nests too deeply"},
		{name: "10,000 CTEs", sql: []part{once("WITH c0 AS (SELECT 1)"), {", d%d AS (SELECT * FROM patients)", 10_000}, once(" SELECT * FROM c0;")}, bound: small},
		{name: "10,000 nested CTEs", sql: []part{{"WITH c%d AS (", 10_000}, once("SELECT 1"), {") SELECT 1", 10_000}, once(";")}, bound: small, rules: "PHI901"},
		{name: "2 million words", sql: []part{once("SELECT ARRAY["), {"1,", 1_000_000}, once("1];")}, bound: bound{10 * time.Second, 500}, rules: "PHI901", said: "too large"},
		{name: "a million grants", sql: []part{{"GRANT SELECT ON patients TO app%d;\n", 100_000}, {"GRANT SELECT ON patients TO app;\n", 900_000}}, bound: bound{60 * time.Second, 2000}},
		{name: "20,000 policies", sql: []part{{"CREATE POLICY p%d ON patients USING (id = %d);\n", 20_000}}, bound: bound{10 * time.Second, 500}, rules: "PHI503"},
		{name: "20,000 tables", sql: []part{{"CREATE TABLE t%d (ssn text, first_name text);\n", 20_000}}, bound: bound{20 * time.Second, 1200}, rules: "PHI501"},
		{name: "views on views", sql: []part{once("CREATE VIEW v AS SELECT * FROM patients;\nCREATE VIEW w0 AS SELECT * FROM v;\n"), once(viewsOnViews(2000))}, bound: small, rules: "PHI507"},
		{name: "1,000 partitions widened", sql: []part{once("CREATE TABLE parts (d date, ssn text) PARTITION BY RANGE (d);\n"), {"CREATE TABLE parts_%d PARTITION OF parts DEFAULT;\n", 1000}, {"ALTER TABLE parts ADD COLUMN c%d text;\n", 100}}, bound: bound{20 * time.Second, 900}, rules: "PHI501"},
		{name: "INSERT of 200,000 rows", sql: []part{once("INSERT INTO patients (ssn) VALUES ('412-55-2931')"), {", ('412-55-2931')", 200_000}, once(";")}, bound: bound{10 * time.Second, 400}, rules: "PHI404", said: "rows of data"},
		{name: "dump of 100 MB in INSERT statements", sql: []part{{"INSERT INTO patients (id, ssn, mrn, first_name) VALUES (1, '412-55-2931', 'M004711', 'Ann');\n", 1_150_000}}, bound: bound{60 * time.Second, 1200}, rules: "PHI404", said: "rows of data"},
		{name: "dump of 100 MB in COPY", sql: []part{once("COPY patients (id, ssn, mrn, first_name) FROM stdin;\n"), {"1\t412-55-2931\tM0047114711471147114711\tAnn\n", 2_400_000}, once("\\.\n")}, bound: bound{60 * time.Second, 1500}, rules: "PHI404", said: "rows of data"},
		{name: "body of 100,000 statements", sql: []part{once("DO $$ BEGIN\n"), {"PERFORM 1;\n", 100_000}, once("END $$;")}, bound: bound{20 * time.Second, 900}},
		{name: "50,000 broken statements", sql: []part{{"SELECT (1;\nSELECT 'a';\n", 25_000}}, bound: bound{20 * time.Second, 600}, rules: "PHI901"},
		{name: "quote that nobody closes", sql: []part{once("SELECT 'abc\n"), {"CREATE TABLE p (ssn text);\n", 50_000}}, bound: bound{10 * time.Second, 500}, rules: "PHI901", last: true},
		{name: "dollar quotes", sql: []part{{"$a%d$ ", 100_000}}, bound: small, rules: "PHI901", last: true},
		{name: "nested comments", sql: []part{{"/*", 100_000}}, bound: small, rules: "PHI901", last: true},
		{name: "NUL", sql: []part{once("SELECT \x00 1;")}, bound: small, rules: "PHI901"},
		{name: "broken UTF-8", sql: []part{once("COMMENT ON TABLE patients IS '\xff\xfe\xc3\x28';\nSELECT '\xe2\x82';")}, bound: small},
		{name: "SQL inside SQL inside SQL", sql: []part{once("DO $a$ BEGIN EXECUTE $b$ DO $c$ BEGIN EXECUTE $d$ CREATE TABLE hidden (ssn text, mrn text) $d$; END $c$ $b$; END $a$;")}, bound: small, said: "hidden"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			parts := append([]part{once(hostileBase)}, test.sql...)
			if !test.last {
				parts = append(parts, once("\nCREATE TABLE visits (ssn text, first_name text);\n"))
			}
			writeParts(t, filepath.Join(dir, "migrations", "001.sql"), parts)
			v := bounded(t, dir, test.bound)
			for _, rule := range strings.Fields(test.rules) {
				if !v.has(rule, "") {
					t.Errorf("no %s", rule)
				}
			}
			if !v.said(test.said) {
				t.Errorf("%q is not said; notices: %v", test.said, v.Notices)
			}
			if !v.said("table public.patients") && !v.said("table patients") {
				t.Error("the table in front is not judged")
			}
			if !test.last && !v.said("visits") {
				t.Error("the table behind is not judged")
			}
		})
	}
}

func viewsOnViews(n int) string {
	var b strings.Builder
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "CREATE VIEW w%d AS SELECT a.* FROM w%d a JOIN w%d b ON a.id = b.id;\n", i, i-1, i-1)
	}
	return b.String()
}

// TestHostileFiles has what a file system can hold.
func TestHostileFiles(t *testing.T) {
	dir := ruletest.Files{
		"db/migrations/001.sql":        hostileBase,
		"db/migrations/002_bom.sql":    "\xef\xbb\xbfCREATE TABLE visits (ssn text, mrn text);\n",
		"db/migrations/003_wide.sql":   "\xff\xfeC\x00R\x00E\x00A\x00T\x00E\x00",
		"db/migrations/004_empty.sql":  "",
		"db/migrations/005_cr.sql":     "-- a\rCREATE TABLE claims (ssn text, mrn text);\r",
		"db/migrations/006_noise.sql":  string(noise(1 << 20)),
		"db/migrations/007_closed.sql": "SELECT 1;",
	}.Write(t)
	for _, link := range [][2]string{{"loop", ".."}, {"008_a.sql", "009_b.sql"}, {"009_b.sql", "008_a.sql"}, {"010_gone.sql", "nowhere.sql"}} {
		if err := os.Symlink(link[1], filepath.Join(dir, "db", "migrations", link[0])); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "db", "migrations", "011_folder.sql"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "db", "migrations", "012_pipe.sql"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "db", "migrations", "007_closed.sql"), 0); err != nil {
		t.Fatal(err)
	}
	v := bounded(t, dir, bound{10 * time.Second, 300})
	for _, want := range []string{"patients", "visits", "claims", "008_a.sql", "009_b.sql", "010_gone.sql", "012_pipe.sql"} {
		if !v.said(want) {
			t.Errorf("nothing is said of %s; notices: %v", want, v.Notices)
		}
	}
	for _, file := range []string{"db/migrations/003_wide.sql", "db/migrations/006_noise.sql"} {
		if !v.has("PHI901", file) {
			t.Errorf("no PHI901 in %s", file)
		}
	}
	if os.Geteuid() != 0 && !v.said("007_closed.sql") { // root may read everything
		t.Error("nothing is said of a file that may not be read")
	}
}

// noise returns n bytes that look random and are the same every time.
func noise(n int) []byte {
	out, x := make([]byte, n), uint32(1)
	for i := range out {
		x = x*1664525 + 1013904223
		out[i] = byte(x >> 24)
	}
	return out
}
