// Package run is one phivet check from its options to its exit code: it runs
// both halves, silences what is suppressed, sorts, and has reports written.
package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/suppress"
	"github.com/phivet/phivet/sqlscan"
)

// Exit codes.
const (
	ExitClean      = 0 // nothing at the level asked for
	ExitFindings   = 1
	ExitUsage      = 2 // wrong usage or configuration, or phivet itself failed
	ExitIncomplete = 3 // part of the input could not be analysed, and nothing at that level was found
)

// Reporting says what is reported where, for every command that has findings.
type Reporting struct {
	Outputs []Output // none: text on Stdout
	// FailOn is the least severity that makes the exit code 1; 0 is never.
	FailOn rules.Severity
	// Min is the least severity that is reported.
	Min    rules.Severity
	Stdout io.Writer
	Stderr io.Writer
	Color  bool
	Width  int // of the terminal, 0 if there is none
	// Progress says that Stderr is a terminal, and may show what goes on.
	Progress bool
	Version  string
}

// Options are the choices of a user.
type Options struct {
	Reporting
	Dir  string   // the working directory
	Args []string // packages and paths; none: everything below Dir
	// Only is "go" or "sql" for one half, "" for both. The other half's schema is
	// still read.
	Only string
	// Category is added to the category of SARIF.
	Category string
	// Baseline is the file of known findings; "" is the one in the root.
	Baseline   string
	NoBaseline bool
	// WriteBaseline makes the run write the baseline, and no report.
	WriteBaseline bool
	// Fix makes the run mend what can be mended, and report the rest. Diff makes
	// it print what that would change first, and change and report nothing.
	Fix, Diff bool
	// HTML is a file for the page for auditors; then no other report is written.
	HTML string
	// Since is a git revision: only findings on lines changed after it count.
	Since string
	Self  string // phivet's own executable, for go vet
}

// An Output is one report: a format, and a file or "" for standard output.
type Output struct{ Format, File string }

// ParseOutput reads FORMAT or FORMAT:FILE.
func ParseOutput(s string) (Output, error) {
	format, file, named := strings.Cut(s, ":")
	if !slices.Contains(report.Formats(), format) {
		return Output{}, fmt.Errorf("unknown output format %q: use %s", format, strings.Join(report.Formats(), ", "))
	}
	if named && file == "" {
		return Output{}, fmt.Errorf("output %q names no file behind the colon", s)
	}
	return Output{format, file}, nil
}

// A state is a run on its way.
type state struct {
	Options
	progress *progress
	project  *project.Project
	target   target
	sql      *sqlscan.Result // nil if the SQL half was not asked for
	findings []finding.Finding
	notices  []finding.Notice
	// directives are the files that may hold directives, by path from the root.
	directives []string
	goRan      bool
	workspace  workspace
	compared   *comparison // with the baseline, nil if there is none
	incomplete bool
}

// Run checks and writes the reports. The error is for what the user or phivet
// has to mend; findings are no error.
func Run(ctx context.Context, o Options) (int, error) {
	switch {
	case o.Diff:
		return runDiff(ctx, o)
	case o.Fix:
		return runFix(ctx, o)
	}
	s, r, err := prepare(ctx, o)
	if err != nil {
		return ExitUsage, err
	}
	if o.WriteBaseline {
		return s.finishBaseline(r)
	}
	if o.HTML != "" {
		return ExitClean, s.writePage(ctx, r)
	}
	return s.finish(r)
}

// prepare runs the halves and makes the report.
func prepare(ctx context.Context, o Options) (*state, *report.Report, error) {
	s := &state{Options: o, progress: startProgress(o.Stderr, o.Progress)}
	err := s.check(ctx)
	s.progress.end()
	if err != nil {
		if ctx.Err() != nil {
			return nil, nil, errors.New("interrupted")
		}
		return nil, nil, err
	}
	r, err := s.report(ctx)
	return s, r, err
}

// finish writes the reports and returns the exit code.
func (s *state) finish(r *report.Report) (int, error) {
	WriteNotices(s.Stderr, r.Notices, s.display)
	if err := WriteReports(s.Stdout, s.Dir, s.Outputs, r); err != nil {
		return ExitUsage, err
	}
	return s.ExitCode(r), nil
}

