package run_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/ruletest"
)

// TestRules holds every rule against what rules.Rule asks for, and the list
// against repetitions.
func TestRules(t *testing.T) {
	ids, slugs := map[string]bool{}, map[string]bool{}
	for _, r := range run.Rules() {
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
		if ids[r.ID] || slugs[r.Slug] {
			t.Errorf("%s %s is in the list twice", r.ID, r.Slug)
		}
		ids[r.ID], slugs[r.Slug] = true, true
		if run.Rule(r.ID) != r && run.Rule(r.ID).ID != r.ID || run.Rule(r.Slug) == nil || run.Rule(strings.ToLower(r.ID)) == nil {
			t.Errorf("%s is not found by its names", r.ID)
		}
	}
	for _, id := range []string{"PHI101", "PHI501", "PHI904", "PHI905", "PHI906"} {
		if !ids[id] {
			t.Errorf("%s is not in the list", id)
		}
	}
	if run.Known("rls-missing") || run.Known("PHI999") || !run.Known("PHI906") {
		t.Error("Known takes something else than an ID")
	}
}

func TestParseDiff(t *testing.T) {
	diff := "diff --git a/x.sql b/x.sql\n--- a/x.sql\n+++ b/x.sql\n@@ -1,0 +2,3 @@ head\n+a\n+b\n+c\n@@ -9 +12 @@\n-x\n+y\n@@ -20,2 +22,0 @@\n-gone\n-gone\n" +
		"--- /dev/null\n+++ \"b/sp\\303\\244t.sql\"\n@@ -0,0 +1 @@\n+++ b/no.sql\n" +
		"--- a/old.sql\n+++ /dev/null\n@@ -1 +0,0 @@\n-x"
	c := run.ParseDiff([]byte(diff))
	for line, want := range map[int]bool{1: false, 2: true, 4: true, 5: false, 12: true, 13: false, 22: false} {
		if got := c.Touches("x.sql", line); got != want {
			t.Errorf("line %d changed: %v, want %v", line, got, want)
		}
	}
	if !c.Touches("spät.sql", 1) {
		t.Error("a quoted name is not read")
	}
	if c.Touches("old.sql", 1) || c.Touches("", 1) {
		t.Error("a deleted file has changed lines")
	}
}

