package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
)

// rootMarks are what makes a directory the root of a project, the strongest
// first: the nearest directory upward with the strongest mark wins.
var rootMarks = []string{FileName, "go.work", "go.mod", ".git"}

// FindRoot returns the root of the project that dir belongs to: the nearest
// directory upward that has a .phivet.toml, else a go.work, a go.mod or a
// .git, else dir itself. Every process of a run finds the same root this way,
// whether it was started by phivet check or by go vet.
func FindRoot(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	info, err := os.Stat(dir)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", &os.PathError{Op: "open", Path: dir, Err: errors.New("not a directory")}
	}
	for _, mark := range rootMarks {
		if found := FindUp(dir, mark); found != "" {
			return found, nil
		}
	}
	return dir, nil
}

// IsRoot reports whether a directory has a mark that makes it the root of a
// project. FindRoot returns one without where there is none above.
func IsRoot(dir string) bool {
	return slices.ContainsFunc(rootMarks, func(mark string) bool {
		_, err := os.Stat(filepath.Join(dir, mark))
		return err == nil
	})
}

// FindUp returns the nearest directory, dir itself or above it, that has an
// entry of that name, or "".
func FindUp(dir, name string) string {
	for {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}