// ExitCode returns the exit code for what is reported.
func (o Reporting) ExitCode(r *report.Report) int {
	var worst rules.Severity
	for i := range r.Findings {
		worst = max(worst, r.Findings[i].Severity)
	}
	switch {
	case o.FailOn != 0 && worst >= o.FailOn:
		return ExitFindings
	case r.Incomplete:
		return ExitIncomplete
	}
	return ExitClean
}

// check runs the halves.
func (s *state) check(ctx context.Context) error {
	dir, err := filepath.Abs(s.Dir)
	if err != nil {
		return err
	}
	if s.Dir, err = filepath.EvalSymlinks(dir); err != nil {
		return fmt.Errorf("no directory %s", s.Dir)
	}
	if s.project, err = project.Open(s.Dir, Known); err != nil {
		return err
	}
	if err := s.goConfig(nil).Validate(); err != nil {
		return fmt.Errorf("%s: go: %w", filepath.Join(s.project.Root, config.FileName), config.Masked(err))
	}
	if s.target, err = parseTarget(s.project.Root, s.Dir, s.Args); err != nil {
		return err
	}
	if err := s.target.only(s.Only); err != nil {
		return err
	}
	if err := s.checkSQL(ctx); err != nil {
		return err
	}
	if err := s.checkGo(ctx); err != nil {
		return err
	}
	if len(s.Args) == 0 && len(s.directives) == 0 && !s.goRan { // "no findings" means looked, and found none
		s.incomplete = true
	}
	return ctx.Err()
}

// checkSQL scans the whole project, for a table's state is the work of its
// whole history, and keeps the findings in what the user has named. A file that
// belongs to no history is scanned for itself.
func (s *state) checkSQL(ctx context.Context) error {
	s.progress.set("reading migrations")
	result, err := s.project.Scan(ctx)
	if err != nil {
		return err
	}
	if !s.target.sql {
		return nil
	}
	if lone := s.target.notAmong(result.Files); len(lone) > 0 {
		o := s.project.ScanOptions()
		o.Paths, o.ConfigPaths = lone, nil
		extra, err := sqlscan.Scan(ctx, o)
		if err != nil {
			return err
		}
		merged := *result
		merged.Findings = slices.Concat(result.Findings, extra.Findings)
		merged.Notices = slices.Concat(result.Notices, extra.Notices)
		merged.Files = slices.Concat(result.Files, extra.Files)
		merged.Statements += extra.Statements
		result = &merged
	}
	s.sql = result
	files := 0
	for _, f := range result.Files {
		if s.target.covers(f) {
			s.directives = append(s.directives, f)
			files++
		}
	}
	switch {
	case files == 0:
		s.notice("no SQL migrations found: the SQL half had nothing to look at")
	case len(result.Histories) == 0 && len(s.Args) == 0:
		s.notice("no SQL migrations found: the SQL half looked at configuration files only")
	}
	for _, f := range result.Findings {
		if s.target.covers(f.Span.File) {
			s.findings = append(s.findings, f)
		}
	}
	for _, n := range result.Notices {
		if n.File == "" || s.target.covers(n.File) {
			s.notices = append(s.notices, n)
		}
	}
	return nil
}

func (s *state) notice(format string, args ...any) {
	s.notices = append(s.notices, finding.Notice{Message: fmt.Sprintf(format, args...)})
}

// report turns what was found into a report: every step takes findings and
// gives findings. Suppression comes before the baseline, so that a baseline
// holds only what nobody has given a reason for.
func (s *state) report(ctx context.Context) (*report.Report, error) {
	sources := report.NewSources(s.project.Root)
	r := &report.Report{
		Version: s.Version, Sources: sources, Color: s.Color, Width: s.Width,
		Display: s.display, Repository: repositoryPath(s.project.Root), Category: s.Category,
		Warn: func(message string) { fmt.Fprintf(s.Stderr, "phivet: %s\n", message) },
	}
	kept := s.suppress(r, unique(s.rate(s.unexcluded(s.findings))))
	if !s.NoBaseline && !s.WriteBaseline {
		listed, err := readBaseline(s.baselineFile(), s.Baseline != "")
		if err != nil {
			return nil, err
		}
		kept, r.Baseline = s.known(kept, listed)
	}
	if s.Since != "" {
		changed, err := changedSince(ctx, s.project.Root, s.Since)
		if err != nil {
			return nil, err
		}
		kept = s.since(kept, changed)
	}
	for _, f := range kept {
		if f.Severity < s.Min {
			r.Hidden++
			continue
		}
		r.Findings = append(r.Findings, f)
	}
	r.Notices, r.Incomplete = s.notices, s.incomplete
	return r, nil
}

