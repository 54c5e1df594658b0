// Package logscan is one phivet audit-log from its options to its exit code: it
// opens the logs, has them read with the schema of the project, and has reports
// written.
package logscan

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan/auditlog"
)

// Options are the choices of a user.
type Options struct {
	run.Reporting
	// Dir is a directory of the project whose schema and code the logs are
	// judged with. Named says that the user has chosen it.
	Dir   string
	Named bool
	Files []string // "-" is standard input
	// Follow waits for more at the end of the last file.
	Follow bool
	// Prefix is the log_line_prefix, "" to find it out.
	Prefix       string
	Since, Until time.Time
	Stdin        io.Reader
}

// A state is a run on its way.
type state struct {
	Options
	project *project.Project
	scanner *auditlog.Scanner
	calls   *calls
	notices []finding.Notice
	shown   map[string]bool // findings that were shown while following
}

// Run reads the logs and writes the reports. The error is for what the user or
// phivet has to mend; findings are no error.
func Run(ctx context.Context, o Options) (int, error) {
	s := &state{Options: o, shown: map[string]bool{}}
	if err := s.prepare(ctx); err != nil {
		return run.ExitUsage, err
	}
	for i, name := range o.Files {
		err := s.read(ctx, name, o.Follow && i == len(o.Files)-1)
		switch {
		case ctx.Err() != nil && o.Follow: // that is how following ends
		case ctx.Err() != nil:
			return run.ExitUsage, errors.New("interrupted")
		case err != nil:
			return run.ExitUsage, err
		}
	}
	r := s.report(s.scanner.Findings())
	r.Incomplete = s.scanner.Incomplete()
	r.Notices = append(s.notices, s.scanner.Notices()...)
	run.WriteNotices(s.Stderr, r.Notices, nil)
	if err := run.WriteReports(s.Stdout, "", s.Outputs, r); err != nil {
		return run.ExitUsage, err
	}
	return s.ExitCode(r), nil
}

// prepare finds out what the project knows of the logs.
func (s *state) prepare(ctx context.Context) error {
	var err error
	if s.project, err = project.Open(s.Dir, run.Known); err != nil {
		return err
	}
	o := auditlog.Options{Lexicon: s.project.Config.Lexicon(), Prefix: s.Prefix, Since: s.Since, Until: s.Until}
	if s.Follow {
		o.Idle = s.idle
	}
	// Elsewhere there is no project, and the directory may be a whole disk.
	if s.Named || config.IsRoot(s.project.Root) {
		result, err := s.project.Scan(ctx)
		if err != nil {
			return err
		}
		o.Schema = result.Schema
		for _, f := range result.Files {
			if strings.HasSuffix(f, ".conf") {
				content, err := os.ReadFile(filepath.Join(s.project.Root, filepath.FromSlash(f)))
				if err == nil {
					o.Candidates = append(o.Candidates, auditlog.Prefixes(f, content)...)
				}
			}
		}
		s.calls = findCalls(s.project)
	}
	if o.Schema == nil {
		s.notices = append(s.notices, finding.Notice{Message: "no migrations found: columns are judged by the names that statements use (-C names the project)"})
	}
	s.scanner = auditlog.New(o)
	return nil
}

// read reads one log.
func (s *state) read(ctx context.Context, name string, follow bool) error {
	in, err := s.open(ctx, name, follow)
	if err != nil {
		return err
	}
	defer in.Close()
	if s.Progress && !follow {
		line := run.StartLine(s.Stderr, 250*time.Millisecond, func(elapsed time.Duration) string {
			return barLine(short(name), in.at.Load(), in.size, elapsed)
		})
		defer line.End()
	}
	return s.scanner.Read(ctx, s.display(name), in)
}

// display is what findings call a file: as the user has named it.
func (s *state) display(name string) string {
	if name == "-" {
		return "stdin"
	}
	return filepath.ToSlash(filepath.Clean(name))
}

// report rates the findings, names the code that builds their statements, and
// leaves out what is below the severity asked for.
func (s *state) report(found []auditlog.Finding) *report.Report {
	r := &report.Report{Version: s.Version, Color: s.Color, Width: s.Width}
	for _, f := range found {
		severity, off := s.project.Config.Rate(f.Rule, f.Severity)
		if off {
			continue
		}
		f.Severity = severity
		if severity < s.Min {
			r.Hidden++
			continue
		}
		if s.calls != nil {
			f.Related = append(f.Related, s.calls.of(f.Statement)...)
		}
		r.Findings = append(r.Findings, f.Finding)
	}
	return r
}

// idle shows what is new in a log that is followed.
func (s *state) idle() error {
	var fresh []auditlog.Finding
	for _, f := range s.scanner.Findings() {
		if key := f.Rule.ID + f.Object; !s.shown[key] {
			s.shown[key] = true
			fresh = append(fresh, f)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	r := s.report(fresh)
	for _, f := range r.Findings {
		if _, err := fmt.Fprintf(s.Stderr, "%s:%d: %s %s %s\n", f.Span.File, f.Span.Start.Line, f.Severity, f.Rule.ID, f.Message); err != nil {
			return err
		}
	}
	return nil
}
