package pgparse

import (
	"bytes"
	"strings"
)

// A Kind is the class of a [Token].
type Kind uint8

// The kinds of token. Keywords are identifiers here: which of them are
// reserved depends on the place, and the grammar decides it.
const (
	IdentToken        Kind = iota + 1 // name or keyword, not quoted
	QuotedToken                       // "name", U&"name"
	StringToken                       // 'text', E'text', U&'text', N'text'
	DollarToken                       // $tag$text$tag$
	BitToken                          // B'01', X'1F'
	NumberToken                       // 1, 1.5, 0x1F
	ParamToken                        // $1
	OperatorToken                     // + <= :: and the like
	PunctToken                        // one of ( ) [ ] , ; : . or a stray byte
	LineCommentToken                  // -- text
	BlockCommentToken                 // /* text */, nested
)

// A Token is a piece of SQL text from Start to End.
type Token struct {
	Kind       Kind
	Start, End int
	// Open tells that the file ended inside the token: a quote, a dollar
	// quote or a comment that nobody closed.
	Open bool
}

// IsComment reports whether the token is a comment.
func (t Token) IsComment() bool { return t.Kind == LineCommentToken || t.Kind == BlockCommentToken }

// Scan returns the tokens of src in order, comments included and white space
// left out. The error tells of the first token that is never closed; the
// tokens are complete nevertheless, the last of them reaching to the end.
func Scan(src []byte) ([]Token, error) {
	l := lexer{src: src, pos: skipBOM(src)}
	tokens := make([]Token, 0, len(src)/6)
	var err error
	for {
		t, ok := l.next()
		if !ok {
			return tokens, err
		}
		tokens = append(tokens, t)
		if t.Open && err == nil {
			err = &SyntaxError{Message: openMessage(t.Kind), Offset: t.Start}
		}
	}
}

// NextToken returns the first token of src that starts at pos or behind it,
// and false at the end. It serves callers that mix SQL with other text, such
// as the commands and data lines of psql scripts.
func NextToken(src []byte, pos int) (Token, bool) {
	l := lexer{src: src, pos: max(pos, 0)}
	return l.next()
}

func openMessage(k Kind) string {
	switch k {
	case QuotedToken:
		return "unterminated quoted identifier"
	case DollarToken:
		return "unterminated dollar-quoted string"
	case BlockCommentToken:
		return "unterminated /* comment"
	}
	return "unterminated quoted string"
}

// skipBOM returns the length of the UTF-8 byte order mark src starts with, or 0.
func skipBOM(src []byte) int {
	if bytes.HasPrefix(src, []byte("\xef\xbb\xbf")) {
		return 3
	}
	return 0
}

// lexer follows the rules of PostgreSQL's scan.l with
// standard_conforming_strings on. It never fails: a byte that starts no token
// is a token of its own.
type lexer struct {
	src []byte
	pos int
}

func (l *lexer) next() (Token, bool) {
	for l.pos < len(l.src) && isSpace(l.src[l.pos]) {
		l.pos++
	}
	if l.pos >= len(l.src) {
		return Token{}, false
	}
	t := Token{Start: l.pos}
	t.Kind, t.End, t.Open = l.scan(l.pos)
	l.pos = t.End
	return t, true
}

func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return 0
}

// scan returns the kind and the end of the token that starts at i.
func (l *lexer) scan(i int) (Kind, int, bool) {
	c := l.src[i]
	switch {
	case isIdentStart(c):
		return l.word(i)
	case c == '-' && l.at(i+1) == '-':
		return LineCommentToken, l.lineComment(i), false
	case c == '/' && l.at(i+1) == '*':
		end, open := l.blockComment(i)
		return BlockCommentToken, end, open
	case c == '\'':
		end, open := l.quoted(i, '\'', false)
		return StringToken, end, open
	case c == '"':
		end, open := l.quoted(i, '"', false)
		return QuotedToken, end, open
	case isDigit(c) || c == '.' && isDigit(l.at(i+1)):
		return NumberToken, l.number(i), false
	case c == '$':
		return l.dollar(i)
	case c == ':':
		if n := l.at(i + 1); n == ':' || n == '=' {
			return OperatorToken, i + 2, false
		}
	case c == '.' && l.at(i+1) == '.':
		return OperatorToken, i + 2, false
	case isOperator(c):
		return OperatorToken, l.operator(i), false
	}
	return PunctToken, i + 1, false
}

func (l *lexer) lineComment(i int) int {
	for i < len(l.src) && l.src[i] != '\n' && l.src[i] != '\r' {
		i++
	}
	return i
}

func (l *lexer) blockComment(i int) (end int, open bool) {
	depth := 0
	for ; i < len(l.src); i++ {
		switch {
		case l.src[i] == '/' && l.at(i+1) == '*':
			depth++
			i++
		case l.src[i] == '*' && l.at(i+1) == '/':
			depth--
			i++
			if depth == 0 {
				return i + 1, false
			}
		}
	}
	return len(l.src), true
}

