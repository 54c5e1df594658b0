package suppress_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/suppress"
)

func TestParse(t *testing.T) {
	type want struct {
		At, Covers int
		Rules      []string
		Reason     string
		Problem    string
	}
	tests := []struct {
		name, file, src string
		want            []want
	}{
		{"go above", "a.go", "package a\n\n//phivet:ignore PHI201 -- redacted by the handler\nvar x int\n",
			[]want{{3, 4, []string{"PHI201"}, "redacted by the handler", ""}}},
		{"go behind code", "a.go", "package a\nvar x int // phivet:ignore PHI201 -- fine\n",
			[]want{{2, 2, []string{"PHI201"}, "fine", ""}}},
		{"go string is no comment", "a.go", "package a\nvar u = \"http://phivet:ignore\"\nvar v = `//phivet:ignore PHI201`\n", nil},
		{"several rules", "a.sql", "SELECT 1; -- phivet:ignore PHI501, PHI502,PHI405 -- a -- b\n",
			[]want{{1, 1, []string{"PHI501", "PHI502", "PHI405"}, "a -- b", ""}}},
		{"stacked", "a.sql", "-- phivet:ignore PHI501 -- a\n--phivet:ignore PHI405 -- b\nCREATE TABLE t ();\n",
			[]want{{1, 3, []string{"PHI501"}, "a", ""}, {2, 3, []string{"PHI405"}, "b", ""}}},
		{"function body", "a.sql", "DO $b$ BEGIN\n  -- phivet:ignore PHI410 -- tests only\n  RAISE NOTICE 'x'; END $b$;\n",
			[]want{{2, 3, []string{"PHI410"}, "tests only", ""}}},
		{"sql strings", "a.sql", "SELECT '-- phivet:ignore PHI501', E'\\'-- phivet:ignore PHI501', \"-- phivet:ignore\" /* -- phivet:ignore */;\n", nil},
		{"apostrophe in a body", "a.sql", "CREATE FUNCTION f() RETURNS int AS $$ don't $$ LANGUAGE plperl;\nSELECT 1; -- phivet:ignore PHI501 -- x\n",
			[]want{{2, 2, []string{"PHI501"}, "x", ""}}},
		{"conf", "postgresql.conf", "log_statement = 'a#b' # phivet:ignore PHI706 -- staging\r\n",
			[]want{{1, 1, []string{"PHI706"}, "staging", ""}}},
		{"no reason", "a.sql", "-- phivet:ignore PHI501\n", []want{{1, 2, nil, "", "phivet:ignore PHI501 gives no reason"}}},
		{"empty reason", "a.sql", "-- phivet:ignore PHI501 -- \n", []want{{1, 2, nil, "", "phivet:ignore PHI501 gives no reason"}}},
		{"no rule", "a.sql", "-- phivet:ignore -- because\n", []want{{1, 2, nil, "", "phivet:ignore names no rule"}}},
		{"no ID", "a.sql", "-- phivet:ignore rls -- because\n", []want{{1, 2, nil, "", "phivet:ignore names something that is no rule ID"}}},
		{"other verb", "a.sql", "-- phivet:disable PHI501 -- because\n", []want{{1, 2, nil, "", "directive is not phivet:ignore"}}},
		{"prose", "a.sql", "-- see phivet:ignore in the docs\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []want
			for _, d := range suppress.Parse(tt.file, []byte(tt.src)) {
				got = append(got, want{d.Span.Start.Line, d.Line, d.Rules, d.Reason, d.Problem})
				text := tt.src[d.Span.Start.Offset:d.Span.End.Offset]
				if strings.HasSuffix(text, " ") || strings.ContainsAny(text, "\r\n") || !strings.Contains(text, "phivet:") {
					t.Errorf("span covers %q", text)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Parse(%q) differs (-want +got):\n%s", tt.src, diff)
			}
		})
	}
}

func TestIndex(t *testing.T) {
	src := "-- phivet:ignore PHI501,PHI999,PHI405,PHI201 -- reasons\nCREATE TABLE t ();\n-- phivet:ignore PHI501\n"
	x := suppress.NewIndex(suppress.Parse("a.sql", []byte(src)), func(id string) bool { return id != "PHI999" })
	if _, ok := x.Match("PHI501", "a.sql", 1); ok {
		t.Error("a directive alone on its line covers that line")
	}
	if _, ok := x.Match("PHI501", "b.sql", 2); ok {
		t.Error("a directive covers another file")
	}
	d, ok := x.Match("PHI501", "a.sql", 2)
	if !ok || d.Reason != "reasons" {
		t.Errorf("Match = %+v, %v, want the reason", d, ok)
	}
	var got []string
	// PHI201 was not looked for, so nobody can say that it is unused.
	for _, f := range x.Problems(func(id string) bool { return id != "PHI201" }) {
		got = append(got, f.Rule.ID+" "+f.Message)
	}
	want := []string{
		"PHI904 phivet:ignore names PHI999, which is no rule",
		"PHI905 phivet:ignore PHI405 matches no finding on line 2",
		"PHI904 phivet:ignore PHI501 gives no reason",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Problems differ (-want +got):\n%s", diff)
	}
}

// TestPages executes the examples of the rules' pages.
func TestPages(t *testing.T) {
	for _, r := range suppress.Rules() {
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
		for _, section := range []string{"Bad", "Good"} {
			_, code, _ := strings.Cut(r.Section(section), "```sql\n")
			code, _, ok := strings.Cut(code, "```")
			if !ok {
				t.Fatalf("%s: section %s has no SQL", r.ID, section)
			}
			x := suppress.NewIndex(suppress.Parse("a.sql", []byte(code)), func(string) bool { return true })
			x.Match("PHI501", "a.sql", 2) // PHI904's good example silences a finding
			var got []string
			for _, f := range x.Problems(func(string) bool { return true }) {
				got = append(got, f.Rule.ID)
			}
			var want []string
			if section == "Bad" {
				want = []string{r.ID}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: section %s differs (-want +got):\n%s", r.ID, section, diff)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("a.sql", []byte("$a$ -- phivet:ignore PHI501 -- x"))
	f.Add("a.go", []byte("//phivet:ignore"))
	f.Add("a.conf", []byte("# phivet:ignore"))
	f.Fuzz(func(t *testing.T, file string, src []byte) {
		for _, d := range suppress.Parse(file, src) {
			if d.Span.End.Offset > len(src) || d.Span.Start.Offset >= d.Span.End.Offset {
				t.Errorf("span %+v of %d bytes", d.Span, len(src))
			}
		}
	})
}
