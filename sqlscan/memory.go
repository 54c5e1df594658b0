package sqlscan

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A Memory lets a scan take over from the ones before what did not change: the
// folders, the contents of files, and the trees of statements. With it a scan
// after an edit parses what was edited, and replays and judges everything: a
// statement may change the meaning of all that follow, and both are quick. The
// result is the same as without.
//
// A Memory belongs to one root and one set of options, and is not safe for
// concurrent use.
type Memory struct {
	root  string
	files *source.Files
	trees *pgparse.Cache
	// found is what the last scan read of configuration, nil if a file of it may
	// have changed.
	found *foundConfigs
}

// foundConfigs is the result of findConfigs.
type foundConfigs struct {
	configs *configs
	notices []finding.Notice
}

// maxRemembered bounds the text whose trees are kept, in bytes: that of a
// history of 300 files is a fifth of a megabyte, and its trees take 6 MB.
const maxRemembered = 8 << 20

// NewMemory returns a memory for scans of a root, an absolute path without
// symbolic links.
func NewMemory(root string) *Memory {
	return &Memory{root: root, files: source.NewFiles(), trees: pgparse.NewCache(maxRemembered)}
}

// Overlay makes text the content of a file, a slash path relative to the root,
// in place of what the disk has: what an editor shows and has not saved. A nil
// text gives the file back to the disk. The caller must not change text later.
func (m *Memory) Overlay(file string, text []byte) {
	if !strings.EqualFold(path.Ext(file), ".sql") {
		m.found = nil
	}
	m.files.Overlay(filepath.Join(m.root, filepath.FromSlash(file)), text)
}

// Refresh makes the next scan look for changes on the disk. Without it, only
// overlays change what a scan sees.
func (m *Memory) Refresh() {
	m.files.Refresh()
	m.found = nil
}

// Read returns the content of a file, a slash path relative to the root or an
// absolute path, as the last scan has seen it. The caller must not change it.
func (m *Memory) Read(file string) ([]byte, error) {
	name := filepath.FromSlash(file)
	if !filepath.IsAbs(name) {
		name = filepath.Join(m.root, name)
	}
	return m.files.Read(name)
}

// findConfigs is [findConfigs] with a memory.
func (m *Memory) findConfigs(o source.FindOptions) (*configs, []finding.Notice, error) {
	if m == nil {
		return findConfigs(o)
	}
	if m.found == nil {
		c, notices, err := findConfigs(o)
		if err != nil {
			return nil, nil, err
		}
		m.found = &foundConfigs{c, slices.Clip(notices)}
	}
	return m.found.configs, m.found.notices, nil
}

// reader returns what reads files and what parses; both may be nil.
func (m *Memory) reader() (*source.Files, *pgparse.Cache) {
	if m == nil {
		return nil, nil
	}
	m.trees.Turn()
	return m.files, m.trees
}
