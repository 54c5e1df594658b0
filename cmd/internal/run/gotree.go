package run

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/config"
)

// A goTree is what the go command sees of a directory and of all below it.
type goTree struct {
	dir     string
	modules []string // directories with a go.mod strictly below dir, in order
	files   []string // files of Go but for tests, in order
}

// readGoTree walks a directory. What cannot be read is left to go vet to complain about.
func readGoTree(dir string) goTree {
	t := goTree{dir: dir}
	_ = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
		case d.IsDir():
			if name != dir && notBuilt(d.Name()) {
				return fs.SkipDir
			}
		case d.Name() == "go.mod":
			if module := filepath.Dir(name); module != dir {
				t.modules = append(t.modules, module)
			}
		case strings.HasSuffix(d.Name(), ".go") && !strings.HasSuffix(d.Name(), "_test.go") && !notBuilt(d.Name()):
			t.files = append(t.files, name)
		}
		return nil
	})
	slices.Sort(t.modules)
	return t
}

// tree returns what the go command sees of a directory, which is walked once.
func (t *target) tree(dir string) *goTree {
	known := t.trees[dir]
	if known == nil {
		read := readGoTree(dir)
		known = &read
		if t.trees == nil {
			t.trees = make(map[string]*goTree)
		}
		t.trees[dir] = known
	}
	return known
}

func notBuilt(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") ||
		name == "testdata" || name == "vendor" || name == "node_modules"
}

// own returns the files that belong to no module below the directory.
func (t *goTree) own() []string {
	nested := map[string]bool{}
	for _, m := range t.modules {
		nested[m] = true
	}
	inNested := map[string]bool{t.dir: false} // by directory
	var belongs func(dir string) bool
	belongs = func(dir string) bool {
		if in, known := inNested[dir]; known {
			return in
		}
		in := nested[dir] || dir != filepath.Dir(dir) && belongs(filepath.Dir(dir))
		inNested[dir] = in
		return in
	}
	var out []string
	for _, f := range t.files {
		if !belongs(filepath.Dir(f)) {
			out = append(out, f)
		}
	}
	return out
}

// strays returns the Go files that are asked for and belong to no module, so
// that the go command cannot say what they import.
func (s *state) strays() []string {
	var out []string
	for _, pattern := range s.target.patterns {
		base, deep := strings.CutSuffix(pattern, "...")
		base = filepath.Join(s.target.dir, filepath.FromSlash(base))
		if !strings.HasPrefix(pattern, ".") || config.FindUp(base, "go.mod") != "" {
			continue
		}
		t := s.target.tree(base)
		for _, f := range t.own() {
			file := s.target.fromRoot(f)
			if (deep || filepath.Dir(f) == base) && !s.project.Config.Excluded(file) && s.target.coversGo(file) {
				out = append(out, file)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
