// Package unit is phivet as go vet sees it: the tool that is asked for its
// build ID once and then started once a package.
//
// The protocol has three forms: -V=full, -flags, and a file name that ends in
// .cfg. The last two are x/tools' unitchecker; the first is answered here,
// because the answer is part of go vet's cache key and has to cover the
// configuration and the schema too.
package unit

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// RawFlag makes the tool report everything, and mark what it has looked at:
// phivet check filters for itself, since it reports on what is suppressed too.
const RawFlag = "phivet.raw"

// Is reports whether the arguments, without the program's name, are those of
// go vet and not of a person.
func Is(args []string) bool {
	if len(args) == 0 {
		return false
	}
	last := args[len(args)-1]
	return last == "-V=full" || last == "-flags" || strings.HasSuffix(last, ".cfg") && strings.HasPrefix(args[0], "-") ||
		len(args) == 1 && strings.HasSuffix(last, ".cfg")
}

// memoryLimit is where the garbage is collected in earnest.
const memoryLimit = 300 << 20

// Main serves go vet. It does not return when it runs the analyzers, because
// unitchecker ends the process; all is the list of every rule there is.
func Main(args []string, stdout io.Writer, all []*rules.Rule) error {
	known := func(id string) bool { return findRule(all, id) != nil }
	if args[len(args)-1] == "-V=full" {
		return version(stdout, known)
	}
	// A process lives for one package: collecting its garbage rarely costs less
	// than leaving it, as long as the memory stays small.
	debug.SetGCPercent(400)
	debug.SetMemoryLimit(memoryLimit)
	raw := flag.Bool(RawFlag, false, "report all findings, suppressed ones too, for phivet check")
	u := &unit{raw: raw, rules: all, known: known, config: config.Default()}
	if name := args[len(args)-1]; strings.HasSuffix(name, ".cfg") {
		if err := u.open(name); err != nil {
			return err
		}
	}
	unitchecker.Main(u.analyzers()...)
	return nil
}

// version prints the line that cmd/go takes for the tool's identity. A
// configuration that is wrong fails here and nowhere later: the error of an
// analyzer would be shown once, and from the cache never again.
func version(stdout io.Writer, known func(string) bool) error {
	p, err := project.Open(".", known)
	if err != nil {
		return err
	}
	if err := Analyzers(p.Config, nil).Validate(); err != nil {
		return fmt.Errorf("%s: go: %w", p.Config.Path, config.Masked(err))
	}
	id, err := p.BuildID(context.Background())
	if err != nil {
		return err
	}
	// "devel" makes cmd/go use the build ID and not the whole line.
	_, err = fmt.Fprintf(stdout, "phivet version devel buildID=%s\n", id)
	return err
}

// Analyzers returns the configuration of the Go half.
func Analyzers(c *config.Config, schema func() *phi.Schema) analyzers.Config {
	var lexicon *phi.Lexicon // the default one, read when a package needs it
	if c.Path != "" {
		lexicon = c.Lexicon()
	}
	return analyzers.Config{
		Lexicon: lexicon, Schema: schema,
		Sources: c.Go.Sources, Sinks: c.Go.Sinks, Sanitizers: c.Go.Sanitizers, Tests: c.Go.Tests,
	}
}

// A unit is one package on its way through the tool.
type unit struct {
	raw     *bool
	rules   []*rules.Rule
	known   func(string) bool
	config  *config.Config
	project *project.Project // nil for a package outside the project
	// database is the one that the package uses, "" for all.
	database string
	// load reads the schema once for many packages; nil in a process for one.
	load func() *phi.Schema
}

// open finds the project of the package that the file describes. A package of
// the module cache or of the standard library has none: what stands above it
// is somebody else's configuration.
func (u *unit) open(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var cfg struct {
		Dir           string
		ImportPath    string
		ModulePath    string
		ModuleVersion string
	}
	if err := json.Unmarshal(data, &cfg); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if outside(cfg.Dir) || cfg.ModulePath == "" && !strings.Contains(cfg.ImportPath, ".") && cfg.ImportPath != "command-line-arguments" {
		return nil
	}
	p, err := project.Open(cfg.Dir, u.known)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(p.Root, resolve(cfg.Dir))
	if err != nil || !filepath.IsLocal(rel) {
		return nil // a replaced module elsewhere on the disk
	}
	u.project, u.config = p, p.Config
	u.database = p.Config.Database(filepath.ToSlash(rel))
	return nil
}

func outside(dir string) bool {
	slash := filepath.ToSlash(dir)
	return strings.Contains(slash, "/vendor/") || strings.Contains(slash, "@v")
}

func resolve(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		return real
	}
	return dir
}

// schema is called by the engine when a package first needs it.
func (u *unit) schema() *phi.Schema {
	if u.load != nil {
		return u.load()
	}
	if u.project == nil {
		return nil
	}
	s, err := u.project.Schema(context.Background(), u.database)
	if err != nil {
		return nil // the same error has stopped -V=full, unless the file changed since
	}
	return s
}

func findRule(all []*rules.Rule, id string) *rules.Rule {
	for _, r := range all {
		if r.ID == id {
			return r
		}
	}
	return nil
}
