// Package ruletest tests what every rule has to have, whatever it is about: a
// valid literal, a page whose examples do what they say, and a place in the
// list of its family.
//
// The package knows nothing of SQL or Go. A family gives a function that finds
// what its checks say of some files.
package ruletest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// Files maps slash paths to contents.
type Files map[string]string

// Write writes the files to a folder of their own and returns it.
func (f Files) Write(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	f.WriteTo(t, dir)
	return dir
}

// WriteTo writes the files to a folder, over those that are there.
func (f Files) WriteTo(t testing.TB, dir string) {
	t.Helper()
	for name, text := range f {
		p := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// A Runner runs all checks of a family on the files.
type Runner func(t *testing.T, files Files) []finding.Finding

// Examples returns the files of the fenced blocks below Bad and Good. Lines of
// the form "-- file: name" or "// file: name" start a file of that name; text
// before the first goes to fallback.
func Examples(r *rules.Rule, fallback string) (bad, good Files, err error) {
	if bad, err = example(r, "Bad", fallback); err != nil {
		return nil, nil, err
	}
	good, err = example(r, "Good", fallback)
	return bad, good, err
}

func example(r *rules.Rule, section, fallback string) (Files, error) {
	_, rest, ok := strings.Cut("\n"+r.Section(section), "\n```")
	if !ok {
		return nil, fmt.Errorf("rule %s: section %s has no code block", r.ID, section)
	}
	_, rest, _ = strings.Cut(rest, "\n") // the language
	block, after, ok := strings.Cut(rest, "\n```")
	if !ok || strings.Contains(after, "```") {
		return nil, fmt.Errorf("rule %s: section %s does not have exactly one code block", r.ID, section)
	}
	files, name := Files{}, fallback
	for _, line := range strings.SplitAfter(block+"\n", "\n") {
		if n, ok := fileLine(line); ok {
			name = n
			continue
		}
		if line != "" {
			files[name] += line
		}
	}
	return files, nil
}

func fileLine(line string) (string, bool) {
	for _, prefix := range []string{"-- file: ", "// file: "} {
		if rest, ok := strings.CutPrefix(line, prefix); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return "", false
}

// Page checks the rule and its page, and runs the examples: Bad has to give
// findings of this rule and of no other that matters, Good none of this rule.
// Allow lists the IDs of rules that may come along in Bad.
func Page(t *testing.T, r *rules.Rule, fallback string, allow []string, run Runner) {
	t.Helper()
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	bad, good, err := Examples(r, fallback)
	if err != nil {
		t.Fatal(err)
	}
	hits := 0
	for _, f := range run(t, bad) {
		switch {
		case f.Rule.ID == r.ID:
			hits++
		case f.Severity > rules.Info && !slices.Contains(allow, f.Rule.ID):
			t.Errorf("Bad of %s gives another finding: %s:%d: %s %s", r.ID, f.Span.File, f.Span.Start.Line, f.Rule.ID, f.Message)
		}
	}
	if hits == 0 {
		t.Errorf("Bad of %s gives no finding of it", r.ID)
	}
	for _, f := range run(t, good) {
		if f.Rule.ID == r.ID {
			t.Errorf("Good of %s gives %s:%d: %s", r.ID, f.Span.File, f.Span.Start.Line, f.Message)
		}
	}
}

// Listed checks that the pages of a folder and the rules of a list are the
// same, that IDs and slugs are unique, and that the list is sorted.
func Listed(t *testing.T, dir string, list []*rules.Rule) {
	t.Helper()
	stems := map[string]bool{}
	for i, r := range list {
		stem := Stem(r)
		if stems[stem] || i > 0 && list[i-1].ID >= r.ID {
			t.Errorf("rule %s is not in its place, or is there twice", r.ID)
		}
		stems[stem] = true
		if _, err := os.Stat(filepath.Join(dir, stem+".md")); err != nil {
			t.Errorf("rule %s has no page %s.md", r.ID, stem)
		}
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if stem := strings.TrimSuffix(filepath.Base(p), ".md"); !stems[stem] {
			t.Errorf("page %s belongs to no rule of the list", p)
		}
	}
}

// Stem returns the name that the rule's files share: the slug with underscores.
func Stem(r *rules.Rule) string { return strings.ReplaceAll(r.Slug, "-", "_") }
