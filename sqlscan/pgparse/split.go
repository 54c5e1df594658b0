package pgparse

import (
	"bytes"
)

// piece is the text of one statement, as found without the grammar.
type piece struct {
	start, end int
	// suspicious: there was a semicolon that did not end the statement, or a
	// string over several lines. If it does not parse, it may hide others.
	suspicious bool
	// open: the file ended inside the token at openAt.
	open     bool
	openKind Kind
	openAt   int
}

// splitter cuts a file at the semicolons that end statements. It follows psql:
// not inside parentheses (CREATE RULE … DO (a; b)) and not inside the BEGIN
// ATOMIC … END body of a function.
type splitter struct {
	lexer
	// flat makes every semicolon count.
	flat bool
}

func (s *splitter) next() (piece, bool) {
	var (
		p      piece
		parens int
		body   atomicBody
		seen   bool
	)
	for {
		t, ok := s.lexer.next()
		if !ok {
			return p, seen
		}
		if t.Open && (seen || !t.IsComment()) || t.Open && t.Kind == BlockCommentToken {
			if !seen {
				p.start = t.Start
			}
			p.open, p.openKind, p.openAt, p.end = true, t.Kind, t.Start, t.End
			return p, true
		}
		if t.IsComment() {
			continue
		}
		text := s.src[t.Start:t.End]
		switch c := text[0]; {
		case t.Kind != PunctToken:
		case c == '(':
			parens++
		case c == ')':
			parens = max(parens-1, 0)
		case c == ';' && (s.flat || parens == 0 && body.depth == 0):
			if seen {
				return p, true
			}
			continue // an empty statement
		case c == ';':
			p.suspicious = true
		}
		if !seen {
			seen, p.start = true, t.Start
		}
		p.end = t.End
		switch t.Kind {
		case IdentToken:
			body.word(text, parens)
		case StringToken, QuotedToken:
			p.suspicious = p.suspicious || bytes.IndexByte(text, '\n') >= 0
		}
	}
}

// atomicBody follows CREATE [OR REPLACE] {FUNCTION|PROCEDURE} … BEGIN ATOMIC
// … END. Inside, CASE has an END of its own.
type atomicBody struct {
	words    int
	initials [4]byte
	begin    bool // the last word was BEGIN
	depth    int
}

func (b *atomicBody) word(w []byte, parens int) {
	if b.words < len(b.initials) {
		for _, k := range [...]string{"create", "or", "replace", "function", "procedure"} {
			if equalFold(w, k) {
				b.initials[b.words] = k[0]
			}
		}
	}
	b.words++
	if parens > 0 || !b.routine() {
		return
	}
	switch {
	case b.begin && equalFold(w, "atomic"):
		b.depth++
	case b.depth > 0 && equalFold(w, "case"):
		b.depth++
	case b.depth > 0 && equalFold(w, "end"):
		b.depth--
	}
	b.begin = equalFold(w, "begin")
}

func (b *atomicBody) routine() bool {
	i := b.initials
	routine := func(c byte) bool { return c == 'f' || c == 'p' }
	return i[0] == 'c' && (routine(i[1]) || i[1] == 'o' && i[2] == 'r' && routine(i[3]))
}

func equalFold(b []byte, word string) bool {
	return len(b) == len(word) && bytes.EqualFold(b, []byte(word))
}

// starters are the words that plausibly start a statement at the start of a
// line, behind a line that ended one.
var starters = []string{
	"ALTER", "ANALYZE", "BEGIN", "COMMENT", "COMMIT", "COPY", "CREATE", "DELETE", "DO", "DROP",
	"GRANT", "INSERT", "REFRESH", "REVOKE", "SELECT", "SET", "TRUNCATE", "UPDATE", "VACUUM", "WITH",
}

// plausibleStart returns the first place inside a broken piece where another
// statement seems to start: a line that begins with a starter while the last
// line before it that is neither blank nor a comment ended in a semicolon.
// Bodies of functions look just so, so dollar-quoted text does not count. It
// returns 0 if there is no such place.
func plausibleStart(src []byte, p piece) int {
	bodies := lexer{src: src[:p.end], pos: p.start}
	var body Token // the dollar-quoted string at or behind the line
	ended := false
	for i := p.start; i < p.end; {
		line := src[i:p.end]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n+1]
		}
		for body.End <= i && bodies.pos < p.end {
			if t, ok := bodies.next(); ok && t.Kind == DollarToken && !t.Open {
				body = t
			}
		}
		inBody := body.Start < i && i < body.End
		text := bytes.TrimSpace(line)
		if ended && !inBody && i > p.start && startsStatement(text) {
			return i + bytes.Index(line, text)
		}
		if len(text) > 0 && !bytes.HasPrefix(text, []byte("--")) {
			ended = endsStatement(text)
		}
		i += len(line)
	}
	return 0
}

// tableStarts returns where CREATE TABLE starts a line inside a piece, the first
// of [maxRecoveries] places.
func tableStarts(src []byte, p piece) []int {
	var out []int
	lex := lexer{src: src[:p.end], pos: p.start}
	create := -1
	for len(out) < maxRecoveries {
		t, ok := lex.next()
		if !ok || t.Open {
			break
		}
		switch text := src[t.Start:t.End]; {
		case t.IsComment():
		case t.Kind == IdentToken && t.Start > p.start && src[t.Start-1] == '\n' && equalFold(text, "create"):
			create = t.Start
		case t.Kind == IdentToken && create >= 0 && equalFold(text, "table"):
			out = append(out, create)
			create = -1
		default:
			create = -1
		}
	}
	return out
}

func startsStatement(line []byte) bool {
	n := 0
	for n < len(line) && isIdentStart(line[n]) {
		n++
	}
	for _, w := range starters {
		if equalFold(line[:n], w) {
			return n == len(line) || isSpace(line[n])
		}
	}
	return false
}

func endsStatement(line []byte) bool {
	if i := bytes.LastIndex(line, []byte("--")); i >= 0 {
		line = bytes.TrimSpace(line[:i])
	}
	return bytes.HasSuffix(line, []byte(";"))
}

// lastToken returns the end of the text from start to end without the white
// space and the semicolon it ends with.
func lastToken(src []byte, start, end int) int {
	for end > start && (isSpace(src[end-1]) || src[end-1] == ';') {
		end--
	}
	return end
}
