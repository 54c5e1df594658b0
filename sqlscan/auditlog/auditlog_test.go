package auditlog_test

import (
	"context"
	"flag"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

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
				return plain(s.Findings())
			})
		})
	}
}

func TestListed(t *testing.T) { ruletest.Listed(t, ".", auditlog.Rules()) }

// TestCases runs the cases of testdata: logs, the migrations of the project, and
// the findings of one rule with the notices.
func TestCases(t *testing.T) {
	at := func(s finding.Span) string { return fmt.Sprintf("%s:%d", s.File, s.Start.Line) }
	ruletest.Cases(t, auditlog.Rules(), *update, at, func(t *testing.T, files ruletest.Files) ([]finding.Finding, []finding.Notice) {
		s := read(t, files, auditlog.Options{})
		return plain(s.Findings()), s.Notices()
	})
}

// plain returns findings without what only logs have.
func plain(all []auditlog.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range all {
		out = append(out, f.Finding)
	}
	return out
}
