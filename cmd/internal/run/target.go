package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/project"
)

// A target is what the user wants to have looked at.
type target struct {
	sql, golang bool
	patterns    []string // package patterns for go vet, relative to the working directory
	dir         string   // where the patterns count from
	// paths are files and directories relative to the root; findings elsewhere
	// are not shown.
	paths []string
	root  string
	trees map[string]*goTree // by directory, see tree
}

// parseTarget reads the arguments: a file or directory that exists is a path,
// everything else is left to go vet as a package pattern.
func parseTarget(root, dir string, args []string) (target, error) {
	t := target{dir: dir, root: root}
	if len(args) == 0 {
		t.sql, t.golang = true, true
		t.patterns = []string{"./..."}
		t.paths = []string{project.Relative(root, dir)}
		return t, nil
	}
	for _, arg := range args {
		if strings.HasPrefix(arg, "-") {
			return t, fmt.Errorf("unknown flag %s", arg)
		}
		base, deep := strings.CutSuffix(filepath.ToSlash(arg), "...")
		name := filepath.Join(dir, filepath.FromSlash(base))
		if filepath.IsAbs(arg) {
			name = filepath.FromSlash(base)
		}
		info, err := os.Stat(name)
		if err != nil {
			name, info, err = whereStarted(arg, name)
		}
		switch {
		case err != nil && (strings.HasPrefix(arg, ".") || filepath.IsAbs(arg) || strings.HasSuffix(arg, ".sql")):
			return t, &NotFoundError{arg}
		case err != nil && !mayBeImportPath(dir, arg):
			return t, &NotFoundError{arg}
		case err != nil:
			t.golang = true
			t.patterns = append(t.patterns, arg)
		case !info.IsDir() && strings.HasSuffix(arg, ".go"):
			t.golang = true
			t.patterns = append(t.patterns, localPattern(project.Relative(dir, filepath.Dir(name)), false))
			t.paths = append(t.paths, t.fromRoot(name))
		case !info.IsDir():
			t.sql = true
			t.paths = append(t.paths, t.fromRoot(name))
		default:
			t.addDirectory(name, deep)
		}
	}
	return t, nil
}

// A NotFoundError says that an argument is no file, no directory and no pattern
// of packages.
type NotFoundError struct{ Argument string }

func (e *NotFoundError) Error() string {
	return "no file, directory or package " + e.Argument
}

// mayBeImportPath reports whether the go command could know a pattern: an import
// path begins with a host or with the path of a module that is at hand. A typing
// error is wrong usage, and not a package that cannot be found.
func mayBeImportPath(dir, pattern string) bool {
	first := firstElement(pattern)
	if strings.Contains(first, ".") || config.FindUp(dir, "go.work") != "" {
		return true
	}
	module := config.FindUp(dir, "go.mod")
	if module == "" {
		return false
	}
	content, err := os.ReadFile(filepath.Join(module, "go.mod"))
	return err != nil || firstElement(modfile.ModulePath(content)) == first
}

func firstElement(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

// only narrows the target to one half.
func (t *target) only(half string) error {
	switch half {
	case "":
	case "go":
		t.sql = false
	case "sql":
		t.golang = false
	default:
		return fmt.Errorf("--only is %q: use go or sql", half)
	}
	return nil
}

// whereStarted looks for a SQL file that -C dir does not have in the process's
// own working directory: hooks run at the top of a repository and name the
// files from there, also for a project in a folder of it.
func whereStarted(arg, name string) (string, os.FileInfo, error) {
	info, err := os.Stat(filepath.FromSlash(arg))
	if err != nil || info.IsDir() || !strings.HasSuffix(arg, ".sql") {
		return name, nil, os.ErrNotExist
	}
	abs, err := filepath.Abs(filepath.FromSlash(arg))
	if err != nil {
		return name, nil, err
	}
	return abs, info, nil
}

// addDirectory adds a directory and all below it: its SQL, and its Go packages
// if it has any. With "..." the user says that it has.
func (t *target) addDirectory(name string, deep bool) {
	t.sql = true
	t.paths = append(t.paths, t.fromRoot(name))
	if !deep && len(t.tree(name).files) == 0 {
		return
	}
	t.golang = true
	t.patterns = append(t.patterns, localPattern(project.Relative(t.dir, name), true))
}

func (t *target) fromRoot(name string) string {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return project.Relative(t.root, name)
}

// covers reports whether findings in a file, relative to the root, are shown.
func (t *target) covers(file string) bool {
	for _, p := range t.paths {
		if within(p, file) {
			return true
		}
	}
	return len(t.paths) == 0
}

func within(dir, file string) bool {
	return dir == "." && !strings.HasPrefix(file, "../") || file == dir || strings.HasPrefix(file, dir+"/")
}

// notAmong returns the named paths that no file of the scan belongs to, and
// that can hold SQL.
func (t *target) notAmong(files []string) []string {
	var out []string
	for _, p := range t.paths {
		if p == "." || strings.HasSuffix(p, ".go") {
			continue
		}
		found := false
		for _, f := range files {
			found = found || within(p, f)
		}
		if !found {
			out = append(out, p)
		}
	}
	return out
}