// suppress takes out what directives silence and adds what is wrong with them.
func (s *state) suppress(r *report.Report, found []finding.Finding) []finding.Finding {
	index := suppress.NewIndex(s.readDirectives(r.Sources), Known)
	var kept []finding.Finding
	for _, f := range found {
		if d, ok := index.Match(f.Rule.ID, f.Span.File, f.Span.Start.Line); ok {
			r.Suppressed = append(r.Suppressed, report.Suppressed{Finding: f, Reason: d.Reason, At: d.Span})
			continue
		}
		kept = append(kept, f)
	}
	kept = append(kept, s.rate(index.Problems(s.judged))...)
	finding.Sort(kept)
	return kept
}

// finishBaseline writes the baseline and says what is in it.
func (s *state) finishBaseline(r *report.Report) (int, error) {
	name := s.baselineFile()
	if err := writeBaseline(name, r.Findings); err != nil {
		return ExitUsage, fmt.Errorf("writing baseline: %w", err)
	}
	fmt.Fprintf(s.Stdout, "%s: %d findings; from now on only new ones count\n", s.display(project.Relative(s.project.Root, name)), len(r.Findings))
	return ExitClean, nil
}

// unexcluded drops findings in excluded files.
func (s *state) unexcluded(fs []finding.Finding) []finding.Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f finding.Finding) bool {
		return s.project.Config.Excluded(f.Span.File)
	})
}

// rate gives findings their configured severities and drops those of rules
// that are switched off.
func (s *state) rate(fs []finding.Finding) []finding.Finding {
	var out []finding.Finding
	for _, f := range fs {
		severity, off := s.project.Config.Rate(f.Rule, f.Severity)
		if off {
			continue
		}
		f.Severity = severity
		out = append(out, f)
	}
	return out
}

// unique sorts findings and drops repetitions.
func unique(fs []finding.Finding) []finding.Finding {
	finding.Sort(fs)
	return slices.CompactFunc(fs, func(a, b finding.Finding) bool {
		return a.Rule.ID == b.Rule.ID && a.Span.File == b.Span.File && a.Span.Start.Line == b.Span.Start.Line &&
			a.Span.Start.Column == b.Span.Start.Column && a.Message == b.Message
	})
}

func (s *state) readDirectives(sources *report.Sources) []suppress.Directive {
	files := slices.Clone(s.directives)
	slices.Sort(files)
	var out []suppress.Directive
	for _, file := range slices.Compact(files) {
		if !s.project.Config.Excluded(file) {
			out = append(out, suppress.Parse(file, sources.Content(file))...)
		}
	}
	return out
}

// judged reports whether a rule was looked for in this run.
func (s *state) judged(id string) bool {
	if s.project.Config.Off(id) {
		return false
	}
	has := func(list []*rules.Rule) bool {
		return slices.ContainsFunc(list, func(r *rules.Rule) bool { return r.ID == id })
	}
	return s.goRan && has(analyzers.Rules()) || s.sql != nil && has(sqlscan.Rules())
}

// display returns the path of a file as the user sees it from where they are.
func (s *state) display(file string) string {
	rel, err := filepath.Rel(s.Dir, filepath.Join(s.project.Root, filepath.FromSlash(file)))
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}

// repositoryPath returns the path of root in its repository, or "".
func repositoryPath(root string) string {
	top := config.FindUp(root, ".git")
	if top == "" {
		return ""
	}
	rel := project.Relative(top, root)
	if rel == "." {
		return ""
	}
	return path.Clean(rel)
}
