package sqlshape_test

import (
	"fmt"
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

// TestLinear compares the time for a text with that for one eight times as
// long. Linear time gives 8, quadratic 64; the bound leaves room for noise.
func TestLinear(t *testing.T) {
	for name, build := range map[string]func(n int) string{
		"conditions": func(n int) string {
			return "SELECT * FROM patients WHERE true" + strings.Repeat(" AND ssn = '«s»'", n)
		},
		"rows": func(n int) string {
			return "INSERT INTO patients (ssn, mrn) VALUES " + strings.Repeat("('«s»', «»), ", n)
		},
		"bare holes":  func(n int) string { return "SELECT " + strings.Repeat("«» ", n) },
		"broken":      func(n int) string { return strings.Repeat("SELEC «» FROM WHERE ssn = '«s»' ", n) },
		"statements":  func(n int) string { return strings.Repeat("UPDATE patients SET ssn = '«s»' WHERE id = «»;", n/4) },
		"dollars":     func(n int) string { return strings.Repeat("$x ", n) + "«»" },
		"parentheses": func(n int) string { return "SELECT * FROM patients WHERE " + strings.Repeat("(", n) + "«»" },
		"literals":    func(n int) string { return "SELECT 1 WHERE ssn IN (" + strings.Repeat("'219-09-9999', ", n) + "«»)" },
		"concatenated": func(n int) string {
			return "SELECT * FROM patients WHERE ssn = " + strings.Repeat("'«s»' || ", n/8) + "''"
		},
	} {
		t.Run(name, func(t *testing.T) {
			measure := func(n int) time.Duration {
				parts := template(build(n))
				best := time.Hour
				for range 3 {
					start := time.Now()
					check(t, parts, sqlshape.Analyze(parts, nil))
					best = min(best, time.Since(start))
				}
				return best
			}
			small, large := measure(100), measure(800)
			if large > 24*small+20*time.Millisecond {
				t.Errorf("%v for 100 pieces and %v for 800", small, large)
			}
		})
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
