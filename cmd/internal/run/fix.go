package run

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/phivet/phivet/cmd/internal/fix"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan"
)

// maxPasses bounds how often Go code is fixed and analysed again: a fix may
// make room for one that overlapped with it.
const maxPasses = 5

// A fixing is a run that mends what it finds.
type fixing struct {
	Options
	root    string
	notices []finding.Notice // what was done, and what not
	// undone are the directories whose packages no fix leaves in order.
	undone map[string]bool
	broken map[string]bool // packages that did not type-check to begin with
	fixed  []finding.Finding
	left   map[string]string // reasons for findings of the last pass
}

// runFix fixes, checks again, and reports what is left.
func runFix(ctx context.Context, o Options) (int, error) {
	f := &fixing{Options: o, undone: map[string]bool{}}
	var last []fix.Change
	for pass := 0; ; pass++ {
		s, r, err := prepare(ctx, o)
		if err != nil {
			return ExitUsage, err
		}
		f.root = s.project.Root
		if pass == 0 {
			f.broken = failed(s.findings)
		} else if undo := f.newlyBroken(s.findings, last); len(undo) > 0 {
			if err := fix.Undo(f.root, undo); err != nil {
				return ExitUsage, fmt.Errorf("undoing a fix: %w", err)
			}
			last = nil
			continue // Have: fewer directories to fix in, so this ends
		}
		var changes []fix.Change
		if pass < maxPasses {
			if changes, err = f.work(ctx, s, r, pass == 0); err != nil {
				return ExitUsage, err
			}
		}
		if len(changes) == 0 {
			return f.finish(s, r)
		}
		if err := fix.Write(f.root, changes); err != nil {
			return ExitUsage, err
		}
		last = changes
		for _, c := range changes {
			if c.Before == nil {
				f.notices = append(f.notices, finding.Notice{File: c.File, Message: "written: read it, and edit its policies, before it runs"})
			}
		}
	}
}

// runDiff shows what fixing would do first, and does nothing.
func runDiff(ctx context.Context, o Options) (int, error) {
	s, r, err := prepare(ctx, o)
	if err != nil {
		return ExitUsage, err
	}
	f := &fixing{Options: o, undone: map[string]bool{}, root: s.project.Root}
	changes, err := f.work(ctx, s, r, true)
	if err != nil {
		return ExitUsage, err
	}
	text, withheld := fix.Diff(changes)
	if _, err := s.Stdout.Write(text); err != nil {
		return ExitUsage, err
	}
	for _, w := range withheld {
		f.say("%s; --fix writes it", w)
	}
	f.sayLeft(r.Findings)
	s.notices = append(s.notices, f.notices...)
	WriteNotices(s.Stderr, s.notices, s.display)
	switch {
	case len(changes) > 0:
		return ExitFindings, nil
	case s.incomplete:
		return ExitIncomplete, nil
	}
	return ExitClean, nil
}

// work returns the changes that fix the findings of a report. Migrations are
// proposed in the first pass only: each stands for all that are wanting.
func (f *fixing) work(ctx context.Context, s *state, r *report.Report, first bool) ([]fix.Change, error) {
	f.left = map[string]string{}
	var fixable []finding.Finding
	for _, x := range r.Findings {
		if x.Fix != nil && f.undone[path.Dir(x.Span.File)] {
			f.left[key(x)] = "its fix would leave a package that does not type-check"
		} else {
			fixable = append(fixable, x)
		}
	}
	changes, applied, skipped := fix.Apply(r.Sources.Content, fixable)
	for _, x := range skipped {
		f.left[key(x.Finding)] = x.Reason
	}
	f.fixed = append(f.fixed, applied...)
	if !first {
		return changes, nil
	}
	repairs, err := sqlscan.Repair(ctx, s.project.ScanOptions(), r.Findings)
	if err != nil {
		return nil, err
	}
	for _, x := range repairs.Files {
		changes = append(changes, fix.Change{File: x.Path, Before: x.Former, After: x.Content})
	}
	for _, x := range repairs.Open {
		f.left[key(x.Finding)] = x.Reason
	}
	f.fixed = append(f.fixed, repairs.Fixed...)
	return changes, nil
}

func key(f finding.Finding) string {
	return fmt.Sprintf("%s:%d:%d %s %s", f.Span.File, f.Span.Start.Line, f.Span.Start.Column, f.Rule.ID, f.Message)
}

// failed returns the packages that were not judged.
func failed(fs []finding.Finding) map[string]bool {
	out := map[string]bool{}
	for _, f := range fs {
		if f.Rule == notAnalysed {
			out[f.Object] = true
		}
	}
	return out
}

// newlyBroken returns those of the last changes that left a package that does
// not type-check, and gives their directories up.
func (f *fixing) newlyBroken(fs []finding.Finding, last []fix.Change) []fix.Change {
	dirs := map[string]bool{}
	for _, x := range fs {
		if x.Rule == notAnalysed && !f.broken[x.Object] {
			dirs[path.Dir(x.Span.File)] = true
		}
	}
	undo := slices.DeleteFunc(slices.Clone(last), func(c fix.Change) bool { return path.Ext(c.File) != ".go" || !dirs[path.Dir(c.File)] })
	if len(undo) == 0 && len(dirs) > 0 { // what imports a fixed package broke
		undo = slices.DeleteFunc(slices.Clone(last), func(c fix.Change) bool { return path.Ext(c.File) != ".go" })
	}
	for _, c := range undo {
		f.undone[path.Dir(c.File)] = true
		f.fixed = slices.DeleteFunc(f.fixed, func(x finding.Finding) bool { return x.Span.File == c.File })
	}
	return undo
}

// finish reports what is left, and says what was done.
func (f *fixing) finish(s *state, r *report.Report) (int, error) {
	still := map[string]bool{}
	for _, x := range r.Findings {
		still[x.Rule.ID+" "+x.Object] = x.Object != "" && sqlscan.Repairable(x.Rule.ID)
	}
	finding.Sort(f.fixed)
	for _, x := range f.fixed {
		if still[x.Rule.ID+" "+x.Object] {
			f.left[key(x)] = "a migration was written and the finding stays: look at both"
			continue
		}
		f.notices = append(f.notices, finding.Notice{File: x.Span.File, Line: x.Span.Start.Line, Message: "fixed: " + x.Rule.ID + " " + x.Message})
	}
	if len(f.fixed) == 0 {
		f.say("nothing was fixed")
	}
	f.sayLeft(r.Findings)
	s.notices = append(s.notices, f.notices...)
	r.Notices = s.notices
	return s.finish(r)
}

func (f *fixing) say(format string, args ...any) {
	f.notices = append(f.notices, finding.Notice{Message: fmt.Sprintf(format, args...)})
}

// sayLeft says what has a fix that was not applied, and how much has none.
func (f *fixing) sayLeft(fs []finding.Finding) {
	none := 0
	for _, x := range fs {
		switch reason := f.left[key(x)]; {
		case reason != "":
			f.notices = append(f.notices, finding.Notice{File: x.Span.File, Line: x.Span.Start.Line, Message: "not fixed: " + x.Rule.ID + ": " + reason})
		case x.Fix == nil && !sqlscan.Repairable(x.Rule.ID):
			none++
		}
	}
	if none > 0 {
		f.say("%d findings have no fix to apply: phivet explain tells what to do", none)
	}
}
