package logline

import "bytes"

// A kind is what a label of a line announces.
type kind uint8

const (
	main kind = iota + 1
	detail
	hint
	internal
	context
	statement
	other // BACKTRACE, LOCATION
	kinds
)

// kindOf knows the labels of an English server. Translated servers write others.
func kindOf(word []byte) kind {
	switch string(word) {
	case "LOG", "ERROR", "FATAL", "PANIC", "WARNING", "NOTICE", "INFO", "DEBUG", "DEBUG1", "DEBUG2", "DEBUG3", "DEBUG4", "DEBUG5":
		return main
	case "DETAIL":
		return detail
	case "HINT":
		return hint
	case "QUERY":
		return internal
	case "CONTEXT":
		return context
	case "STATEMENT":
		return statement
	case "BACKTRACE", "LOCATION":
		return other
	}
	return 0
}

var colon = []byte(":  ")

// maxHead bounds how far into a line its label is looked for.
const maxHead = 2048

// label finds the first label of a line: a word that the server uses, a colon
// and two spaces. It returns where the word starts and where the text does.
func label(line []byte) (start, text int, k kind) {
	head := line[:min(len(line), maxHead)]
	for from := 0; ; {
		i := bytes.Index(head[from:], colon)
		if i < 0 {
			return 0, 0, 0
		}
		at := from + i
		start := at
		for start > 0 && (head[start-1] >= 'A' && head[start-1] <= 'Z' || head[start-1] >= '0' && head[start-1] <= '9') {
			start--
		}
		if k := kindOf(head[start:at]); k != 0 {
			return start, at + len(colon), k
		}
		from = at + len(colon)
	}
}

// sections are the parts of a message of several lines, in memory of their own.
type sections struct {
	line     int
	prefix   []byte
	severity []byte
	text     [kinds][]byte
	at       kind // the part that grows
	size     int
	quotes   int // in the message's own text
	cut      bool
}

func (s *sections) begin(line int, prefix, severity, text []byte) {
	s.line, s.at, s.size, s.quotes, s.cut = line, main, 0, 0, false
	s.prefix = append(s.prefix[:0], prefix...)
	s.severity = append(s.severity[:0], bytes.TrimRight(severity, ": ")...)
	for k := range s.text {
		s.text[k] = s.text[k][:0]
	}
	s.add(text)
}

func (s *sections) section(k kind, _, text []byte) {
	s.at = k
	s.add(text)
}

// more adds a further line to the part that grows.
func (s *sections) more(line []byte, cut bool) {
	s.cut = s.cut || cut
	s.add(newline)
	s.add(line)
}

func (s *sections) add(text []byte) {
	if room := MaxRecord - s.size; len(text) > room {
		text, s.cut = text[:max(room, 0)], true
	}
	s.size += len(text)
	if s.at == main {
		s.quotes += bytes.Count(text, quote)
	}
	s.text[s.at] = append(s.text[s.at], text...)
}

var audit = []byte("AUDIT: ")

// open reports whether the text of an audit line lacks a closing quote.
func (s *sections) open() bool {
	return s.at == main && s.quotes%2 == 1 && bytes.HasPrefix(s.text[main], audit)
}

func (s *sections) fill(rec *Record) {
	rec.Line, rec.Severity, rec.Message, rec.Cut = s.line, s.severity, s.text[main], s.cut || s.open()
	rec.Detail, rec.Hint, rec.Internal = part(s.text[detail]), part(s.text[hint]), part(s.text[internal])
	rec.Context, rec.Statement = part(s.text[context]), part(s.text[statement])
}

// part returns nil for no text, so that an absent part and an empty one agree.
func part(text []byte) []byte {
	if len(text) == 0 {
		return nil
	}
	return text
}
