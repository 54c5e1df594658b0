package run

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan"
)

// OpenProject finds the project that a directory belongs to and reads its
// configuration, with the checks that a run makes of it. An error starts with
// the path and line of the configuration file, if it is to blame.
func OpenProject(dir string) (*project.Project, error) {
	p, err := project.Open(dir, Known)
	if err != nil {
		return nil, err
	}
	s := &state{project: p}
	if err := s.goConfig(nil).Validate(); err != nil {
		return nil, fmt.Errorf("%s: go: %w", filepath.Join(p.Root, config.FileName), err)
	}
	return p, nil
}

// Raw is what the halves have found before anything is silenced.
type Raw struct {
	Findings []finding.Finding
	Notices  []finding.Notice
	// Directives are the files that may hold directives, as slash paths from
	// the root. A directive that silences nothing is reported.
	Directives []string
	// SQL and Go say which halves have looked.
	SQL, Go bool
}

// RawSQL returns what a scan of the whole project has found.
func RawSQL(r *sqlscan.Result) Raw {
	return Raw{Findings: r.Findings, Notices: r.Notices, Directives: r.Files, SQL: true}
}

// VetPackages runs the Go half on the packages in directories of one module, as
// check does. Self is phivet's own executable. It reads what is saved.
func VetPackages(ctx context.Context, p *project.Project, dirs []string, self string) (Raw, error) {
	base := config.FindUp(dirs[0], "go.mod")
	if base == "" {
		base = dirs[0]
	}
	j := job{dir: base}
	for _, dir := range dirs {
		j.patterns = append(j.patterns, "./"+project.Relative(base, dir))
	}
	s := &state{
		Options: Options{Dir: p.Root, Self: self}, project: p,
		target: target{golang: true, dir: base, root: p.Root}, workspace: findWorkspace(ctx, base),
	}
	if err := s.vet(ctx, j, report.NewSources(p.Root)); err != nil {
		return Raw{}, err
	}
	return Raw{Findings: s.findings, Notices: s.notices, Directives: s.directives, Go: s.goRan}, nil
}

// Judge returns those of the findings that check reports: without what is
// excluded, switched off, silenced, known to the baseline or below a severity,
// and with what is wrong about directives.
func Judge(p *project.Project, raw Raw, least rules.Severity, sources *report.Sources) ([]finding.Finding, error) {
	s := &state{Options: Options{Dir: p.Root, Reporting: Reporting{Min: least}}, project: p, directives: raw.Directives, goRan: raw.Go}
	if raw.SQL {
		s.sql = new(sqlscan.Result)
	}
	kept := s.suppress(&report.Report{Sources: sources}, unique(s.rate(s.unexcluded(raw.Findings))))
	listed, err := readBaseline(s.baselineFile(), false)
	if err != nil {
		return nil, err
	}
	kept, _ = s.known(kept, listed)
	var out []finding.Finding
	for _, f := range kept {
		if f.Severity >= least {
			out = append(out, f)
		}
	}
	return out, nil
}
