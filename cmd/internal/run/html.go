package run

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/page"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// writePage writes the page for auditors.
func (s *state) writePage(ctx context.Context, r *report.Report) error {
	scan, err := s.project.Scan(ctx)
	if err != nil {
		return err
	}
	config := s.project.Config
	inv, err := inventory.Collect(s.project.Root, scan, config.Lexicon(), config.Excluded)
	if err != nil {
		return err
	}
	revision, err := git(ctx, s.project.Root, "rev-parse", "--short=12", "HEAD")
	if err != nil {
		revision = nil // not a repository, or one without a commit
	}
	var b bytes.Buffer
	in := &page.Input{
		Project: filepath.Base(s.project.Root), Revision: strings.TrimSpace(string(revision)), Report: r, Inventory: inv,
		Rules: slices.DeleteFunc(Rules(), func(rule *rules.Rule) bool { return config.Off(rule.ID) }), Mask: s.maskValues,
	}
	s.addTrend(in)
	if err := page.Write(&b, in); err != nil {
		return err
	}
	name := s.HTML
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.Dir, name)
	}
	if err := project.WriteFileAtomic(name, b.Bytes()); err != nil {
		return fmt.Errorf("writing %s: %w", s.HTML, err)
	}
	fmt.Fprintf(s.Stdout, "wrote %s: %d findings, %d suppressed\n", s.HTML, len(r.Findings), len(r.Suppressed))
	return nil
}

// addTrend tells the page what the baseline says. An entry that a directive
// silences now is gone too, and the page says why.
func (s *state) addTrend(in *page.Input) {
	if s.compared == nil {
		return
	}
	var silenced []finding.Finding
	for _, sup := range in.Report.Suppressed {
		silenced = append(silenced, sup.Finding)
	}
	prints := report.Fingerprints(silenced)
	in.HasBaseline = true
	in.Known = func(f *finding.Finding) bool { return s.compared.old[placeOf(f)] }
	for _, e := range s.compared.gone {
		// What is below the severities of the page is not counted elsewhere either.
		if severity, err := rules.ParseSeverity(e.Severity); err == nil && severity < s.Min {
			continue
		}
		in.Gone = append(in.Gone, page.Gone{Rule: e.Rule, File: e.File, Message: e.Message, Suppressed: slices.Contains(prints, e.Fingerprint)})
	}
}

// maskValues takes values that look like PHI out of what people wrote, such as
// the reason of a suppression.
func (s *state) maskValues(text string) string {
	out := []byte(text)
	for _, d := range s.project.Config.Lexicon().Detect(text, "") {
		for i := max(d.Start, 0); i < min(d.End, len(out)); i++ {
			out[i] = '*'
		}
	}
	return string(out)
}
