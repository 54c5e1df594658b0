// Package project finds what a run is about: the root of the project, its
// configuration and the schema that its migrations lead to.
//
// Two kinds of process need the same answer: phivet check, and the vet tool
// that go vet starts once a package. [Find] gives it to both.
package project

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// RootVariable is the environment variable by which phivet check tells its
// vet tool the root, since a package's own directory may lead to another one.
const RootVariable = "PHIVET_ROOT"

// A Project is a root directory with its configuration.
type Project struct {
	Root    string // absolute, symbolic links resolved
	Config  *config.Config
	Lexicon *phi.Lexicon

	schema func() *phi.Schema
}

// Find returns the project that dir belongs to. Its root is the directory of
// the nearest .phivet.toml, or else of the nearest go.work, or else of the
// nearest go.mod, or else dir itself. Known are the rules a configuration may
// name. The error says what is wrong with the configuration.
func Find(dir string, known []*rules.Rule) (*Project, error) {
	if root := os.Getenv(RootVariable); root != "" {
		dir = root
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	} else {
		return nil, fmt.Errorf("no directory %s", dir)
	}
	p := &Project{Root: dir, Config: &config.Config{}}
	if file := config.Find(dir); file != "" {
		p.Root = filepath.Dir(file)
		if p.Config, err = config.Load(file, known); err != nil {
			return nil, err
		}
	} else if root := upward(dir, "go.work"); root != "" {
		p.Root = root
	} else if root := upward(dir, "go.mod"); root != "" {
		p.Root = root
	}
	if p.Lexicon, err = phi.Load(p.Config.Lexicon()); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Config.File, err)
	}
	p.schema = sync.OnceValue(p.loadSchema)
	return p, nil
}

// upward returns the nearest directory from dir upward that holds the file.
func upward(dir, name string) string {
	for {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// ScanOptions returns the options for a scan of the project's migrations.
func (p *Project) ScanOptions() sqlscan.Options {
	return sqlscan.Options{
		Root: p.Root, Paths: p.Config.Migrations.Paths, Exclude: p.Config.Exclude,
		Tool: p.Config.Migrations.Tool, Vars: p.Config.Migrations.Vars, Lexicon: p.Lexicon,
	}
}

// Schema returns the classified schema of the project's migrations, from the
// snapshot where it is current and by a scan otherwise; nil if there is none.
// It is computed once.
func (p *Project) Schema() *phi.Schema { return p.schema() }

func (p *Project) loadSchema() *phi.Schema {
	if s := p.readSnapshot(); s != nil && s.current(p) {
		return s.Schema
	}
	s, err := p.writeSnapshot(context.Background())
	if err != nil {
		return nil
	}
	return s.Schema
}
