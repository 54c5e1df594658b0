// Package golangci is phivet as a linter of golangci-lint: a plugin of its
// module plugin system, built in with .custom-gcl.yml and named phivet.
//
// It reports on Go code what go vet -vettool=phivet reports; the SQL half is
// not golangci-lint's business. The settings of the linter are those of
// .phivet.toml. Without settings the project's own .phivet.toml holds, as it
// does everywhere; golangci-lint, however, keeps results until a Go file or its
// own configuration changes, and sees neither that file nor the migrations.
package golangci

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/cmd/internal/unit"
)

// The only init in this repository: golangci-lint knows its plugins by what
// they register when they are imported, and calls nothing.
func init() { register.Plugin("phivet", New) }

// New reads the linter's settings, nil or a tree of maps, and returns the
// plugin. An unknown key or a wrong value is an error that names it.
func New(settings any) (register.LinterPlugin, error) {
	p, err := project.Open(".", run.Known)
	if settings != nil {
		p, err = configured(settings)
	}
	if err != nil {
		return nil, err
	}
	analyzer, err := unit.Suite(p, run.Rules())
	if err != nil {
		return nil, err
	}
	return plugin{analyzer}, nil
}

// configured reads the settings in place of a .phivet.toml, by the same rules.
func configured(settings any) (*project.Project, error) {
	tree, ok := settings.(map[string]any)
	if !ok {
		return nil, errors.New("settings: a table of keys is expected, as in .phivet.toml")
	}
	text, err := toml.Marshal(upper(tree))
	if err != nil {
		return nil, errors.New("settings: a table of keys is expected, as in .phivet.toml")
	}
	c, err := config.Parse(text, run.Known)
	if err != nil {
		// The line is one of a text that nobody sees.
		return nil, fmt.Errorf("settings: %s", line.ReplaceAllString(err.Error(), ""))
	}
	root, err := config.FindRoot(".")
	if err != nil {
		return nil, err
	}
	c.Path = ".golangci.yml" // not empty: the lexicon is not the default one
	return &project.Project{Root: root, Config: c}, nil
}

var line = regexp.MustCompile(`^(:\d+)?: `)

// upper writes the IDs of rules in capitals again: golangci-lint reads keys in
// small letters.
func upper(tree map[string]any) map[string]any {
	rated, ok := tree["severity"].(map[string]any)
	if !ok {
		return tree
	}
	out, severity := map[string]any{}, map[string]any{}
	for key, value := range tree {
		out[key] = value
	}
	for id, value := range rated {
		severity[strings.ToUpper(id)] = value
	}
	out["severity"] = severity
	return out
}

type plugin struct{ analyzer *analysis.Analyzer }

// BuildAnalyzers returns the analyzer.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	return []*analysis.Analyzer{p.analyzer}, nil
}

// GetLoadMode says that it needs types.
func (p plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
