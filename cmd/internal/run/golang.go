package run

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/cmd/internal/govet"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/cmd/internal/unit"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
)

func (s *state) goConfig(schema func() *phi.Schema) analyzers.Config {
	return unit.Analyzers(s.project.Config, schema)
}

// checkGo runs the analyzers under go vet, once a module.
func (s *state) checkGo(ctx context.Context) error {
	if !s.target.golang {
		return nil
	}
	_, err := exec.LookPath("go")
	s.workspace = findWorkspace(ctx, s.target.dir)
	jobs := s.jobs()
	if strays := s.strays(); len(strays) > 0 {
		s.incomplete = true
		s.notice("Go files without a module were not looked at, %d in all: %s (go mod init makes a module)", len(strays), s.display(strays[0]))
	} else if len(jobs) == 0 {
		s.notice("no Go module found: the Go half had nothing to look at")
	}
	if len(jobs) == 0 {
		return nil
	}
	if err != nil {
		s.incomplete = true
		s.notice("the go command is not in PATH: Go code was not looked at")
		return nil
	}
	sources := report.NewSources(s.project.Root)
	for _, j := range jobs {
		if err := s.vet(ctx, j, sources); err != nil {
			return err
		}
	}
	return nil
}

func (s *state) vet(ctx context.Context, j job, sources *report.Sources) error {
	overlay, cleanup, err := s.overlay(s.modules(j))
	if err != nil {
		return err
	}
	defer cleanup()
	s.progress.set("analysing Go code in " + s.display(project.Relative(s.project.Root, j.dir)))
	result, err := govet.Run(ctx, govet.Options{
		Dir: j.dir, Packages: j.patterns, Tool: s.Self, Flags: []string{"-" + unit.RawFlag},
		Env: s.environment(j), Overlay: overlay, Seen: unit.SeenCategory,
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, govet.ErrNoPackages):
		s.notice("no Go packages in %s", s.display(project.Relative(s.project.Root, j.dir)))
		return nil
	case err != nil:
		s.incomplete = true
		s.notice("Go code in %s was not looked at: %v", s.display(project.Relative(s.project.Root, j.dir)), err)
		return nil
	}
	s.goRan = true
	convert := &converter{root: s.project.Root, sources: sources, trees: map[string]*tree{}}
	for i := range result.Diagnostics {
		s.addDiagnostic(convert, &result.Diagnostics[i])
	}
	for i := range result.Failures {
		s.findings = append(s.findings, convert.failure(&result.Failures[i]))
		s.incomplete = true
	}
	return nil
}

func (s *state) addDiagnostic(convert *converter, d *govet.Diagnostic) {
	file := convert.relative(d.Pos.File)
	if strings.HasSuffix(file, "_test.go") && !s.project.Config.Go.Tests {
		return
	}
	if d.Category == unit.DirectivesCategory {
		s.directives = append(s.directives, file)
		return
	}
	if f, ok := convert.diagnostic(d); ok && s.target.coversGo(f.Span.File) {
		s.findings = append(s.findings, f)
	}
}

// coversGo is covers for findings of packages, which patterns have chosen
// already: only a named file narrows them.
func (t *target) coversGo(file string) bool {
	named := slices.ContainsFunc(t.paths, func(p string) bool { return strings.HasSuffix(p, ".go") })
	return !named || t.covers(file)
}

// A converter turns go vet's diagnostics into findings.
type converter struct {
	root    string
	sources *report.Sources
	trees   map[string]*tree
}

func (c *converter) relative(name string) string {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return project.Relative(c.root, name)
}

// diagnostic converts one diagnostic. Its category is the rule's ID, with
// "/severity" behind it where the finding is below the rule's default.
func (c *converter) diagnostic(d *govet.Diagnostic) (finding.Finding, bool) {
	id, level, _ := strings.Cut(d.Category, "/")
	rule := Rule(id)
	if rule == nil {
		return finding.Finding{}, false
	}
	f := finding.Finding{
		Rule: rule, Severity: rule.Severity, Span: c.span(d.Pos, d.End),
		Message: strings.TrimPrefix(d.Message, id+" "),
	}
	if s, err := rules.ParseSeverity(level); err == nil {
		f.Severity = s
	}
	for _, r := range d.Related {
		f.Flow = append(f.Flow, finding.Step{Span: c.span(r.Pos, r.End), Message: r.Message})
	}
	if len(d.Fixes) > 0 {
		fix := &finding.Fix{Message: d.Fixes[0].Message}
		for _, e := range d.Fixes[0].Edits {
			if m := c.sources.Mapper(c.relative(e.Filename)); m != nil {
				fix.Edits = append(fix.Edits, finding.Edit{Span: m.Span(e.Start, e.End), New: e.New})
			}
		}
		f.Fix = fix
	}
	f.Object = c.object(f.Span)
	return f, true
}

func (c *converter) span(pos, end govet.Pos) finding.Span {
	file := c.relative(pos.File)
	s := finding.Span{File: file, Start: c.position(file, pos)}
	s.End = s.Start
	if end.File == pos.File {
		s.End = c.position(file, end)
	}
	return s
}

func (c *converter) position(file string, p govet.Pos) finding.Position {
	out := finding.Position{Line: p.Line, Column: p.Column}
	if m := c.sources.Mapper(file); m != nil {
		if offset, err := m.Offset(p.Line, p.Column); err == nil {
			out.Offset = offset
		}
	}
	return out
}

// failure makes the finding about a package that was not judged. One that only
// imports a broken package is not to blame: it is reported as low.
func (c *converter) failure(f *govet.Failure) finding.Finding {
	out := finding.Finding{
		Rule: notAnalysed, Severity: notAnalysed.Severity, Object: f.Package,
		Message: fmt.Sprintf("package %s was not judged: %s", f.Package, f.Message),
	}
	if f.Dependent {
		out.Severity = rules.Low
	}
	out.Span = finding.Span{File: "go.mod"}
	if f.Pos.File != "" {
		out.Span = c.span(f.Pos, f.Pos)
	}
	return out
}
