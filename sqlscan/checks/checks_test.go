package checks_test

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
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
	return slices.DeleteFunc(sqlscan.Rules(), func(r *rules.Rule) bool { return r == dsn.TLSNotEnforced || r == dsn.CredentialsInDSN })
}

// TestCases runs the cases of testdata: the files of a history, and the
// findings of one rule.
func TestCases(t *testing.T) {
	at := func(s finding.Span) string { return fmt.Sprintf("%s:%d:%d", s.File, s.Start.Line, s.Start.Column) }
	ruletest.Cases(t, sqlscan.Rules(), *update, at, func(t *testing.T, files ruletest.Files) ([]finding.Finding, []finding.Notice) {
		return scan(t, files), nil
	})
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
			r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: ruletest.CaseFiles(t, name).Write(t)})
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
