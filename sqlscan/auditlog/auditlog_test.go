package auditlog_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
	"github.com/phivet/phivet/sqlscan/auditlog"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata")

// isLog reports whether a file of a case is a log; the others are migrations.
func isLog(name string) bool {
	return slices.Contains([]string{".log", ".csv", ".json"}, path.Ext(name))
}

// read reads the logs among the files, in the order of their names, with the
// schema of the migrations among them.
func read(t *testing.T, files ruletest.Files, o auditlog.Options) *auditlog.Scanner {
	t.Helper()
	sql := ruletest.Files{}
	var logs []string
	for name, text := range files {
		if isLog(name) {
			logs = append(logs, name)
			continue
		}
		sql[name] = text
	}
	if len(sql) > 0 {
		r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: sql.Write(t)})
		if err != nil {
			t.Fatal(err)
		}
		o.Schema = r.Schema
	}
	s := auditlog.New(o)
	slices.Sort(logs)
	for _, name := range logs {
		if err := s.Read(context.Background(), name, strings.NewReader(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func TestPages(t *testing.T) {
	for _, r := range auditlog.Rules() {
		t.Run(r.Slug, func(t *testing.T) {
			ruletest.Page(t, r, "postgresql.log", nil, func(t *testing.T, files ruletest.Files) []finding.Finding {
				s := read(t, files, auditlog.Options{})
				if s.Incomplete() {
					t.Errorf("the example is no log: %v", s.Notices())
				}
				var out []finding.Finding
				for _, f := range s.Findings() {
					out = append(out, f.Finding)
				}
				return out
			})
		})
	}
}

func TestListed(t *testing.T) { ruletest.Listed(t, ".", auditlog.Rules()) }

// TestCases runs testdata/<slug>/*.txtar: logs, the migrations of the project,
// and behind "want" the findings of that rule and the notices. Each rule has a
// case with findings and one without.
func TestCases(t *testing.T) {
	for _, r := range auditlog.Rules() {
		cases, err := filepath.Glob(filepath.Join("testdata", ruletest.Stem(r), "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		positive, negative := 0, 0
		for _, name := range cases {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(ruletest.Stem(r)+"/"+strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				if runCase(t, name, ar, r.ID) {
					positive++
				} else {
					negative++
				}
			})
		}
		if positive == 0 || negative == 0 {
			t.Errorf("rule %s has %d cases with findings and %d without, want one of each at least", r.ID, positive, negative)
		}
	}
}

// runCase reports whether the case has findings.
func runCase(t *testing.T, name string, ar *txtar.Archive, id string) (found bool) {
	files, wantAt := ruletest.Files{}, -1
	for i, f := range ar.Files {
		if f.Name == "want" {
			wantAt = i
			continue
		}
		files[f.Name] = string(f.Data)
	}
	if wantAt < 0 {
		t.Fatalf("%s has no want section", name)
	}
	s := read(t, files, auditlog.Options{})
	var got strings.Builder
	for _, f := range s.Findings() {
		if f.Rule.ID == id {
			found = true
			fmt.Fprintf(&got, "%s:%d: %s %s: %s\n", f.Span.File, f.Span.Start.Line, f.Rule.ID, f.Severity, f.Message)
		}
		if len(f.Message) > 100 {
			t.Errorf("message is longer than 100 bytes: %s", f.Message)
		}
	}
	for _, n := range s.Notices() {
		fmt.Fprintf(&got, "# %s:%d: %s\n", n.File, n.Line, n.Message)
	}
	if *update {
		ar.Files[wantAt].Data = []byte(got.String())
		if err := os.WriteFile(name, txtar.Format(ar), 0o666); err != nil {
			t.Fatal(err)
		}
		return found
	}
	if diff := cmp.Diff(string(ar.Files[wantAt].Data), got.String()); diff != "" {
		t.Errorf("%s: findings (-want +got):\n%s", name, diff)
	}
	return found
}
