package unit

import (
	"cmp"
	"context"
	"fmt"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// Suite returns one analyzer, phivet, for a driver other than go vet: one that
// holds all packages in one process and shows of a diagnostic its message and
// its place only. It reports what go vet -vettool reports; where a value comes
// from and where it goes stands in the message, behind what go vet prints.
//
// The migrations are read when the first package asks for the schema. Without a
// project there are none, and the defaults hold. all is the list of every rule
// there is.
func Suite(p *project.Project, all []*rules.Rule) (*analysis.Analyzer, error) {
	u := &unit{
		raw: new(bool), rules: all, config: config.Default(), project: p,
		known: func(id string) bool { return findRule(all, id) != nil },
	}
	if p != nil {
		u.config = p.Config
		u.load = sync.OnceValue(func() *phi.Schema {
			s, err := p.Schema(context.Background(), "")
			if err != nil {
				return nil
			}
			return s
		})
	}
	if err := Analyzers(u.config, nil).Validate(); err != nil {
		return nil, fmt.Errorf("go: %w", err)
	}
	c := &collector{found: map[*types.Package][]analysis.Diagnostic{}}
	suite := u.analyzers()
	for _, a := range suite {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			collecting := *pass
			collecting.Report = func(d analysis.Diagnostic) { c.add(pass.Pkg, folded(pass, d)) }
			return run(&collecting)
		}
	}
	// The last one requires the others.
	last := suite[len(suite)-1]
	last.ResultType = reflect.TypeFor[struct{}]()
	inner := last.Run
	last.Run = func(pass *analysis.Pass) (any, error) {
		_, err := inner(pass)
		return struct{}{}, err
	}
	return &analysis.Analyzer{
		Name: "phivet", Doc: "report places where protected health information (PHI) leaves its rows",
		URL:      "https://github.com/phivet/phivet/blob/main/docs/rules/README.md",
		Requires: []*analysis.Analyzer{last},
		Run: func(pass *analysis.Pass) (any, error) {
			for _, d := range c.take(pass.Pkg) {
				pass.Report(d)
			}
			return nil, nil
		},
	}, nil
}

// A collector holds what the analyzers of a package say until all are through:
// drivers put the name of the reporting analyzer in front of the message, where
// the rule's ID is to stand.
type collector struct {
	mu    sync.Mutex
	found map[*types.Package][]analysis.Diagnostic
}

func (c *collector) add(p *types.Package, d analysis.Diagnostic) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found[p] = append(c.found[p], d)
}

// take returns what was collected for a package, in the order of the source.
func (c *collector) take(p *types.Package) []analysis.Diagnostic {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := c.found[p]
	delete(c.found, p)
	slices.SortStableFunc(list, func(a, b analysis.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Message, b.Message))
	})
	return list
}

// folded puts the ends of a flow into the message.
func folded(pass *analysis.Pass, d analysis.Diagnostic) analysis.Diagnostic {
	var ends []string
	for i, r := range d.Related {
		if i == 0 || i == len(d.Related)-1 {
			at := pass.Fset.Position(r.Pos)
			ends = append(ends, fmt.Sprintf("%s at %s:%d", r.Message, filepath.Base(at.Filename), at.Line))
		}
	}
	if len(ends) > 0 {
		d.Message += "; " + strings.Join(ends, ", ")
	}
	d.Related = nil
	return d
}
