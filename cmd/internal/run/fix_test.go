package run_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/fix"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/finding"
)

// TestNewlyBroken takes back what broke a package, and nothing else.
func TestNewlyBroken(t *testing.T) {
	last := []fix.Change{{File: "a/a.go"}, {File: "b/b.go"}, {File: "db/002.sql"}}
	for _, c := range []struct {
		name          string
		before, after []finding.Finding
		want          []string
	}{
		{"nothing", nil, nil, nil},
		{"the package of a fix", nil, []finding.Finding{run.NotJudged("x/a", "a/a.go")}, []string{"a/a.go"}},
		{"one that was broken before", []finding.Finding{run.NotJudged("x/a", "a/a.go")}, []finding.Finding{run.NotJudged("x/a", "a/a.go")}, nil},
		{"one that imports what was fixed", nil, []finding.Finding{run.NotJudged("x/c", "c/c.go")}, []string{"a/a.go", "b/b.go"}},
	} {
		var got []string
		for _, change := range run.NewlyBroken(c.before, c.after, last) {
			got = append(got, change.File)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
