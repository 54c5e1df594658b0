package report

import (
	"os"
	"path/filepath"

	"github.com/phivet/phivet/rules/finding"
)

// Sources reads the files of a run, each once.
type Sources struct {
	root  string
	files map[string]*source
	read  func(file string) ([]byte, error) // nil reads the disk
}

type source struct {
	content []byte
	mapper  *finding.Mapper
	masked  *finding.Mapper // nil until a line is shown
	hashes  map[int]string  // nil until asked for
}

// NewSources returns a reader of the files below root.
func NewSources(root string) *Sources {
	return &Sources{root: root, files: map[string]*source{}}
}

// ReadWith makes the sources read files, named from the root, with a function
// of the caller's, such as an editor that has text nobody has saved yet.
func (s *Sources) ReadWith(read func(file string) ([]byte, error)) { s.read = read }

// get returns the file, or nil if it cannot be read: a finding without its line
// is better than none.
func (s *Sources) get(file string) *source {
	if s == nil {
		return nil
	}
	if src, ok := s.files[file]; ok {
		return src
	}
	name := filepath.FromSlash(file)
	if !filepath.IsAbs(name) {
		name = filepath.Join(s.root, name)
	}
	read := func() ([]byte, error) { return os.ReadFile(name) }
	if s.read != nil {
		read = func() ([]byte, error) { return s.read(file) }
	}
	var src *source
	if content, err := read(); err == nil {
		src = &source{content: content, mapper: finding.NewMapper(file, content)}
	}
	s.files[file] = src
	return src
}

// Mapper returns the positions of a file, or nil if it cannot be read.
func (s *Sources) Mapper(file string) *finding.Mapper {
	if src := s.get(file); src != nil {
		return src.mapper
	}
	return nil
}

// Content returns the bytes of a file, or nil if it cannot be read.
func (s *Sources) Content(file string) []byte {
	if src := s.get(file); src != nil {
		return src.content
	}
	return nil
}

// maskedLine returns a line with every literal and comment masked, or nil. It
// must not be changed.
func (s *Sources) maskedLine(file string, line int) []byte {
	src := s.get(file)
	if src == nil {
		return nil
	}
	if src.masked == nil {
		src.masked = finding.NewMapper(file, mask(file, src.content))
	}
	return src.masked.Line(line)
}

// lineHash returns GitHub's fingerprint of a line, or "".
func (s *Sources) lineHash(file string, line int) string {
	src := s.get(file)
	if src == nil {
		return ""
	}
	if src.hashes == nil {
		src.hashes = lineHashes(src.content)
	}
	return src.hashes[line]
}
