package finding

import (
	"fmt"
	"sort"
	"unicode/utf8"
)

// A Mapper converts the positions of one file. These are the kinds of position
// in phivet, and nobody else computes one from another:
//
//   - byte offset, from 0: the PostgreSQL parser, edits
//   - line and byte column, from 1: go/token, text output
//   - line and UTF-16 column, from 1: SARIF (columnKind utf16CodeUnits)
//   - line and UTF-16 character, from 0: the language server protocol
//
// A line ends at "\n"; a "\r" before it belongs to the line. Invalid UTF-8
// counts one UTF-16 unit a byte, as it does in decoders that substitute U+FFFD.
type Mapper struct {
	file    string
	content []byte
	lines   []int // offset of each line's first byte
}

// NewMapper returns a Mapper for content, which must not change afterwards.
func NewMapper(file string, content []byte) *Mapper {
	m := &Mapper{file: file, content: content, lines: []int{0}}
	for i, b := range content {
		if b == '\n' {
			m.lines = append(m.lines, i+1)
		}
	}
	return m
}

// Position returns the position of a byte offset. An offset outside the file
// is moved to the nearest end.
func (m *Mapper) Position(offset int) Position {
	offset = min(max(offset, 0), len(m.content))
	line := sort.SearchInts(m.lines, offset+1) // index of the first line after offset
	return Position{Offset: offset, Line: line, Column: offset - m.lines[line-1] + 1}
}

// Span returns the span of the bytes from start to end.
func (m *Mapper) Span(start, end int) Span {
	return Span{File: m.file, Start: m.Position(start), End: m.Position(max(start, end))}
}

// Offset returns the byte offset of a line and byte column, both from 1. It
// reports an error for a place that the file does not have.
func (m *Mapper) Offset(line, column int) (int, error) {
	if line < 1 || line > len(m.lines) {
		return 0, fmt.Errorf("%s has no line %d", m.file, line)
	}
	offset := m.lines[line-1] + column - 1
	if column < 1 || offset > m.lineEnd(line) {
		return 0, fmt.Errorf("%s:%d has no column %d", m.file, line, column)
	}
	return offset, nil
}

// lineEnd returns the offset just behind the line's last byte, its "\n" included.
func (m *Mapper) lineEnd(line int) int {
	if line < len(m.lines) {
		return m.lines[line]
	}
	return len(m.content)
}

// UTF16Column returns the column of p in UTF-16 code units, from 1. Only
// p.Line and p.Column are read, so positions from go/token serve too.
func (m *Mapper) UTF16Column(p Position) int {
	if p.Line < 1 || p.Line > len(m.lines) {
		return max(p.Column, 1)
	}
	start := m.lines[p.Line-1]
	end := min(start+max(p.Column, 1)-1, m.lineEnd(p.Line))
	return utf16Length(m.content[start:end]) + 1
}

// OffsetUTF16 returns the byte offset of a line and a UTF-16 column, both from
// 1. A column behind the line's end is moved to its end.
func (m *Mapper) OffsetUTF16(line, column int) (int, error) {
	if line < 1 || line > len(m.lines) {
		return 0, fmt.Errorf("%s has no line %d", m.file, line)
	}
	offset, end := m.lines[line-1], m.lineEnd(line)
	for units := 1; units < column && offset < end && m.content[offset] != '\n'; {
		r, size := utf8.DecodeRune(m.content[offset:end])
		units++
		if r >= 0x10000 {
			units++
		}
		offset += size
	}
	return offset, nil
}

// Line returns the text of a line without its line end, or nil for a line that
// the file does not have.
func (m *Mapper) Line(line int) []byte {
	if line < 1 || line > len(m.lines) {
		return nil
	}
	text := m.content[m.lines[line-1]:m.lineEnd(line)]
	for len(text) > 0 && (text[len(text)-1] == '\n' || text[len(text)-1] == '\r') {
		text = text[:len(text)-1]
	}
	return text
}

// Lines returns the number of lines.
func (m *Mapper) Lines() int { return len(m.lines) }

func utf16Length(b []byte) int {
	units := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		units++
		if r >= 0x10000 {
			units++
		}
		b = b[size:]
	}
	return units
}
