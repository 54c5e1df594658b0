package finding_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

const text = "ab\r\né😀x\n\n\xff\xe2\x82z"

func TestPosition(t *testing.T) {
	tests := []struct {
		offset int
		want   finding.Position
		utf16  int
	}{
		{-5, finding.Position{Offset: 0, Line: 1, Column: 1}, 1},
		{0, finding.Position{Offset: 0, Line: 1, Column: 1}, 1},
		{2, finding.Position{Offset: 2, Line: 1, Column: 3}, 3}, // the \r belongs to its line
		{3, finding.Position{Offset: 3, Line: 1, Column: 4}, 4}, // and so does the \n
		{4, finding.Position{Offset: 4, Line: 2, Column: 1}, 1},
		{6, finding.Position{Offset: 6, Line: 2, Column: 3}, 2},   // behind é: two bytes, one unit
		{10, finding.Position{Offset: 10, Line: 2, Column: 7}, 4}, // behind 😀: four bytes, two units
		{12, finding.Position{Offset: 12, Line: 3, Column: 1}, 1},
		{13, finding.Position{Offset: 13, Line: 4, Column: 1}, 1},
		{16, finding.Position{Offset: 16, Line: 4, Column: 4}, 4}, // three bad bytes, a unit each
		{17, finding.Position{Offset: 17, Line: 4, Column: 5}, 5},
		{99, finding.Position{Offset: 17, Line: 4, Column: 5}, 5},
	}
	m := finding.NewMapper("f", []byte(text))
	for _, tt := range tests {
		got := m.Position(tt.offset)
		if got != tt.want {
			t.Errorf("Position(%d) = %+v, want %+v", tt.offset, got, tt.want)
		}
		if u := m.UTF16Column(got); u != tt.utf16 {
			t.Errorf("UTF16Column of offset %d = %d, want %d", tt.offset, u, tt.utf16)
		}
		if back, err := m.Offset(got.Line, got.Column); err != nil || back != tt.want.Offset {
			t.Errorf("Offset(%d, %d) = %d, %v, want %d", got.Line, got.Column, back, err, tt.want.Offset)
		}
	}
}

func TestOffsetErrors(t *testing.T) {
	m := finding.NewMapper("f.sql", []byte(text))
	tests := []struct {
		line, column int
		want         string
	}{
		{0, 1, "f.sql has no line 0"},
		{5, 1, "f.sql has no line 5"},
		{1, 0, "f.sql:1 has no column 0"},
		{1, 6, "f.sql:1 has no column 6"},
		{4, 6, "f.sql:4 has no column 6"},
	}
	for _, tt := range tests {
		if _, err := m.Offset(tt.line, tt.column); err == nil || err.Error() != tt.want {
			t.Errorf("Offset(%d, %d): %v, want %s", tt.line, tt.column, err, tt.want)
		}
	}
}

func TestOffsetUTF16(t *testing.T) {
	m := finding.NewMapper("f", []byte(text))
	tests := []struct{ line, column, want int }{
		{2, 1, 4}, {2, 2, 6}, {2, 4, 10}, {2, 5, 11},
		{2, 3, 10},  // the middle of a surrogate pair is moved behind it
		{2, 99, 11}, // behind the line: its end, not its line feed
		{4, 4, 16}, {4, 99, 17},
	}
	for _, tt := range tests {
		if got, err := m.OffsetUTF16(tt.line, tt.column); err != nil || got != tt.want {
			t.Errorf("OffsetUTF16(%d, %d) = %d, %v, want %d", tt.line, tt.column, got, err, tt.want)
		}
	}
	if _, err := m.OffsetUTF16(9, 1); err == nil {
		t.Error("a line that does not exist has an offset")
	}
}

func TestLine(t *testing.T) {
	m := finding.NewMapper("f", []byte(text))
	want := []string{"", "ab", "é😀x", "", "\xff\xe2\x82z", ""}
	for line, text := range want {
		if got := string(m.Line(line)); got != text {
			t.Errorf("Line(%d) = %q, want %q", line, got, text)
		}
	}
	if m.Lines() != 4 {
		t.Errorf("Lines() = %d, want 4", m.Lines())
	}
	if s := m.Span(6, 4); s.Start != s.End || s.File != "f" {
		t.Errorf("Span of a range that ends before it starts = %+v", s)
	}
}

