package run

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
)

// A job is one go vet. Modules cannot be mixed in one command, except those of
// one workspace: there go vet does once what they share.
type job struct {
	dir      string
	patterns []string
}

// A workspace is the go.work in effect.
type workspace struct {
	dir     string   // "" if there is none
	modules []string // directories of the modules that it uses
}

// findWorkspace asks the go command, which knows of GOWORK and GOFLAGS too. A
// workspace that it cannot read is none: then it complains about each module.
func findWorkspace(ctx context.Context, dir string) workspace {
	if config.FindUp(dir, "go.work") == "" && os.Getenv("GOWORK") == "" {
		return workspace{}
	}
	out, err := goOutput(ctx, dir, "env", "GOWORK")
	file := strings.TrimSpace(out)
	if err != nil || file == "" || file == "off" {
		return workspace{}
	}
	out, err = goOutput(ctx, dir, "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return workspace{}
	}
	w := workspace{dir: filepath.Dir(file)}
	for line := range strings.Lines(out) {
		if module, err := filepath.EvalSymlinks(strings.TrimSpace(line)); err == nil {
			w.modules = append(w.modules, module)
		}
	}
	slices.Sort(w.modules)
	return w
}

func goOutput(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	return string(out), err
}

// uses reports whether the module in a directory is one of the workspace's.
func (w *workspace) uses(module string) bool {
	_, found := slices.BinarySearch(w.modules, module)
	return found
}

// jobs finds what to vet: the modules that the patterns lie in, and those below
// directories that are meant with all that is in them. Patterns of one workspace
// share a job, and so do those of the module around the working directory.
func (s *state) jobs() []job {
	dir := s.target.dir
	inside := config.FindUp(dir, "go.mod")
	var shared, own []string
	var out []job
	add := func(module, base string, deep bool) {
		switch {
		case s.project.Config.Excluded(project.Relative(s.project.Root, module)):
		case s.workspace.uses(module):
			shared = append(shared, localPattern(project.Relative(dir, base), deep))
		case module == inside:
			own = append(own, localPattern(project.Relative(dir, base), deep))
		default:
			out = append(out, job{base, []string{localPattern(".", deep)}})
		}
	}
	for _, pattern := range s.target.patterns {
		if !strings.HasPrefix(pattern, ".") { // an import path
			if inside == "" || s.workspace.uses(inside) {
				shared = append(shared, pattern)
			} else {
				own = append(own, pattern)
			}
			continue
		}
		base, deep := strings.CutSuffix(pattern, "...")
		base = filepath.Join(dir, filepath.FromSlash(base))
		module := config.FindUp(base, "go.mod")
		if !deep {
			if module != "" {
				add(module, base, false)
			}
			continue
		}
		below := s.target.tree(base)
		if module != "" && (len(below.modules) == 0 || len(below.own()) > 0) {
			add(module, base, true)
		}
		for _, nested := range below.modules {
			add(nested, nested, true)
		}
	}
	if len(own) > 0 {
		out = append([]job{{dir, own}}, out...)
	}
	if len(shared) > 0 {
		out = append([]job{{dir, shared}}, out...)
	}
	return out
}

// localPattern returns the pattern of the go command for a directory, or for all
// packages below it, given its slash path from where the command runs.
func localPattern(dir string, deep bool) string {
	switch {
	case dir == ".":
	case dir != ".." && !strings.HasPrefix(dir, "../"):
		dir = "./" + dir
	}
	if deep {
		return dir + "/..."
	}
	return dir
}

// modules returns the directories of the modules that a job is about.
func (s *state) modules(j job) []string {
	var out []string
	for _, pattern := range j.patterns {
		base := j.dir
		if rest, ok := strings.CutPrefix(pattern, "./"); ok {
			base = filepath.Join(j.dir, filepath.FromSlash(strings.TrimSuffix(rest, "...")))
		}
		if m := config.FindUp(base, "go.mod"); m != "" {
			out = append(out, m)
		} else { // import paths, from the root of a workspace
			out = append(out, s.workspace.modules...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// environment returns what a job's go vet finds in its environment besides ours:
// the root, and for a module that the workspace above it does not use, that
// there is no workspace.
func (s *state) environment(j job) []string {
	env := []string{project.RootVariable + "=" + s.project.Root}
	if m := config.FindUp(j.dir, "go.mod"); m != "" && s.workspace.dir != "" && !s.workspace.uses(m) {
		env = append(env, "GOWORK=off")
	}
	return env
}

// overlay writes a file that hides the modules' tests from go vet. They are not
// judged by default, so compiling them and what only they import would be for
// nothing, and tests that do not compile would keep their package from being
// judged.
func (s *state) overlay(modules []string) (name string, cleanup func(), err error) {
	nothing := func() {}
	if s.project.Config.Go.Tests {
		return "", nothing, nil
	}
	replace := map[string]string{}
	for _, module := range modules {
		hideTests(module, replace)
	}
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

func hideTests(module string, replace map[string]string) {
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
}
