// Package report writes what a run has found: as text for people, as SARIF for
// code scanning, as JSON, JUnit and GitHub annotations for machines.
//
// No format prints a value from the source. Messages hold names only, and the
// lines that text shows have every literal and comment masked.
package report

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// A Report is the outcome of one run, ready to be written.
type Report struct {
	Findings   []finding.Finding // sorted; what is suppressed or in the baseline is not among them
	Suppressed []Suppressed
	Notices    []finding.Notice
	// Baseline counts the findings that the baseline hides.
	Baseline int
	// Hidden counts the findings below the severity asked for.
	Hidden int
	// Incomplete says that part of the input could not be looked at.
	Incomplete bool
	// Version is phivet's own.
	Version string
	// Sources reads the files that findings stand in.
	Sources *Sources
	// Display returns the path by which people find a file from where they
	// are; nil leaves paths as they are.
	Display func(file string) string
	// Repository is the path of the run's root in its repository, or "": SARIF
	// and annotations name files relative to the repository.
	Repository string
	// Category keeps several SARIF files of one project apart, or is "".
	Category string
	// Warn is told what a format had to leave out; nil is nobody.
	Warn func(message string)
	// Color says to write ANSI colours; Width is the terminal's, 0 if none.
	Color bool
	Width int
}

// Suppressed is a finding that a directive silences.
type Suppressed struct {
	Finding finding.Finding
	Reason  string
	At      finding.Span
}

// A writer writes a report in one format.
type writer func(w io.Writer, r *Report) error

var formats = []struct {
	name  string
	write writer
}{
	{"text", writeText},
	{"sarif", writeSARIF},
	{"json", writeJSON},
	{"junit", writeJUnit},
	{"github", writeGitHub},
	{"gitlab", writeGitLab},
}

// Formats returns the names of the formats.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// Write writes the report in the format of that name.
func (r *Report) Write(w io.Writer, format string) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(w, r)
		}
	}
	return fmt.Errorf("unknown format %q: use %s", format, strings.Join(Formats(), ", "))
}

func (r *Report) warn(message string) {
	if r.Warn != nil {
		r.Warn(message)
	}
}

// repositoryPath returns a file's path relative to the repository.
func (r *Report) repositoryPath(file string) string { return path.Join(r.Repository, file) }

// displayPath returns a file's path relative to the working directory.
func (r *Report) displayPath(file string) string {
	if r.Display == nil {
		return file
	}
	return r.Display(file)
}

// usedRules returns the rules that have findings, sorted by ID.
func usedRules(fs []finding.Finding) []*rules.Rule {
	var out []*rules.Rule
	seen := map[string]bool{}
	for _, f := range fs {
		if !seen[f.Rule.ID] {
			seen[f.Rule.ID] = true
			out = append(out, f.Rule)
		}
	}
	slices.SortFunc(out, func(a, b *rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Fingerprints returns the fingerprint of each finding, which must be sorted:
// findings that agree in rule, object and file are counted in that order.
func Fingerprints(fs []finding.Finding) []string {
	counts := map[string]int{}
	out := make([]string, len(fs))
	for i := range fs {
		base := fs[i].Fingerprint(0)
		out[i] = fs[i].Fingerprint(counts[base])
		counts[base]++
	}
	return out
}

// count says "1 finding" or "2 findings".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
