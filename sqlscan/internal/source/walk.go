package source

import (
	"cmp"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// skippedFolders are not searched, and nothing is said about it: nobody
// expects to find his own schema there.
var skippedFolders = []string{"node_modules", "vendor", "target", "dist", "build", "__pycache__", "third_party", "bower_components", "venv"}

// testFolders hold SQL that never reaches a production database. A notice
// tells if there was any.
var testFolders = []string{"testdata", "fixtures", "fixture", "test", "tests", "__tests__", "__fixtures__", "spec", "specs", "e2e", "mocks", "testing"}

// maxFile bounds the size of a file that is read; larger ones are data.
const maxFile = 256 << 20

// collect fills f.folders.
func (f *finder) collect() error {
	byDir := make(map[string]*folder)
	if len(f.o.Paths) == 0 {
		if err := f.walk(f.root, byDir); err != nil {
			return err
		}
	}
	for _, p := range f.o.Paths {
		if !filepath.IsAbs(p) {
			p = filepath.Join(f.root, p)
		}
		info, err := f.o.Files.stat(p)
		if err != nil {
			return err
		}
		if info.IsDir() {
			if err := f.walk(p, byDir); err != nil {
				return err
			}
			continue
		}
		d := f.folder(byDir, filepath.Dir(p))
		d.given = true
		f.add(d, p)
	}
	for _, d := range byDir {
		if !d.given {
			slices.SortFunc(d.files, func(a, b *file) int { return cmp.Compare(a.name, b.name) })
		}
		// A path may be given twice, or be inside another.
		seen := make(map[string]bool)
		d.files = slices.DeleteFunc(d.files, func(x *file) bool {
			dup := seen[x.path]
			seen[x.path] = true
			return dup
		})
		f.folders = append(f.folders, d)
	}
	slices.SortFunc(f.folders, func(a, b *folder) int { return cmp.Compare(a.dir, b.dir) })
	return nil
}

// rel returns the slash path of p relative to the root.
func (f *finder) rel(p string) string {
	r, err := filepath.Rel(f.root, p)
	if err != nil {
		r = p
	}
	return filepath.ToSlash(r)
}

func (f *finder) folder(byDir map[string]*folder, dir string) *folder {
	rel := f.rel(dir)
	d := byDir[rel]
	if d == nil {
		d = &folder{dir: rel, others: make(map[string]string)}
		byDir[rel] = d
	}
	return d
}

func (f *finder) walk(start string, byDir map[string]*folder) error {
	return f.o.Files.walk("sql", start, func(p string, e fs.DirEntry, err error) error {
		rel := f.rel(p)
		if err != nil {
			if p == start {
				return err
			}
			f.notice(rel, "cannot be read: %v", reason(err))
			return nil
		}
		name := e.Name()
		if e.IsDir() {
			if p != start && f.skipFolder(p, name) {
				return fs.SkipDir
			}
			return nil
		}
		if f.excluded(rel) {
			return nil
		}
		if e.Type()&fs.ModeSymlink != 0 && !f.followLink(p, rel) {
			return nil
		}
		switch {
		case strings.EqualFold(filepath.Ext(name), ".sql"):
			f.add(f.folder(byDir, filepath.Dir(p)), p)
		case strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go"):
			f.addGo(p, rel)
		case telling(name):
			f.folder(byDir, filepath.Dir(p)).others[name] = p
		}
		return nil
	})
}

// followLink reports whether a symbolic link leads to a file. Links to folders
// are not followed: they may lead in circles, and what they show inside the
// project is found where it is.
func (f *finder) followLink(p, rel string) bool {
	info, err := f.o.Files.stat(p)
	switch {
	case err != nil:
		if strings.EqualFold(filepath.Ext(p), ".sql") {
			f.notice(rel, "cannot be read: %v", reason(err))
		}
		return false
	case info.IsDir():
		if looksLikeMigrations(filepath.Base(p)) {
			f.notice(rel, "symbolic link to a folder is not followed")
		}
		return false
	}
	return true
}

func looksLikeMigrations(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "migrat") || strings.Contains(name, "sql") || strings.Contains(name, "schema")
}

func (f *finder) skipFolder(p, name string) bool {
	rel := f.rel(p)
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "."), slices.Contains(skippedFolders, lower), f.excluded(rel):
		return true
	case slices.Contains(testFolders, lower):
		if f.hasSQL(p) {
			f.notice(rel, "SQL in a folder of test material is not read")
		}
		return true
	}
	return false
}

// hasSQL looks for an SQL file below dir.
func (f *finder) hasSQL(dir string) bool {
	found := false
	_ = f.o.Files.walk("any", dir, func(p string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case e.IsDir() && p != dir && slices.Contains(skippedFolders, e.Name()):
			return fs.SkipDir
		case strings.EqualFold(filepath.Ext(p), ".sql"):
			found = true
			return fs.SkipAll
		}
		return nil
	})
	return found
}

// telling reports whether a file that is not SQL tells of a tool.
func telling(name string) bool {
	switch name {
	case "sqitch.plan", "atlas.sum", "migration_lock.toml", "tern.conf", "_journal.json":
		return true
	}
	ext := path.Ext(name)
	if ext == ".xml" || ext == ".yaml" || ext == ".yml" {
		return strings.Contains(strings.ToLower(name), "changelog")
	}
	return ext == ".fizz" || inOtherWords(name)
}

func (f *finder) add(d *folder, p string) {
	rel := f.rel(p)
	info, err := f.o.Files.stat(p)
	if err == nil && !info.Mode().IsRegular() {
		f.notice(rel, "is not a regular file")
		return
	}
	if err == nil && info.Size() > maxFile {
		f.notice(rel, "is larger than %d MB and not read", maxFile>>20)
		return
	}
	content, err := f.o.Files.Read(p)
	if err != nil {
		f.notice(rel, "cannot be read: %v", reason(err))
		return
	}
	d.files = append(d.files, &file{path: rel, name: filepath.Base(p), content: content, derived: f.o.Files.derivedOf(p, content)})
}

// reason leaves the path out of a file system error; the notice has it.
func reason(err error) error {
	if e, ok := err.(*fs.PathError); ok {
		return e.Err
	}
	return err
}

func (f *finder) excluded(rel string) bool {
	for _, pattern := range f.o.Exclude {
		if matchGlob(strings.Split(strings.Trim(pattern, "/"), "/"), strings.Split(rel, "/")) {
			return true
		}
	}
	return false
}

// matchGlob matches a path against a pattern part by part. ** takes any number
// of parts; a pattern of one part matches at any depth; a pattern that matches
// a folder matches what is below it.
func matchGlob(pattern, parts []string) bool {
	if len(pattern) == 1 && pattern[0] != "**" {
		return slices.ContainsFunc(parts, func(s string) bool { ok, _ := path.Match(pattern[0], s); return ok })
	}
	// reach[i]: the pattern so far matches the first i parts.
	reach := make([]bool, len(parts)+1)
	reach[0] = true
	for _, p := range pattern {
		next := make([]bool, len(parts)+1)
		for i, ok := range reach {
			switch {
			case p == "**":
				next[i] = ok || i > 0 && next[i-1]
			case ok && i < len(parts):
				if m, _ := path.Match(p, parts[i]); m {
					next[i+1] = true
				}
			}
		}
		reach = next
	}
	return slices.Contains(reach[1:], true)
}
