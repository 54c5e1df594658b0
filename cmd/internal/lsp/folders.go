package lsp

import (
	"path/filepath"
	"slices"

	"github.com/phivet/phivet/cmd/internal/config"
)

// addFolder adds a workspace folder. The caller holds the lock.
func (s *server) addFolder(path string) {
	if path == "" {
		return
	}
	f := folder{filepath.Clean(path), realPath(path)}
	if !slices.Contains(s.folders, f) {
		s.folders = append(s.folders, f)
	}
}

// startFolders starts to judge the projects of the workspace folders.
func (s *server) startFolders() {
	s.mu.Lock()
	folders := slices.Clone(s.folders)
	s.mu.Unlock()
	for _, f := range folders {
		if dir, err := config.FindRoot(f.real); err == nil {
			s.root(dir).wakeUp(func(p *pending) { p.scan = true })
		}
	}
}

func (s *server) didChangeWorkspaceFolders(p didChangeWorkspaceFoldersParams) {
	s.mu.Lock()
	for _, f := range p.Event.Removed {
		path := filepath.Clean(filePath(f.URI))
		s.folders = slices.DeleteFunc(s.folders, func(f folder) bool { return f.path == path })
	}
	for _, f := range p.Event.Added {
		s.addFolder(filePath(f.URI))
	}
	var all []*root
	for _, r := range s.roots {
		all = append(all, r)
	}
	s.mu.Unlock()
	for _, r := range all {
		r.wakeUp(func(p *pending) { p.judge = true }) // what is shown depends on the folders
	}
	s.startFolders()
}

// root returns the root of a directory that is one.
func (s *server) root(dir string) *root {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.roots[dir]
	if r == nil {
		r = newRoot(s, dir)
		s.roots[dir] = r
		go r.loop(s.ctx)
	}
	return r
}

// retired takes a root out of service that has neither a workspace folder nor an
// open buffer any more, and reports whether it did. As long as the client shows
// something of it, there is a change to come that takes it away. The caller is
// the root's goroutine.
func (s *server) retired(r *root) bool {
	if len(r.published) > 0 {
		return false
	}
	s.mu.Lock()
	paths := make([]string, 0, len(s.docs)+len(s.folders))
	for path := range s.docs {
		paths = append(paths, filepath.Dir(path))
	}
	for _, f := range s.folders {
		paths = append(paths, f.real)
	}
	opened := s.opened
	s.mu.Unlock()
	for _, dir := range paths {
		if within(dir, r.dir) || s.rootDir(dir) == r.dir {
			return false
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.opened != opened || s.roots[r.dir] != r { // somebody came meanwhile
		return false
	}
	delete(s.roots, r.dir)
	return true
}

// rootOf returns the root that judges a file: the nearest one with a
// configuration, else the one of its workspace folder, else its own.
func (s *server) rootOf(path string) *root {
	dir := s.rootDir(filepath.Dir(path))
	if dir == "" {
		return nil
	}
	return s.root(dir)
}

func (s *server) rootDir(dir string) string {
	if found := config.FindUp(dir, config.FileName); found != "" {
		return found
	}
	if f, ok := s.folderOf(dir); ok {
		dir = f.real
	}
	found, err := config.FindRoot(dir)
	if err != nil {
		return ""
	}
	return found
}

// folderOf returns the innermost workspace folder that a real path is in.
func (s *server) folderOf(path string) (folder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	best := folder{}
	for _, f := range s.folders {
		if within(f.real, path) && len(f.real) > len(best.real) {
			best = f
		}
	}
	return best, best.real != ""
}

// uriOf returns the URI of a real path as the client spells it.
func (s *server) uriOf(path string) string {
	s.mu.Lock()
	d := s.docs[path]
	s.mu.Unlock()
	if d != nil {
		return d.uri
	}
	if f, ok := s.folderOf(path); ok {
		if rel, err := filepath.Rel(f.real, path); err == nil {
			path = filepath.Join(f.path, rel)
		}
	}
	return fileURI(path)
}

// sortedUnique sorts and drops repetitions.
func sortedUnique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
