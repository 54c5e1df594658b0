package unit

import (
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/suppress"
)

// SeenCategory is the category of the diagnostic by which a raw run says that
// a package was analysed, and DirectivesCategory of those that say which files
// with directives were.
const (
	SeenCategory       = "phivet-seen"
	DirectivesCategory = "phivet-directives"
)

// analyzers returns the suite, each analyzer behind the filter, and one more
// that runs last and judges the directives.
func (u *unit) analyzers() []*analysis.Analyzer {
	suite := analyzers.Suite(Analyzers(u.config, u.schema))
	f := &filter{unit: u, indexes: map[*types.Package]*suppress.Index{}}
	last := &analysis.Analyzer{
		Name: "phidirective",
		Doc:  "report phivet:ignore directives that are malformed or silence nothing",
		URL:  "https://github.com/phivet/phivet/blob/main/docs/ARCHITECTURE.md",
		Run:  f.directives,
	}
	out := make([]*analysis.Analyzer, 0, len(suite)+1)
	for _, a := range suite {
		wrapped := *a
		run := a.Run
		wrapped.Run = func(pass *analysis.Pass) (any, error) {
			filtered := *pass
			report := pass.Report
			filtered.Report = func(d analysis.Diagnostic) { f.report(pass, d, report) }
			return run(&filtered)
		}
		wrapped.ResultType = reflect.TypeFor[struct{}]()
		if a.ResultType != nil {
			wrapped.ResultType = a.ResultType
		} else {
			inner := wrapped.Run
			wrapped.Run = func(pass *analysis.Pass) (any, error) { // a result, so that last can require it
				_, err := inner(pass)
				return struct{}{}, err
			}
		}
		out = append(out, &wrapped)
		last.Requires = append(last.Requires, &wrapped)
	}
	return append(out, last)
}

// A filter drops what configuration and directives silence, as phivet check
// does, so that go vet and phivet check show the same.
type filter struct {
	unit *unit
	mu   sync.Mutex // analyzers run side by side
	// indexes are the directives of the packages that are being analysed.
	indexes map[*types.Package]*suppress.Index
}

func (f *filter) report(pass *analysis.Pass, d analysis.Diagnostic, report func(analysis.Diagnostic)) {
	if *f.unit.raw {
		report(d)
		return
	}
	id, level, _ := strings.Cut(d.Category, "/")
	rule := findRule(f.unit.rules, id)
	if rule == nil {
		report(d)
		return
	}
	found := rule.Severity
	if s, err := rules.ParseSeverity(level); err == nil {
		found = s
	}
	at := pass.Fset.Position(d.Pos)
	if !f.wanted(at.Filename) || !f.loud(rule, found) || f.silenced(pass, id, at) {
		return
	}
	report(d)
}

// wanted reports whether findings in the file are shown at all.
func (f *filter) wanted(name string) bool {
	if strings.HasSuffix(name, "_test.go") && !f.unit.config.Go.Tests {
		return false
	}
	p := f.unit.project
	return p == nil || !p.Config.Excluded(project.Relative(p.Root, resolve(filepath.Dir(name)))+"/"+filepath.Base(name))
}

// loud reports whether a finding is above what phivet check hides by default.
func (f *filter) loud(rule *rules.Rule, found rules.Severity) bool {
	s, off := f.unit.config.Rate(rule, found)
	return !off && s >= rules.Low
}

func (f *filter) silenced(pass *analysis.Pass, id string, at token.Position) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.load(pass).Match(id, at.Filename, at.Line)
	return ok
}

// load reads the directives of the package; the caller holds the lock.
func (f *filter) load(pass *analysis.Pass) *suppress.Index {
	if index := f.indexes[pass.Pkg]; index != nil {
		return index
	}
	var all []suppress.Directive
	for name, content := range f.files(pass) {
		all = append(all, suppress.Parse(name, content)...)
	}
	suppress.SortDirectives(all)
	index := suppress.NewIndex(all, f.unit.known)
	f.indexes[pass.Pkg] = index
	return index
}

// files returns the package's files that findings are shown for.
func (f *filter) files(pass *analysis.Pass) map[string][]byte {
	out := map[string][]byte{}
	for _, file := range pass.Files {
		name := pass.Fset.File(file.FileStart).Name()
		if !f.wanted(name) {
			continue
		}
		if content, err := os.ReadFile(name); err == nil {
			out[name] = content
		}
	}
	return out
}

// directives reports on the directives themselves, or in a raw run where they
// are and that the package was looked at.
func (f *filter) directives(pass *analysis.Pass) (any, error) {
	if f.unit.project == nil || len(pass.Files) == 0 {
		return nil, nil
	}
	if *f.unit.raw {
		pass.Report(analysis.Diagnostic{Pos: pass.Files[0].Package, Category: SeenCategory, Message: pass.Pkg.Path()})
		for _, file := range pass.Files {
			name := pass.Fset.File(file.FileStart).Name()
			if content, err := os.ReadFile(name); err == nil && len(suppress.Parse(name, content)) > 0 {
				pass.Report(analysis.Diagnostic{Pos: file.Package, Category: DirectivesCategory, Message: "directives"})
			}
		}
		return nil, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	judged := map[string]bool{}
	for _, r := range analyzers.Rules() {
		judged[r.ID] = !f.unit.config.Off(r.ID)
	}
	problems := f.load(pass).Problems(func(id string) bool { return judged[id] })
	delete(f.indexes, pass.Pkg) // this analyzer is the package's last one
	for i := range problems {
		if p := &problems[i]; f.loud(p.Rule, p.Severity) {
			f.reportProblem(pass, p)
		}
	}
	return nil, nil
}

func (f *filter) reportProblem(pass *analysis.Pass, p *finding.Finding) {
	for _, file := range pass.Files {
		tf := pass.Fset.File(file.FileStart)
		if tf.Name() == p.Span.File {
			pass.Report(analysis.Diagnostic{
				Pos: tf.Pos(p.Span.Start.Offset), End: tf.Pos(p.Span.End.Offset),
				Category: p.Rule.ID, Message: p.Rule.ID + " " + p.Message,
			})
		}
	}
}