// FuzzMapper holds the conversions against slower ones from the standard
// library, and against each other.
func FuzzMapper(f *testing.F) {
	f.Add([]byte(text), 7)
	f.Add([]byte(""), 0)
	f.Fuzz(func(t *testing.T, content []byte, offset int) {
		m := finding.NewMapper("f", content)
		p := m.Position(offset)
		before := string(content[:p.Offset])
		if want := strings.Count(before, "\n") + 1; p.Line != want {
			t.Fatalf("line of offset %d is %d, want %d", p.Offset, p.Line, want)
		}
		start := strings.LastIndexByte(before, '\n') + 1
		if p.Column != len(before)-start+1 {
			t.Fatalf("column of offset %d is %d, want %d", p.Offset, p.Column, len(before)-start+1)
		}
		if back, err := m.Offset(p.Line, p.Column); err != nil || back != p.Offset {
			t.Fatalf("offset %d came back as %d, %v", p.Offset, back, err)
		}
		if utf8.ValidString(before[start:]) {
			if got, want := m.UTF16Column(p), len(utf16.Encode([]rune(before[start:])))+1; got != want {
				t.Fatalf("UTF-16 column of offset %d is %d, want %d", p.Offset, got, want)
			}
		}
	})
}

func at(rule, file string, line, column int, message string) finding.Finding {
	p := finding.Position{Line: line, Column: column}
	return finding.Finding{Rule: &rules.Rule{ID: rule}, Message: message, Span: finding.Span{File: file, Start: p, End: p}}
}

func TestSort(t *testing.T) {
	fs := []finding.Finding{
		at("PHI501", "b.sql", 1, 1, "x"), at("PHI501", "a.sql", 10, 1, "x"), at("PHI501", "a.sql", 9, 2, "x"),
		at("PHI405", "a.sql", 9, 2, "z"), at("PHI405", "a.sql", 9, 2, "y"), at("PHI999", "a.sql", 9, 1, "x"),
	}
	finding.Sort(fs)
	var got []string
	for _, f := range fs {
		got = append(got, fmt.Sprintf("%s:%d:%d %s %s", f.Span.File, f.Span.Start.Line, f.Span.Start.Column, f.Rule.ID, f.Message))
	}
	want := []string{"a.sql:9:1 PHI999 x", "a.sql:9:2 PHI405 y", "a.sql:9:2 PHI405 z", "a.sql:9:2 PHI501 x", "a.sql:10:1 PHI501 x", "b.sql:1:1 PHI501 x"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order differs (-want +got):\n%s", diff)
	}
}

func TestFingerprint(t *testing.T) {
	base := at("PHI501", "a.sql", 1, 1, "one")
	base.Object = "app.patients"
	print := base.Fingerprint(0)
	moved := at("PHI501", "a.sql", 99, 5, "another message")
	moved.Object = base.Object
	if moved.Fingerprint(0) != print {
		t.Error("the fingerprint depends on line or message")
	}
	for name, change := range map[string]func(*finding.Finding){
		"rule":   func(f *finding.Finding) { f.Rule = &rules.Rule{ID: "PHI502"} },
		"file":   func(f *finding.Finding) { f.Span.File = "b.sql" },
		"object": func(f *finding.Finding) { f.Object = "app.visits" },
	} {
		f := base
		change(&f)
		if f.Fingerprint(0) == print {
			t.Errorf("the fingerprint does not depend on the %s", name)
		}
	}
	seen := map[string]int{}
	for i := range 200 {
		p := base.Fingerprint(i)
		if first, ok := seen[p]; ok {
			t.Fatalf("occurrences %d and %d share a fingerprint", first, i)
		}
		seen[p] = i
	}
	nameless := at("PHI501", "a.sql", 1, 1, "one")
	other := at("PHI501", "a.sql", 1, 1, "two")
	if nameless.Fingerprint(0) == other.Fingerprint(0) {
		t.Error("without an object the message does not count")
	}
}
