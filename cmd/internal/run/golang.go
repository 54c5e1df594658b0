package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/cmd/internal/config"
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

// A job is one go vet: modules cannot be mixed in one command.
type job struct {
	dir      string
	patterns []string
}

// checkGo runs the analyzers under go vet, once a module.
func (s *state) checkGo(ctx context.Context) error {
	if !s.target.golang {
		return nil
	}
	jobs := s.jobs()
	if len(jobs) == 0 {
		s.notice("no Go module found: the Go half had nothing to look at")
		return nil
	}
	if _, err := exec.LookPath("go"); err != nil {
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
	overlay, cleanup, err := s.overlay(j.dir)
	if err != nil {
		return err
	}
	defer cleanup()
	s.progress.set("analysing Go code in " + s.display(project.Relative(s.project.Root, j.dir)))
	result, err := govet.Run(ctx, govet.Options{
		Dir: j.dir, Packages: j.patterns, Tool: s.Self, Flags: []string{"-" + unit.RawFlag},
		Env: []string{project.RootVariable + "=" + s.project.Root}, Overlay: overlay, Seen: unit.SeenCategory,
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
	named := false
	for _, p := range t.paths {
		if strings.HasSuffix(p, ".go") {
			named = true
			if p == file {
				return true
			}
		}
	}
	return !named
}

// jobs finds the modules: the one that the working directory is in, and those
// below it when everything is asked for.
func (s *state) jobs() []job {
	dir := s.target.dir
	if config.FindUp(dir, "go.work") != "" && len(s.Args) > 0 {
		return []job{{dir, s.target.patterns}}
	}
	var out []job
	if config.FindUp(dir, "go.mod") != "" {
		out = append(out, job{dir, s.target.patterns})
	}
	if len(s.Args) > 0 {
		if len(out) == 0 {
			out = s.jobsOfPatterns()
		}
		return out
	}
	for _, module := range modulesBelow(dir) {
		if !s.project.Config.Excluded(project.Relative(s.project.Root, module)) {
			out = append(out, job{module, []string{"./..."}})
		}
	}
	return out
}

// jobsOfPatterns serves a working directory outside any module: each pattern
// is run from the directory that it names.
func (s *state) jobsOfPatterns() []job {
	var out []job
	for _, pattern := range s.target.patterns {
		base, deep := strings.CutSuffix(pattern, "/...")
		dir := filepath.Join(s.target.dir, filepath.FromSlash(base))
		switch {
		case config.FindUp(dir, "go.mod") != "" && deep:
			out = append(out, job{dir, []string{"./..."}})
		case config.FindUp(dir, "go.mod") != "":
			out = append(out, job{dir, []string{"."}})
		case deep:
			for _, module := range modulesBelow(dir) {
				out = append(out, job{module, []string{"./..."}})
			}
		}
	}
	return out
}

// modulesBelow returns the directories with a go.mod strictly below dir that
// "./..." of a Go build would enter, in order.
func modulesBelow(dir string) []string {
	var out []string
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case d.IsDir() && name != dir && notBuilt(d.Name()):
			return fs.SkipDir
		case d.Name() == "go.mod" && !d.IsDir() && filepath.Dir(name) != dir:
			out = append(out, filepath.Dir(name))
		}
		return nil
	})
	slices.Sort(out)
	return out
}

func notBuilt(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		name == "testdata" || name == "vendor" || name == "node_modules"
}

// overlay writes a file that hides the module's tests from go vet. They are not
// judged by default, so compiling them and what only they import would be for
// nothing, and tests that do not compile would keep their package from being
// judged.
func (s *state) overlay(dir string) (name string, cleanup func(), err error) {
	nothing := func() {}
	if s.project.Config.Go.Tests {
		return "", nothing, nil
	}
	module := config.FindUp(dir, "go.mod")
	replace := map[string]string{}
	_ = filepath.WalkDir(module, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case d.IsDir() && name != module && notBuilt(d.Name()):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, "_test.go"):
			replace[name] = "" // the go command reads this as "does not exist"
		}
		return nil
	})
	if len(replace) == 0 {
		return "", nothing, nil
	}
	f, err := os.CreateTemp("", "phivet-overlay-*.json")
	if err != nil {
		return "", nothing, err
	}
	cleanup = func() { _ = os.Remove(f.Name()) }
	err = json.NewEncoder(f).Encode(map[string]any{"Replace": replace})
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		cleanup()
		return "", nothing, fmt.Errorf("writing overlay: %w", err)
	}
	return f.Name(), cleanup, nil
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
