package sqlshape_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

// check fails where a shape does not fit its parts.
func check(t *testing.T, parts []sqlshape.Part, s *sqlshape.Shape) {
	t.Helper()
	n := 0
	for i, p := range parts {
		if !p.Hole {
			continue
		}
		if n >= len(s.Holes) || s.Holes[n].Part != i || s.Holes[n].ID != p.ID {
			t.Fatalf("hole %d of %d does not belong to part %d", n, len(s.Holes), i)
		}
		n++
	}
	if n != len(s.Holes) {
		t.Fatalf("%d holes for %d parts with a hole", len(s.Holes), n)
	}
	for _, l := range s.Literals {
		if l.Part >= len(parts) || l.Offset < 0 || l.Len < 1 || l.Offset+l.Len > len(parts[l.Part].Text) {
			t.Errorf("literal at part %d offset %d length %d is out of the text", l.Part, l.Offset, l.Len)
		}
	}
	for _, tb := range s.Tables {
		if strings.Contains(tb, "zqh") {
			t.Errorf("table %q is a stand-in", tb)
		}
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, s := range []string{
		"SELECT * FROM patients WHERE ssn = '«s»'", "«»«»", "' «» '' \" ` $$ $1 ? :a @b %s {{", "/* /* «» */ --", "INSERT INTO t («») VALUES («»",
		"$a$ «» $a$", "\x00«»\xff", "a.b.«».c[«»]::«»", ";;«»;;", "E'\\«»", "SET a = «», b", "(((((«»", "«:ASC|DESC» «:» «n»",
		"UPDATE t SET a = («», b) WHERE c ?| «» AND d ? '«»'", "1«» .5«» $«»x", "WITH a AS («») «»",
	} {
		f.Add(s)
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal("no cases")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if text, ok := strings.CutPrefix(line, "> "); ok {
				f.Add(strings.TrimSuffix(text, "\n"))
			}
		}
	}
	schema := clinic()
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 2000 {
			return
		}
		parts := template(text)
		start := time.Now()
		s := sqlshape.Analyze(parts, schema)
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%v for %d bytes", d, len(text))
		}
		check(t, parts, s)
		var ids []int
		for _, h := range s.Holes {
			ids = append(ids, h.ID)
		}
		for _, style := range []sqlshape.Style{sqlshape.Dollar, sqlshape.Question, sqlshape.Colon} {
			r := sqlshape.Context{Schema: schema}.Rewrite(parts, ids, style)
			if r.OK == (r.Reason != "") {
				t.Errorf("rewrite: ok %v with reason %q", r.OK, r.Reason)
			}
		}
	})
}

// TestNoValueIsPrinted formats what may hold a literal in every way there is.
func TestNoValueIsPrinted(t *testing.T) {
	s := sqlshape.Analyze([]sqlshape.Part{sqlshape.Text("SELECT * FROM patients WHERE ssn = '219-09-9999'")}, nil)
	if len(s.Literals) != 1 || s.Literals[0].Value() != "219-09-9999" {
		t.Fatalf("got %d literals", len(s.Literals))
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		for _, x := range []any{s.Literals[0], &s.Literals[0], s.Literals, *s, s} {
			if out := fmt.Sprintf(format, x); strings.Contains(out, "219") || strings.Contains(out, "3231392d") {
				t.Errorf("%s of %T prints the value", format, x)
			}
		}
	}
}

// large are texts of n pieces that could cost more than n.
var large = map[string]func(n int) string{
	"conditions": func(n int) string {
		return "SELECT * FROM patients WHERE true" + strings.Repeat(" AND ssn = '«s»'", n)
	},
	"rows": func(n int) string {
		return "INSERT INTO patients (ssn, mrn) VALUES " + strings.Repeat("('«s»', «»), ", n)
	},
	"numbers":      func(n int) string { return "INSERT INTO patients (ssn, mrn) VALUES " + strings.Repeat("(12, 34), ", n) },
	"bare holes":   func(n int) string { return "SELECT " + strings.Repeat("«» ", n) },
	"column holes": func(n int) string { return "SELECT " + strings.Repeat("«», ", n) + "1" },
	"broken":       func(n int) string { return strings.Repeat("SELEC «» FROM WHERE ssn = '«s»' ", n) },
	"clauses":      func(n int) string { return strings.Repeat("SELECT «» ORDER BY ORDER BY ", n) },
	"statements":   func(n int) string { return strings.Repeat("UPDATE patients SET ssn = '«s»' WHERE id = «»;", n) },
	"dollars":      func(n int) string { return strings.Repeat("$x ", n) + "«»" },
	"parentheses":  func(n int) string { return "SELECT * FROM patients WHERE " + strings.Repeat("(", n) + "«»" },
	"literals":     func(n int) string { return "SELECT 1 WHERE ssn IN (" + strings.Repeat("'219-09-9999', ", n) + "«»)" },
	"settings":     func(n int) string { return "SET search_path = a" + strings.Repeat(", «»", n) },
	"tables":       func(n int) string { return "SELECT * FROM t" + strings.Repeat(", x.«»", n) },
}

// TestLinear holds that the work grows with the text: what the grammar is
// given is a bounded number of times the text itself.
func TestLinear(t *testing.T) {
	for name, build := range large {
		t.Run(name, func(t *testing.T) {
			parts := template(build(400))
			check(t, parts, sqlshape.Analyze(parts, nil))
			size := 0
			for _, p := range parts {
				size += len(p.Text) + 20 // a stand-in is longer than its hole
			}
			if n := (sqlshape.Context{}).Parsed(parts); n > 20*size {
				t.Errorf("the grammar gets %d bytes for a text of %d", n, size)
			}
		})
	}
}

// BenchmarkLinear shows the time for a piece of a text, which must not grow
// with the number of pieces.
func BenchmarkLinear(b *testing.B) {
	for _, name := range slices.Sorted(maps.Keys(large)) {
		for _, n := range []int{100, 800} {
			parts := template(large[name](n))
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					sqlshape.Analyze(parts, nil)
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "µs/piece")
			})
		}
	}
}

func BenchmarkAnalyze(b *testing.B) {
	schema := clinic()
	for name, text := range map[string]string{
		"select":   "SELECT p.id, p.first_name FROM patients p JOIN visits v ON v.patient_id = p.id WHERE p.ssn = '«s»' AND v.visit_date > $1 ORDER BY «» LIMIT «dn»",
		"fragment": " AND lower(first_name) LIKE lower('%«s»%')",
		"broken":   "SELECT TOP 10 * FROM patients WHERE ssn = '«s»'",
	} {
		parts := template(text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sqlshape.Analyze(parts, schema)
			}
		})
	}
}
