package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules/finding"
)

// BaselineName is the file, beside .phivet.toml, that lists known findings.
const BaselineName = ".phivet-baseline.json"

// A baseline lists findings that a project has accepted for now: only new ones
// count. Entries are known by fingerprint; the rest is for people who review
// the file's diff.
type baseline struct {
	Version  int             `json:"version"`
	Findings []baselineEntry `json:"findings"`
}

type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	Severity    string `json:"severity,omitempty"`
	File        string `json:"file"`
	Message     string `json:"message"`
}

// readBaseline returns a baseline; a missing file is none, unless the user has
// named it.
func readBaseline(name string, named bool) (*baseline, error) {
	data, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading baseline: %w", err)
	}
	var b baseline
	if err := json.Unmarshal(data, &b); err != nil {
		return nil, fmt.Errorf("%s is no baseline: %w", name, err)
	}
	if b.Version != 1 {
		return nil, fmt.Errorf("%s has version %d: this phivet reads version 1", name, b.Version)
	}
	return &b, nil
}

func writeBaseline(name string, fs []finding.Finding) error {
	b := baseline{Version: 1, Findings: []baselineEntry{}}
	for i, print := range report.Fingerprints(fs) {
		b.Findings = append(b.Findings, baselineEntry{print, fs[i].Rule.ID, fs[i].Severity.String(), fs[i].Span.File, fs[i].Message})
	}
	data, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding baseline: %w", err)
	}
	return project.WriteFileAtomic(name, append(data, '\n'))
}

// baselineFile returns the path of the run's baseline.
func (s *state) baselineFile() string {
	if s.Baseline == "" {
		return filepath.Join(s.project.Root, BaselineName)
	}
	if filepath.IsAbs(s.Baseline) {
		return s.Baseline
	}
	return filepath.Join(s.Dir, s.Baseline)
}

// known splits off the findings that the baseline lists, and says how many of
// its entries match nothing any more. A page shows all of them: it keeps what it
// needs to tell which are new.
func (s *state) known(fs []finding.Finding, b *baseline) (fresh []finding.Finding, hidden int) {
	if b == nil {
		return fs, 0
	}
	listed := map[string]bool{}
	for _, e := range b.Findings {
		listed[e.Fingerprint] = true
	}
	s.compared = &comparison{old: map[place]bool{}}
	matched := map[string]bool{}
	for i, print := range report.Fingerprints(fs) {
		if !listed[print] {
			fresh = append(fresh, fs[i])
			continue
		}
		matched[print] = true
		s.compared.old[placeOf(&fs[i])] = true
		hidden++
	}
	for _, e := range b.Findings {
		if !matched[e.Fingerprint] {
			matched[e.Fingerprint] = true // an entry may stand twice
			s.compared.gone = append(s.compared.gone, e)
		}
	}
	if n := len(s.compared.gone); n > 0 && len(s.Args) == 0 && s.Since == "" && s.HTML == "" {
		s.notice("%d entries of the baseline match nothing any more: phivet baseline rewrites it", n)
	}
	if s.HTML != "" {
		return fs, 0
	}
	return fresh, hidden
}

// A comparison is what a page tells about a baseline.
type comparison struct {
	old  map[place]bool // findings that it lists
	gone []baselineEntry
}

// A place is what tells findings of one run apart.
type place struct {
	rule, file, message string
	line, column        int
}

func placeOf(f *finding.Finding) place {
	return place{f.Rule.ID, f.Span.File, f.Message, f.Span.Start.Line, f.Span.Start.Column}
}
