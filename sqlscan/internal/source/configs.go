package source

import (
	"cmp"
	"io/fs"
	"path"
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

// maxConfig bounds the size of a configuration file.
const maxConfig = 1 << 20

// Configs returns the files whose names are wanted and that o names, or that
// are below its root or named folders, sorted by path. It skips what [Find]
// skips, and below folders what git ignores: that is on this machine only.
// Whether the files are about PostgreSQL is for the caller to tell.
func Configs(o FindOptions, wanted func(name string) bool) ([]Text, []finding.Notice, error) {
	root, err := filepath.Abs(cmp.Or(o.Root, "."))
	if err != nil {
		return nil, nil, err
	}
	c := &configs{finder: finder{o: o, root: root}, wanted: wanted}
	paths := o.Paths
	if len(paths) == 0 {
		paths = []string{root}
	}
	for _, p := range paths {
		if !filepath.IsAbs(p) {
			p = filepath.Join(root, p)
		}
		if err := c.search(p); err != nil {
			return nil, nil, err
		}
	}
	c.tooLarge()
	slices.SortFunc(c.out, func(a, b Text) int { return cmp.Compare(a.Path, b.Path) })
	return slices.CompactFunc(c.out, func(a, b Text) bool { return a.Path == b.Path }), c.notices, nil
}

// configs is a search for configuration files.
type configs struct {
	finder
	wanted func(string) bool
	out    []Text
	large  []string
}

func (c *configs) search(start string) error {
	ignored := newIgnored(start)
	return c.o.Files.walk(allVisits, start, func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // Find says so
		case e.IsDir():
			if name != start && (c.skip(name, e.Name()) || ignored.has(name, true)) {
				return fs.SkipDir
			}
			ignored.enter(name)
			return nil
		case name != start && (!c.wanted(c.rel(name)) || c.excluded(c.rel(name)) || ignored.has(name, false)):
			return nil
		}
		c.read(name)
		return nil
	})
}

func (c *configs) read(name string) {
	info, err := c.o.Files.stat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return
	case err == nil && info.Size() > maxConfig:
		if filepath.Ext(name) != ".json" { // of that size it is data
			c.large = append(c.large, c.rel(name))
		}
		return
	}
	content, err := c.o.Files.Read(name)
	if err != nil {
		c.notice(c.rel(name), "cannot be read: %v", reason(err))
		return
	}
	c.out = append(c.out, Text{c.rel(name), content})
}

// tooLarge gives one notice a folder: manifests of releases come by the dozen.
func (c *configs) tooLarge() {
	slices.Sort(c.large)
	for i := 0; i < len(c.large); {
		dir, n := path.Dir(c.large[i]), 0
		for i+n < len(c.large) && path.Dir(c.large[i+n]) == dir {
			n++
		}
		if n == 1 {
			c.notice(c.large[i], "is larger than %d MB and not read", maxConfig>>20)
		} else {
			c.notice(dir, "%s of configuration here are larger than %d MB and not read", count(n, "file"), maxConfig>>20)
		}
		i += n
	}
}

// skip is skipFolder without its notices about SQL.
func (c *configs) skip(p, name string) bool {
	lower := strings.ToLower(name)
	return strings.HasPrefix(name, ".") || slices.Contains(skippedFolders, lower) || slices.Contains(testFolders, lower) || c.excluded(c.rel(p))
}
