package source

import (
	"bytes"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// masker replaces, in place, what is not SQL.
type masker struct {
	sql    []byte
	vars   map[string]string
	copies []CopyBlock
	holes  []hole

	pos  int
	base int // offset of sql in its file
	// statement holds the first tokens of the current statement, enough of
	// them to recognise COPY … FROM stdin.
	statement []pgparse.Token
}

const maxCopyTokens = 4096

// script masks a whole file: psql commands and COPY data count only there.
func (m *masker) script() {
	if bytes.HasPrefix(m.sql, []byte("\xef\xbb\xbf")) {
		m.pos = 3
	}
	for m.skipSpace(); m.pos < len(m.sql); m.skipSpace() {
		if m.sql[m.pos] == '\\' {
			m.psqlCommand()
			continue
		}
		if n := m.template(m.pos); n > 0 {
			m.pos += n
			continue
		}
		t, ok := pgparse.NextToken(m.sql, m.pos)
		if !ok {
			return
		}
		m.pos = t.End
		m.token(t)
	}
}

func (m *masker) skipSpace() {
	for m.pos < len(m.sql) && isSpace(m.sql[m.pos]) {
		m.pos++
	}
}

// token follows the statement and masks inside function bodies.
func (m *masker) token(t pgparse.Token) {
	switch {
	case t.IsComment():
		m.breakpoint(t)
		return
	case t.Kind == pgparse.DollarToken:
		m.body(t)
	case t.Kind == pgparse.PunctToken && m.sql[t.Start] == ';':
		if m.copyFromStdin() {
			m.copyData(t.End)
		}
		m.statement = m.statement[:0]
		return
	case t.Kind == pgparse.OperatorToken && endsInAt(m.sql[t.Start:t.End]):
		// The "@" of "=@name" is scanned as a part of the operator.
		if n := m.template(t.End - 1); n > 0 {
			m.pos = t.End - 1 + n
		}
	}
	// Of other statements it matters only that there is one.
	if n := len(m.statement); n == 0 || n < maxCopyTokens && m.is(m.statement[0], "copy") {
		m.statement = append(m.statement, t)
	}
}

func endsInAt(op []byte) bool {
	return string(op) == "=@" || string(op) == "<>@" || string(op) == "||@"
}

// body masks templates inside a dollar-quoted text, which may be code.
func (m *masker) body(t pgparse.Token) {
	tag := bytes.IndexByte(m.sql[t.Start+1:t.End], '$') + 2
	end := t.End
	if !t.Open {
		end -= tag
	}
	if t.Start+tag >= end {
		return
	}
	inner := masker{sql: m.sql[t.Start+tag : end], vars: m.vars, base: m.base + t.Start + tag}
	for inner.skipSpace(); inner.pos < len(inner.sql); inner.skipSpace() {
		if n := inner.template(inner.pos); n > 0 {
			inner.pos += n
			continue
		}
		t, ok := pgparse.NextToken(inner.sql, inner.pos)
		if !ok {
			return
		}
		inner.pos = t.End
	}
}

// breakpoint puts a semicolon at the comments with which tools separate
// statements: without one the next statement would run into the last.
func (m *masker) breakpoint(t pgparse.Token) {
	text := string(m.sql[t.Start:t.End])
	rest, ok := strings.CutPrefix(text, "--")
	if !ok || len(rest) < 2 || m.lineStart(t.Start) != t.Start && !strings.HasPrefix(rest, ">") {
		return
	}
	word := strings.ToLower(strings.TrimSpace(rest[1:]))
	switch {
	case rest[0] == '>' && strings.HasPrefix(word, "statement-breakpoint"),
		rest[0] == ' ' && (word == "+goose statementend" || word == "+migrate statementend"):
		copy(m.sql[t.Start:], ";--")
		m.statement = m.statement[:0]
	}
}

func (m *masker) lineStart(i int) int { return bytes.LastIndexByte(m.sql[:i], '\n') + 1 }

func (m *masker) lineEnd(i int) int {
	if n := bytes.IndexByte(m.sql[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(m.sql)
}

// psqlCommand blanks a backslash command. Behind a statement it ends the
// statement, as \g and \gset do; \; is a plain semicolon.
func (m *masker) psqlCommand() {
	start, end := m.pos, m.lineEnd(m.pos)
	m.pos = end
	if start+1 < len(m.sql) && m.sql[start+1] == ';' {
		m.sql[start] = ' '
		m.pos = start + 1
		return
	}
	line := strings.ToLower(string(m.sql[start:end]))
	blank(m.sql[start:end])
	if strings.HasPrefix(line, `\copy`) && strings.Contains(line, "from stdin") {
		m.pos = m.skipData(end, nil)
	}
	atLineStart := len(bytes.TrimSpace(m.sql[m.lineStart(start):start])) == 0
	if !atLineStart || strings.HasPrefix(line, `\g`) {
		if len(m.statement) > 0 {
			m.sql[start] = ';'
			m.statement = m.statement[:0]
		}
	}
}

// copyFromStdin reports whether the statement reads data from the lines below.
func (m *masker) copyFromStdin() bool {
	s := m.statement
	if len(s) < 4 || !m.is(s[0], "copy") {
		return false
	}
	for i := 1; i+1 < len(s); i++ {
		if m.is(s[i], "from") && m.is(s[i+1], "stdin") {
			return true
		}
	}
	return false
}

func (m *masker) is(t pgparse.Token, word string) bool {
	return t.Kind == pgparse.IdentToken && strings.EqualFold(string(m.sql[t.Start:t.End]), word)
}

// copyData reads and blanks the rows behind a COPY statement.
func (m *masker) copyData(semicolon int) {
	s := m.statement
	b := CopyBlock{Start: s[0].Start, Separator: '\t'}
	i := 1
	for ; i < len(s) && !m.is(s[i], "from") && m.sql[s[i].Start] != '('; i++ {
		b.Table += string(m.sql[s[i].Start:s[i].End])
	}
	for ; i < len(s) && !m.is(s[i], "from"); i++ {
		switch s[i].Kind {
		case pgparse.IdentToken:
			b.Columns = append(b.Columns, strings.ToLower(string(m.sql[s[i].Start:s[i].End])))
		case pgparse.QuotedToken:
			name := strings.Trim(string(m.sql[s[i].Start:s[i].End]), `"`)
			b.Columns = append(b.Columns, strings.ReplaceAll(name, `""`, `"`))
		}
	}
	for ; i < len(s); i++ {
		if m.is(s[i], "csv") {
			b.Separator = ','
		}
		if i+1 < len(s) && m.is(s[i], "delimiter") && s[i+1].Kind == pgparse.StringToken && s[i+1].End-s[i+1].Start == 3 {
			b.Separator = m.sql[s[i+1].Start+1]
		}
	}
	m.pos = m.skipData(m.lineEnd(semicolon), &b)
	m.copies = append(m.copies, b)
}

// skipData blanks the lines behind the line end at i up to and including
// "\." and returns where SQL goes on.
func (m *masker) skipData(i int, b *CopyBlock) int {
	for i < len(m.sql) {
		start := i + 1
		if start >= len(m.sql) {
			return len(m.sql)
		}
		end := m.lineEnd(start)
		line := bytes.TrimRight(m.sql[start:end], "\r")
		done := string(line) == `\.`
		if b != nil && !done {
			b.Rows = append(b.Rows, Row{start, start + len(line)})
		}
		blank(m.sql[start:end])
		i = end
		if done {
			return end
		}
	}
	return i
}

// blank overwrites everything but line ends and tabs with spaces.
func blank(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' {
			b[i] = ' '
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80 }

func isName(c byte) bool { return isNameStart(c) || c >= '0' && c <= '9' }
