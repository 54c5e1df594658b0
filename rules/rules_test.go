package rules_test

import (
	"strings"
	"testing"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

// page returns a complete page for a rule, without the named sections.
func page(id string, without ...string) string {
	var b strings.Builder
	b.WriteString("# " + id + " some-slug: a title\n")
	for _, s := range rules.Sections {
		skip := false
		for _, w := range without {
			skip = skip || s == w
		}
		if !skip {
			b.WriteString("\n## " + s + "\n\ntext of " + s + "\n")
		}
	}
	return b.String()
}

func valid() rules.Rule {
	return rules.Rule{
		ID: "PHI501", Slug: "rls-missing", Title: "PHI table without row level security",
		Severity: rules.High, Since: "unreleased",
		Citations: []hipaa.Citation{hipaa.AccessControl}, CWE: []int{862}, Help: page("PHI501"),
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name   string
		change func(*rules.Rule)
		want   string // part of the error; "" for none
	}{
		{"complete", func(*rules.Rule) {}, ""},
		{"bad ID", func(r *rules.Rule) { r.ID = "PH501" }, "not of the form"},
		{"bad slug", func(r *rules.Rule) { r.Slug = "RLS_missing" }, "slug"},
		{"title with full stop", func(r *rules.Rule) { r.Title = "Bad." }, "title"},
		{"no severity", func(r *rules.Rule) { r.Severity = 0 }, "no severity"},
		{"no since", func(r *rules.Rule) { r.Since = "" }, "no since"},
		{"no citation", func(r *rules.Rule) { r.Citations = nil }, "no citation"},
		{"citation that does not exist", func(r *rules.Rule) { r.Citations = []hipaa.Citation{"164.999(z)"} }, "not a constant"},
		{"no CWE", func(r *rules.Rule) { r.CWE = nil }, "no CWE"},
		{"page of another rule", func(r *rules.Rule) { r.Help = page("PHI502") }, "does not start"},
		{"page without Limits", func(r *rules.Rule) { r.Help = page("PHI501", "Limits") }, `section "Limits"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := valid()
			tt.change(&r)
			err := r.Validate()
			switch {
			case tt.want == "" && err != nil:
				t.Errorf("Validate() = %v, want no error", err)
			case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
				t.Errorf("Validate() = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestSection(t *testing.T) {
	r := valid()
	if got, want := r.Section("Good"), "text of Good"; got != want {
		t.Errorf("Section(Good) = %q, want %q", got, want)
	}
	if got, want := r.Section("References"), "text of References"; got != want {
		t.Errorf("Section(References) = %q, want %q", got, want)
	}
	if got := r.Section("Nothing"); got != "" {
		t.Errorf("Section(Nothing) = %q, want none", got)
	}
}

func TestSeverity(t *testing.T) {
	for _, s := range rules.Severities() {
		got, err := rules.ParseSeverity(s.String())
		if err != nil || got != s {
			t.Errorf("ParseSeverity(%q) = %v, %v; want %v", s.String(), got, err, s)
		}
	}
	if _, err := rules.ParseSeverity("fatal"); err == nil || !strings.Contains(err.Error(), "critical, high") {
		t.Errorf("ParseSeverity(fatal) = %v, want an error that lists the severities", err)
	}
	if got := rules.Info.Lower(); got != rules.Info {
		t.Errorf("Info.Lower() = %v, want info", got)
	}
	if got := rules.High.Lower(); got != rules.Medium {
		t.Errorf("High.Lower() = %v, want medium", got)
	}
}
