package lsp

import (
	"bytes"
	"path/filepath"
	"strings"
	stdutf8 "unicode/utf8"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules/finding"
)

// An encoding is how client and server count the characters of a line.
type encoding string

// The encodings that phivet knows: UTF-16 units, which every client can, and
// bytes.
const (
	utf16 encoding = "utf-16"
	utf8  encoding = "utf-8"
)

// position converts a position of a finding.
func (e encoding) position(m *finding.Mapper, p finding.Position) position {
	out := position{Line: max(p.Line, 1) - 1, Character: max(p.Column, 1) - 1}
	if e == utf16 && m != nil {
		out.Character = m.UTF16Column(p) - 1
	}
	return out
}

// span converts a span. An empty one becomes the rest of its line, so that
// there is something to see.
func (e encoding) span(m *finding.Mapper, s finding.Span) textRange {
	out := textRange{e.position(m, s.Start), e.position(m, s.End)}
	if out.End.before(out.Start) {
		out.End = out.Start
	}
	if out.Start == out.End && m != nil {
		line := max(s.Start.Line, 1)
		out.End = e.position(m, finding.Position{Line: line, Column: len(m.Line(line)) + 1})
	}
	return out
}

// offset converts a client's position to a byte offset of text, moved into the
// text if it is outside.
func (e encoding) offset(text []byte, p position) int {
	start := 0
	for range p.Line {
		n := bytes.IndexByte(text[start:], '\n')
		if n < 0 {
			return len(text)
		}
		start += n + 1
	}
	end := len(text)
	if n := bytes.IndexByte(text[start:], '\n'); n >= 0 {
		end = start + n
	}
	if e == utf8 {
		return min(start+max(p.Character, 0), end)
	}
	offset := start
	for units := 0; units < p.Character && offset < end; {
		r, size := stdutf8.DecodeRune(text[offset:end])
		units++
		if r >= 0x10000 {
			units++
		}
		offset += size
	}
	return offset
}

// A document is an open buffer. Its text is replaced, never changed.
type document struct {
	uri     string
	path    string // real
	version int
	text    []byte
}

// isGo reports whether the Go half judges the document.
func isGo(path string) bool { return strings.HasSuffix(path, ".go") }

func (s *server) didOpen(p didOpenParams) {
	path := filePath(p.TextDocument.URI)
	if path == "" {
		return // not a file: a diff view, a new buffer without a name
	}
	d := &document{uri: p.TextDocument.URI, path: realPath(path), version: p.TextDocument.Version, text: []byte(p.TextDocument.Text)}
	s.mu.Lock()
	s.docs[d.path] = d
	s.opened++
	s.mu.Unlock()
	r := s.rootOf(d.path)
	if r == nil {
		return
	}
	r.edited(d, true)
	if isGo(d.path) {
		s.vetter.request(r, filepath.Dir(d.path), true)
	}
}

func (s *server) document(uri string) *document {
	path := filePath(uri)
	if path == "" {
		return nil
	}
	path = realPath(path)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.docs[path]
}

func (s *server) didChange(p didChangeParams) {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return
	}
	text := d.text
	for _, c := range p.ContentChanges {
		if c.Range == nil {
			text = []byte(c.Text)
			continue
		}
		start := s.encoding.offset(text, c.Range.Start)
		end := max(start, s.encoding.offset(text, c.Range.End))
		text = bytes.Join([][]byte{text[:start], []byte(c.Text), text[end:]}, nil)
	}
	next := *d
	next.text = text
	if p.TextDocument.Version != nil {
		next.version = *p.TextDocument.Version
	}
	s.mu.Lock()
	s.docs[d.path] = &next
	s.mu.Unlock()
	if r := s.rootOf(d.path); r != nil && !isGo(d.path) {
		r.edited(&next, false)
	}
}

func (s *server) didSave(p struct {
	TextDocument textDocument `json:"textDocument"`
	Text         *string      `json:"text"`
}) {
	path := filePath(p.TextDocument.URI)
	if path == "" {
		return
	}
	path = realPath(path)
	s.mu.Lock()
	d := s.docs[path]
	if d != nil && p.Text != nil {
		next := *d
		next.text = []byte(*p.Text)
		s.docs[path], d = &next, &next
	}
	s.mu.Unlock()
	r := s.rootOf(path)
	if r == nil {
		return
	}
	if d != nil {
		r.edited(d, true)
	}
	s.changed(r, path)
}

func (s *server) didClose(p documentParams) {
	d := s.document(p.TextDocument.URI)
	if d == nil {
		return
	}
	s.mu.Lock()
	delete(s.docs, d.path)
	s.mu.Unlock()
	if r := s.rootOf(d.path); r != nil {
		r.closed(d.path)
	}
}

// changed takes notice of a file that is new on the disk.
func (s *server) changed(r *root, path string) {
	switch base := filepath.Base(path); {
	case base == config.FileName:
		r.reload()
		s.revet(r)
	case base == run.BaselineName:
		r.wakeUp(func(p *pending) { p.judge = true })
	case isGo(path):
		r.wakeUp(func(p *pending) { p.refresh = true })
		s.revet(r) // what imports the package may change with it
		s.vetter.request(r, filepath.Dir(path), true)
	default:
		r.wakeUp(func(p *pending) { p.refresh = true })
		s.revet(r) // Go code is judged with the schema
	}
}

// revet judges the packages of open Go files again.
func (s *server) revet(r *root) {
	s.mu.Lock()
	var dirs []string
	for path := range s.docs {
		if isGo(path) {
			dirs = append(dirs, filepath.Dir(path))
		}
	}
	s.mu.Unlock()
	for _, dir := range sortedUnique(dirs) {
		if s.rootOf(dir) == r {
			s.vetter.request(r, dir, false)
		}
	}
}

func (s *server) didChangeWatchedFiles(p didChangeWatchedFilesParams) {
	for _, c := range p.Changes {
		path := filePath(c.URI)
		if path == "" {
			continue
		}
		path = realPath(path)
		r := s.rootOf(path)
		if r == nil || isGo(path) && !r.vetted(filepath.Dir(path)) {
			if r != nil {
				r.wakeUp(func(p *pending) { p.refresh = true })
			}
			continue
		}
		s.changed(r, path)
	}
}
