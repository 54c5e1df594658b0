package checks_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
	"github.com/phivet/phivet/sqlscan/checks"
)

var update = flag.Bool("update", false, "rewrite the want sections of testdata")

// scan writes the files to a folder and scans it.
func scan(t *testing.T, files ruletest.Files) []finding.Finding {
	t.Helper()
	dir := files.Write(t)
	r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	return r.Findings
}

// companions are rules that the Bad example of any other may give too: an
// example has a table with plain columns.
var companions = []string{"PHI405", "PHI406", "PHI408"}

// inherent are rules that the Bad example of one rule cannot avoid.
var inherent = map[string][]string{
	"PHI507": {"PHI502"}, // only row security that is not forced lets a view around it
	"PHI903": {"PHI901"}, // it is about what depends on such a statement
	"PHI526": {"PHI411"}, // the copy is one thing, the rights another
	"PHI517": {"PHI601"}, // only a role with a password can keep it for ever
}

func TestPages(t *testing.T) {
	for _, r := range own() {
		allow := append(inherent[r.ID], companions...)
		if r.ID < "PHI500" { // what is stored: who can reach it is another matter
			allow = append(allow, "PHI501")
		}
		t.Run(r.Slug, func(t *testing.T) { ruletest.Page(t, r, "001.sql", allow, scan) })
	}
}

func TestListed(t *testing.T) { ruletest.Listed(t, ".", own()) }

// own returns the rules whose pages are here. Those that analyzers share have
// examples in Go, which are run there.
func own() []*rules.Rule {
	return slices.DeleteFunc(sqlscan.Rules(), func(r *rules.Rule) bool { return slices.Contains(checks.Shared(), r) })
}

// TestCases runs testdata/<slug>/*.txtar: the files of a history, and behind
// "want" the findings of that rule. Each rule has a case with findings and one
// without.
func TestCases(t *testing.T) {
	for _, r := range sqlscan.Rules() {
		cases, err := filepath.Glob(filepath.Join("testdata", ruletest.Stem(r), "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		positive, negative := 0, 0
		for _, path := range cases {
			ar, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(ruletest.Stem(r)+"/"+strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
				if runCase(t, path, ar, r.ID) {
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
func runCase(t *testing.T, path string, ar *txtar.Archive, id string) bool {
	files, want := ruletest.Files{}, ""
	wantAt := -1
	for i, f := range ar.Files {
		if f.Name == "want" {
			want, wantAt = string(f.Data), i
			continue
		}
		files[f.Name] = string(f.Data)
	}
	if wantAt < 0 {
		t.Fatalf("%s has no want section", path)
	}
	var got strings.Builder
	for _, f := range scan(t, files) {
		if f.Rule.ID == id {
			fmt.Fprintf(&got, "%s:%d:%d: %s %s: %s\n", f.Span.File, f.Span.Start.Line, f.Span.Start.Column, f.Rule.ID, f.Severity, f.Message)
		}
		if len(f.Message) > 100 {
			t.Errorf("message is longer than 100 bytes: %s", f.Message)
		}
	}
	if *update {
		ar.Files[wantAt].Data = []byte(got.String())
		if err := os.WriteFile(path, txtar.Format(ar), 0o666); err != nil {
			t.Fatal(err)
		}
		return got.Len() > 0
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("%s: findings (-want +got):\n%s", path, diff)
	}
	return want != ""
}

// planted are the secrets of the cases. What a finding or a notice says must
// never hold one of them.
var planted = []string{"amber-lake", "hunter-violet", "Tr0ub4dor", "VHIwdWI0ZG9y", "c3RvcmVk", "d41d8cd98f00"}

func TestNoSecretIsRepeated(t *testing.T) {
	for _, rule := range []string{"plaintext_role_password", "embedded_credential", "credentials_in_dsn"} {
		cases, err := filepath.Glob(filepath.Join("testdata", rule, "*.txtar"))
		if err != nil || len(cases) < 2 {
			t.Fatal("no cases of", rule, err)
		}
		for _, name := range cases {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files := ruletest.Files{}
			for _, f := range ar.Files {
				if f.Name != "want" {
					files[f.Name] = string(f.Data)
				}
			}
			r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: files.Write(t)})
			if err != nil {
				t.Fatal(err)
			}
			said := fmt.Sprint(r.Notices)
			for _, f := range r.Findings {
				said += fmt.Sprintln(f.Message, f.Object, f.Reason, f.Related)
			}
			for _, secret := range planted {
				if strings.Contains(said, secret) {
					t.Errorf("%s: a finding or a notice repeats %q", name, secret)
				}
			}
		}
	}
}
