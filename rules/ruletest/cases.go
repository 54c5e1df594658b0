package ruletest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// A CaseRunner runs all checks of a family on the files of a case and returns
// what they say.
type CaseRunner func(t *testing.T, files Files) ([]finding.Finding, []finding.Notice)

// Cases runs testdata/<slug>/*.txtar of each rule: files, and behind "want" the
// findings of that rule, a line each, and the notices. At writes the position
// of a finding. Each rule must have a case with findings and one without. With
// update set, what was said is written behind "want".
func Cases(t *testing.T, list []*rules.Rule, update bool, at func(finding.Span) string, run CaseRunner) {
	t.Helper()
	for _, r := range list {
		names, err := filepath.Glob(filepath.Join("testdata", Stem(r), "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		positive, negative := 0, 0
		for _, name := range names {
			t.Run(Stem(r)+"/"+strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
				c := readCase(t, name)
				found, notices := run(t, c.files)
				got, hits := said(t, r.ID, found, notices, at)
				if hits > 0 {
					positive++
				} else {
					negative++
				}
				c.compare(t, got, update)
			})
		}
		if positive == 0 || negative == 0 {
			t.Errorf("rule %s has %d cases with findings and %d without, want one of each at least", r.ID, positive, negative)
		}
	}
}

// said returns what stands behind "want", and how many findings are the rule's.
func said(t *testing.T, id string, found []finding.Finding, notices []finding.Notice, at func(finding.Span) string) (got string, hits int) {
	var b strings.Builder
	for _, f := range found {
		if f.Rule.ID == id {
			hits++
			fmt.Fprintf(&b, "%s: %s %s: %s\n", at(f.Span), f.Rule.ID, f.Severity, f.Message)
		}
		if len(f.Message) > 100 {
			t.Errorf("message is longer than 100 bytes: %s", f.Message)
		}
	}
	for _, n := range notices {
		fmt.Fprintf(&b, "# %s:%d: %s\n", n.File, n.Line, n.Message)
	}
	return b.String(), hits
}

// CaseFiles returns the files of a case, without what is behind "want".
func CaseFiles(t testing.TB, name string) Files {
	t.Helper()
	return readCase(t, name).files
}

// A caseFile is a txtar with a section "want".
type caseFile struct {
	name    string
	archive *txtar.Archive
	files   Files
	want    int // the section among those of the archive
}

func readCase(t testing.TB, name string) caseFile {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	c := caseFile{name, archive, Files{}, -1}
	for i, f := range archive.Files {
		if f.Name == "want" {
			c.want = i
			continue
		}
		c.files[f.Name] = string(f.Data)
	}
	if c.want < 0 {
		t.Fatalf("%s has no want section", name)
	}
	return c
}

// compare holds what was said against what is wanted, or writes it there.
func (c caseFile) compare(t *testing.T, got string, update bool) {
	t.Helper()
	section := &c.archive.Files[c.want]
	if update {
		section.Data = []byte(got)
		if err := os.WriteFile(c.name, txtar.Format(c.archive), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(section.Data), got); diff != "" {
		t.Errorf("%s: findings (-want +got):\n%s", c.name, diff)
	}
}
