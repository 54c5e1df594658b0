package run

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

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
			return t, fmt.Errorf("no file or directory %s", arg)
		case err != nil: // an import path
			t.golang = true
			t.patterns = append(t.patterns, arg)
		case !info.IsDir() && strings.HasSuffix(arg, ".go"):
			t.golang = true
			t.patterns = append(t.patterns, "./"+project.Relative(dir, filepath.Dir(name)))
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
	if !deep && !hasGo(name) {
		return
	}
	t.golang = true
	pattern := "./" + project.Relative(t.dir, name) + "/..."
	t.patterns = append(t.patterns, strings.Replace(pattern, "./.", ".", 1))
}

func (t *target) fromRoot(name string) string {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	return project.Relative(t.root, name)
}

// hasGo reports whether there are Go packages in a directory or below it, as
// far as patterns of the go command see them.
func hasGo(dir string) bool {
	found := false
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		base := d.Name()
		switch {
		case err != nil:
			return nil // go vet complains
		case d.IsDir() && name != dir && (base == "vendor" || base == "testdata" || base == "node_modules" || base[0] == '.' || base[0] == '_'):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(base, ".go"):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
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
