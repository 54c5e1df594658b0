package source

import (
	"cmp"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
)

// A Text is a file that is not SQL.
type Text struct {
	Path    string // slash path relative to the root
	Content []byte
}

// IsConfig reports whether a path is a configuration file by its name.
func IsConfig(name string) bool { return strings.EqualFold(filepath.Ext(name), ".conf") }

// maxConfig bounds the size of a configuration file.
const maxConfig = 1 << 20

// Configs returns the .conf files that o names, or that are below its root or
// named folders, sorted by path. It skips what [Find] skips; whether they are
// PostgreSQL's is for the caller to tell.
func Configs(o FindOptions) ([]Text, []finding.Notice, error) {
	root, err := filepath.Abs(cmp.Or(o.Root, "."))
	if err != nil {
		return nil, nil, err
	}
	f := &finder{o: o, root: root}
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{root}
	}
	var out []Text
	var notices []finding.Notice
	read := func(p string) {
		content, err := o.Files.Read(p)
		if err != nil {
			notices = append(notices, finding.Notice{File: f.rel(p), Message: fmt.Sprintf("cannot be read: %v", reason(err))})
			return
		}
		out = append(out, Text{f.rel(p), content})
	}
	for _, p := range paths {
		if !filepath.IsAbs(p) {
			p = filepath.Join(root, p)
		}
		err := o.Files.walk("conf", p, func(name string, e fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // Find says so
			case e.IsDir() && name != p && f.skipConfigFolder(name, e.Name()):
				return fs.SkipDir
			case e.IsDir() || !IsConfig(name) || name != p && f.excluded(f.rel(name)):
				return nil
			}
			if info, err := o.Files.stat(name); err == nil && info.Mode().IsRegular() && info.Size() <= maxConfig {
				read(name)
			}
			return nil
		})
		if err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(out, func(a, b Text) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(out, func(a, b Text) bool { return a.Path == b.Path }), notices, nil
}

// skipConfigFolder is skipFolder without its notices about SQL.
func (f *finder) skipConfigFolder(p, name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || slices.Contains(skippedFolders, lower) || slices.Contains(testFolders, lower) || f.excluded(f.rel(p))
}
