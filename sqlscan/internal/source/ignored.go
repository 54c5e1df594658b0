package source

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ignored knows what the .gitignore files around and below a folder leave out.
type ignored struct {
	top      string // the repository's folder, "" if there is none
	patterns []ignorePattern
	index    []byte // git's list of tracked files
	loaded   bool
}

// An ignorePattern is one line of a .gitignore.
type ignorePattern struct {
	dir             string // the folder of the file
	parts           []string
	negated, folder bool
	anchored        bool
}

// newIgnored reads the .gitignore files from the repository's top down to the
// folder above start; [ignored.enter] reads the others.
func newIgnored(start string) *ignored {
	g := &ignored{}
	var above []string
	for dir := filepath.Dir(start); ; dir = filepath.Dir(dir) {
		above = append(above, dir)
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			g.top = dir
			break
		}
		if dir == filepath.Dir(dir) {
			return g // start is no part of a repository, or its top
		}
	}
	for _, dir := range slices.Backward(above) {
		g.enter(dir)
	}
	return g
}

// enter reads the .gitignore of a folder.
func (g *ignored) enter(dir string) {
	if g.top == "" {
		if _, err := os.Stat(filepath.Join(dir, ".git")); err == nil {
			g.top = dir
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, ".gitignore"))
	if err != nil {
		return
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, " \t\r\n")
		p := ignorePattern{dir: dir}
		if line == "" || line[0] == '#' {
			continue
		}
		line, p.negated = strings.CutPrefix(line, "!")
		line, p.folder = strings.CutSuffix(line, "/")
		p.anchored = strings.Contains(line, "/")
		p.parts = strings.Split(strings.TrimPrefix(line, "/"), "/")
		g.patterns = append(g.patterns, p)
	}
}

// has reports whether git ignores a file or folder, and does not track it all
// the same. The last pattern that fits decides.
func (g *ignored) has(name string, folder bool) bool {
	out := false
	for i := range g.patterns {
		p := &g.patterns[i]
		rel, ok := strings.CutPrefix(name, p.dir+string(filepath.Separator))
		if !ok || p.folder && !folder || out == !p.negated {
			continue
		}
		parts := strings.Split(filepath.ToSlash(rel), "/")
		if !p.anchored {
			ok, _ = path.Match(p.parts[0], parts[len(parts)-1])
		} else {
			ok = matchGlob(append([]string{"."}, p.parts...), append([]string{"."}, parts...))
		}
		if ok {
			out = !p.negated
		}
	}
	return out && !g.tracked(name, folder)
}

// tracked looks a path up in git's index, as text: it holds the paths whole but
// in its fourth version, which git writes only when told to.
func (g *ignored) tracked(name string, folder bool) bool {
	rel, err := filepath.Rel(g.top, name)
	if g.top == "" || err != nil {
		return false
	}
	if !g.loaded {
		g.loaded = true
		g.index, _ = os.ReadFile(filepath.Join(g.top, ".git", "index"))
	}
	end := "\x00"
	if folder {
		end = "/"
	}
	return bytes.Contains(g.index, []byte(filepath.ToSlash(rel)+end))
}