// quoted returns the end of the text quoted by q at i. A doubled quote stands
// for itself, and so does one behind a backslash where escapes are on.
func (l *lexer) quoted(i int, q byte, escapes bool) (end int, open bool) {
	for i++; i < len(l.src); i++ {
		if !escapes {
			n := bytes.IndexByte(l.src[i:], q)
			if n < 0 {
				break
			}
			i += n
		}
		switch {
		case escapes && l.src[i] == '\\':
			i++
		case l.src[i] != q:
		case l.at(i+1) == q:
			i++
		default:
			return i + 1, false
		}
	}
	return len(l.src), true
}

// word scans an identifier, or a string with a letter before its quote.
func (l *lexer) word(i int) (Kind, int, bool) {
	switch c, n := l.src[i]|0x20, l.at(i+1); {
	case n == '\'' && (c == 'e' || c == 'n'):
		end, open := l.quoted(i+1, '\'', c == 'e')
		return StringToken, end, open
	case n == '\'' && (c == 'b' || c == 'x'):
		end, open := l.quoted(i+1, '\'', false)
		return BitToken, end, open
	case n == '&' && c == 'u' && (l.at(i+2) == '\'' || l.at(i+2) == '"'):
		q := l.src[i+2]
		end, open := l.quoted(i+2, q, false)
		if q == '"' {
			return QuotedToken, end, open
		}
		return StringToken, end, open
	}
	for i++; i < len(l.src) && classes[l.src[i]]&identPart != 0; i++ {
	}
	return IdentToken, i, false
}

func (l *lexer) number(i int) int {
	if c := l.at(i+1) | 0x20; l.src[i] == '0' && (c == 'x' || c == 'o' || c == 'b') {
		for i += 2; isHex(l.at(i)) || l.at(i) == '_'; i++ {
		}
		return i
	}
	digits := func() {
		for isDigit(l.at(i)) || l.at(i) == '_' {
			i++
		}
	}
	digits()
	// "1..10" in PL/pgSQL is a range, not the number "1.".
	if l.at(i) == '.' && l.at(i+1) != '.' {
		i++
		digits()
	}
	if l.at(i)|0x20 == 'e' {
		j := i + 1
		if l.at(j) == '+' || l.at(j) == '-' {
			j++
		}
		if isDigit(l.at(j)) {
			i = j
			digits()
		}
	}
	return i
}

// dollar scans a parameter or a dollar-quoted string.
func (l *lexer) dollar(i int) (Kind, int, bool) {
	j := i + 1
	if isDigit(l.at(j)) {
		for isDigit(l.at(j)) {
			j++
		}
		return ParamToken, j, false
	}
	if isIdentStart(l.at(j)) {
		for isIdentStart(l.at(j)) || isDigit(l.at(j)) {
			j++
		}
	}
	if l.at(j) != '$' {
		return PunctToken, i + 1, false
	}
	tag := l.src[i : j+1]
	if n := bytes.Index(l.src[j+1:], tag); n >= 0 {
		return DollarToken, j + 1 + n + len(tag), false
	}
	return DollarToken, len(l.src), true
}

// operator returns the end of the operator at i. As in scan.l it stops before
// a comment, and a trailing sign belongs to what follows unless the operator
// holds a character that SQL's own operators lack.
func (l *lexer) operator(i int) int {
	end := i
	for end < len(l.src) && isOperator(l.src[end]) {
		if end > i && (l.src[end] == '-' && l.at(end+1) == '-' || l.src[end] == '/' && l.at(end+1) == '*') {
			break
		}
		end++
	}
	if !bytes.ContainsAny(l.src[i:end], "~!@#^&|`?%") {
		for end > i+1 && (l.src[end-1] == '+' || l.src[end-1] == '-') {
			end--
		}
	}
	return end
}

// classes holds what each byte can be; the scanner asks for every byte of
// every file several times.
var classes = func() (t [256]uint8) {
	for i := range t {
		c := byte(i)
		switch {
		case c == ' ' || c >= '\t' && c <= '\r':
			t[i] = space
		case c >= '0' && c <= '9':
			t[i] = digit | hex | identPart
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= 0x80:
			t[i] = identStart | identPart
			if c|0x20 >= 'a' && c|0x20 <= 'f' {
				t[i] |= hex
			}
		case c == '$':
			t[i] = identPart
		case strings.IndexByte("~!@#^&|`?+-*/%<>=", c) >= 0:
			t[i] = operator
		}
	}
	return t
}()

const (
	space uint8 = 1 << iota
	digit
	hex
	identStart
	identPart // may follow in an identifier
	operator
)

func isSpace(c byte) bool { return classes[c]&space != 0 }

func isDigit(c byte) bool { return classes[c]&digit != 0 }

func isHex(c byte) bool { return classes[c]&hex != 0 }

func isIdentStart(c byte) bool { return classes[c]&identStart != 0 }

func isOperator(c byte) bool { return classes[c]&operator != 0 }
