// Package project finds what a run is about: the root of the project, its
// configuration and the schema that its migrations lead to.
//
// Two kinds of process need the same answer: phivet check, and the vet tool
// that go vet starts once a package. [Open] gives it to both.
package project

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// RootVariable names the environment variable by which phivet check tells the
// processes that go vet starts which root it has chosen. A bare go vet goes
// without it: then every process looks upward from its working directory.
const RootVariable = "PHIVET_ROOT"

// A Project is a root directory with its configuration: what the SQL half
// scans, and what the Go half has to know besides Go code.
type Project struct {
	Root   string
	Config *config.Config

	scan *sqlscan.Result // of the whole root, once it was needed
}

// Open finds the root that dir belongs to and reads its configuration. known
// reports whether a rule of that ID exists.
func Open(dir string, known func(id string) bool) (*Project, error) {
	root := os.Getenv(RootVariable)
	if root == "" {
		var err error
		if root, err = config.FindRoot(dir); err != nil {
			return nil, err
		}
	}
	c, err := config.Load(root, known)
	if err != nil {
		return nil, err
	}
	return &Project{Root: root, Config: c}, nil
}

// ScanOptions returns the options of a scan of the whole project.
func (p *Project) ScanOptions() sqlscan.Options {
	o := sqlscan.Options{
		Root:    p.Root,
		Paths:   p.Config.Migrations.Paths,
		Exclude: p.Config.Exclude,
		Tool:    p.Config.Migrations.Tool,
		Vars:    p.Config.Migrations.Vars,
		Lexicon: p.Config.Lexicon(),

		Databases: slices.Sorted(maps.Keys(p.Config.Migrations.Serves)),
	}
	if len(o.Paths) > 0 { // where the migrations are says nothing about the rest
		o.ConfigPaths = []string{p.Root}
	}
	return o
}

// Scan runs the SQL half over the whole project, once, and keeps what it found:
// the schema for the processes of go vet, all of it for the next run, as long as
// nothing changes that the scan reads.
func (p *Project) Scan(ctx context.Context) (*sqlscan.Result, error) {
	if p.scan != nil {
		return p.scan, nil
	}
	if s, ok := p.loadSnapshot(true); ok {
		if result := p.loadScan(s); result != nil {
			p.scan = result
			return result, nil
		}
	}
	inputs := p.listInputs() // before the scan: what changes meanwhile is seen next time
	result, err := sqlscan.Scan(ctx, p.ScanOptions())
	if err != nil {
		return nil, err
	}
	p.scan = result
	p.saveSnapshot(inputs, result)
	return result, nil
}

// Schema returns the classified schema of the project's migrations, or nil if
// it has none: from the snapshot if that is current, else by a scan. database
// is what [config.Config.Database] says of a package, "" for all of them.
func (p *Project) Schema(ctx context.Context, database string) (*phi.Schema, error) {
	if s, ok := p.loadSnapshot(false); ok {
		return s.schema(database)
	}
	result, err := p.Scan(ctx)
	if err != nil {
		return nil, err
	}
	if database != "" {
		return result.Databases[database], nil
	}
	return result.Schema, nil
}

// BuildID identifies everything that decides what the Go half reports besides
// the Go code itself: this binary, the configuration and the schema. It is the
// tool's part of go vet's cache key.
func (p *Project) BuildID(ctx context.Context) (string, error) {
	h := sha256.New()
	self, err := binaryHash()
	if err != nil {
		return "", err
	}
	fmt.Fprintf(h, "binary %s\nconfig %x\n", self, sha256.Sum256(p.Config.Content))
	if len(p.Config.Exclude) > 0 { // the only setting that is read relative to the root
		fmt.Fprintf(h, "root %q\n", p.Root)
	}
	if s, ok := p.loadSnapshot(true); ok {
		fmt.Fprintf(h, "schema %s\n", s.SchemaHash)
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	result, err := p.Scan(ctx)
	if err != nil {
		return "", err
	}
	_, sum, err := encodeSchemas(result)
	if err != nil {
		return "", err
	}
	fmt.Fprintf(h, "schema %s\n", sum)
	return hex.EncodeToString(h.Sum(nil)), nil
}
