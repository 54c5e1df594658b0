package report

import (
	"go/scanner"
	"go/token"
	"os"
	"path"
	"path/filepath"

	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan/pgparse"
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

// mask hides what may be PHI or a secret, keeping length and line ends. A kind
// of file that it does not know is hidden as a whole.
func mask(file string, content []byte) []byte {
	switch path.Ext(file) {
	case ".go":
		return maskGo(content)
	case ".sql", ".psql", ".pgsql", ".ddl":
		return pgparse.Mask(content)
	case ".conf":
		return maskSettings(content)
	}
	out := append([]byte(nil), content...)
	hide(out)
	return out
}

// maskGo hides the inside of strings, and numbers, runes and comments.
func maskGo(content []byte) []byte {
	out := append([]byte(nil), content...)
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(content))
	var s scanner.Scanner
	s.Init(file, content, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		start := file.Offset(pos)
		if tok == token.EOF {
			break
		}
		if tok == token.ILLEGAL { // an open quote: nothing behind it can be trusted
			hide(out[start:])
			break
		}
		end := min(start+len(lit), len(out))
		switch tok {
		case token.STRING, token.CHAR:
			hideInside(out, start, rawEnd(content, start, end))
		case token.INT, token.FLOAT, token.IMAG, token.COMMENT:
			hide(out[min(start+2*commentSign(tok), end):rawEnd(content, start, end)])
		}
	}
	return out
}

func commentSign(tok token.Token) int {
	if tok == token.COMMENT {
		return 1
	}
	return 0
}

// rawEnd extends end over the carriage returns that the scanner removed from a
// raw string or a comment.
func rawEnd(content []byte, start, end int) int {
	for i := start; i < end; i++ {
		if content[i] == '\r' && end < len(content) {
			end++
		}
	}
	return end
}

// hideInside keeps the quotes of a text. A text that is never closed ends in a
// byte of its own, which has to go too.
func hideInside(out []byte, start, end int) {
	if end-start < 2 {
		return
	}
	quote, last := out[start], out[end-1]
	hide(out[start+1 : end])
	if last == quote {
		out[end-1] = quote
	}
}

// maskSettings hides values and comments of "name = value" lines; pg_hba.conf
// has no such lines, and no values that are secret.
func maskSettings(content []byte) []byte {
	out := append([]byte(nil), content...)
	secret := false
	for i, b := range out {
		switch {
		case b == '\n':
			secret = false
		case secret:
			hide(out[i : i+1])
		case b == '=' || b == '#' || b == '\'' || b == '"':
			secret = true
		}
	}
	return out
}

func hide(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' && c != ' ' && c != '\t' {
			b[i] = '*'
		}
	}
}