func tree(t *testing.T, files ...string) string {
	t.Helper()
	empty := ruletest.Files{}
	for _, file := range files {
		empty[file] = ""
	}
	root, err := filepath.EvalSymlinks(empty.Write(t))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestParseTarget(t *testing.T) {
	root := tree(t, "db/001.sql", "db/sub/002.sql", "other/x.sql", "pkg/a.go", "pkg/sub/b.go")
	tests := []struct {
		dir      string
		args     []string
		patterns []string
		shown    []string // of the files below
		lone     []string // named, and in no history
	}{
		{".", nil, []string{"./..."}, []string{"db/001.sql", "db/sub/002.sql", "other/x.sql", "pkg/a.go"}, nil},
		{"db", nil, []string{"./..."}, []string{"db/001.sql", "db/sub/002.sql"}, nil},
		{".", []string{"db"}, nil, []string{"db/001.sql", "db/sub/002.sql"}, nil},
		{".", []string{"./db/001.sql"}, nil, []string{"db/001.sql"}, nil},
		{"db", []string{"../other/x.sql"}, nil, []string{"other/x.sql"}, []string{"other/x.sql"}},
		{".", []string{"./pkg"}, []string{"./pkg/..."}, []string{"pkg/a.go"}, []string{"pkg"}},
		{".", []string{"./pkg/..."}, []string{"./pkg/..."}, []string{"pkg/a.go"}, []string{"pkg"}},
		{".", []string{"example.com/x/..."}, []string{"example.com/x/..."}, []string{"db/001.sql", "db/sub/002.sql", "other/x.sql", "pkg/a.go"}, nil},
		{".", []string{"pkg/a.go"}, []string{"./pkg"}, []string{"pkg/a.go"}, nil},
	}
	for _, tt := range tests {
		got, err := run.ParseTarget(root, filepath.Join(root, tt.dir), tt.args)
		if err != nil {
			t.Errorf("%s %v: %v", tt.dir, tt.args, err)
			continue
		}
		if diff := cmp.Diff(tt.patterns, got.Patterns()); diff != "" {
			t.Errorf("%s %v: patterns differ (-want +got):\n%s", tt.dir, tt.args, diff)
		}
		var shown []string
		for _, f := range []string{"db/001.sql", "db/sub/002.sql", "other/x.sql", "pkg/a.go"} {
			if got.Covers(f) {
				shown = append(shown, f)
			}
		}
		if diff := cmp.Diff(tt.shown, shown); diff != "" {
			t.Errorf("%s %v: files differ (-want +got):\n%s", tt.dir, tt.args, diff)
		}
		if diff := cmp.Diff(tt.lone, got.NotAmong("db/001.sql", "db/sub/002.sql")); diff != "" {
			t.Errorf("%s %v: files outside any history differ (-want +got):\n%s", tt.dir, tt.args, diff)
		}
	}
	for _, arg := range []string{"./nowhere", "nowhere.sql", "/nowhere", "-x"} {
		if _, err := run.ParseTarget(root, root, []string{arg}); err == nil {
			t.Errorf("%s is taken", arg)
		}
	}
}

func TestParseOutput(t *testing.T) {
	if o, err := run.ParseOutput("sarif:C:\\x.sarif"); err != nil || o != (run.Output{Format: "sarif", File: `C:\x.sarif`}) {
		t.Errorf("ParseOutput = %+v, %v", o, err)
	}
	for _, s := range []string{"", "html", "text:"} {
		if _, err := run.ParseOutput(s); err == nil {
			t.Errorf("ParseOutput(%q) is no error", s)
		}
	}
}

// TestPage906 executes the examples on the page of PHI906: the bad package is
// reported as not judged, the good one gives nothing.
func TestPage906(t *testing.T) {
	self := buildSelf(t)
	r := run.Rule("PHI906")
	for section, want := range map[string]int{"Bad": 1, "Good": 0} {
		_, code, _ := strings.Cut(r.Section(section), "```go\n")
		code, _, ok := strings.Cut(code, "```")
		if !ok {
			t.Fatalf("section %s has no Go code", section)
		}
		root := ruletest.Files{"go.mod": "module example.com/x\n\ngo 1.26\n", "patients/patients.go": code}.Write(t)
		var out, errOut bytes.Buffer
		if _, err := run.Run(context.Background(), run.Options{Dir: root, Reporting: run.Reporting{Stdout: &out, Stderr: &errOut}, Self: self}); err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`(?m)^\S+:\d+:\d+: \w+ (PHI\d+)`).FindAllStringSubmatch(out.String(), -1)
		if len(found) != want || slices.ContainsFunc(found, func(m []string) bool { return m[1] != "PHI906" }) {
			t.Errorf("%s: want %d findings of PHI906:\n%s%s", section, want, out.String(), errOut.String())
		}
	}
}

// TestInterrupt: a run that was told to stop says so and writes nothing.
func TestInterrupt(t *testing.T) {
	root := tree(t, "db/migrations/001.sql", "go.mod", "x.go")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	code, err := run.Run(ctx, run.Options{
		Dir: root, Self: "/nowhere",
		Reporting: run.Reporting{Stdout: &out, Stderr: &out, Outputs: []run.Output{{Format: "text"}, {Format: "sarif", File: "x.sarif"}}},
	})
	if err == nil || err.Error() != "interrupted" || code != run.ExitUsage || out.Len() > 0 {
		t.Errorf("Run = %d, %v, wrote %q", code, err, out.String())
	}
	if _, err := os.Stat(filepath.Join(root, "x.sarif")); err == nil {
		t.Error("an interrupted run has written a report")
	}
}
