package pgparse

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
)

// A SyntaxError tells why a statement has no tree. Its message repeats no
// text of the source but keywords and punctuation: what stands at the place of
// an error may as well be a patient's name.
type SyntaxError struct {
	Message string
	Offset  int // byte offset of the place, in the text that was given to parse
}

// Error returns the message.
func (e *SyntaxError) Error() string { return e.Message }

// safeMessage rewrites a message of the library so that it quotes nothing but
// keywords and punctuation.
func safeMessage(msg, sql string, offset int) string {
	const near = " at or near "
	if i := strings.Index(msg, near); i >= 0 {
		return msg[:i] + near + describe(sql, offset)
	}
	// Other messages quote names of options, types and the like. The quoted
	// text may hold quotes itself, so everything to the last one goes.
	first, last := strings.IndexByte(msg, '"'), strings.LastIndexByte(msg, '"')
	if first < 0 || isKeyword(strings.Trim(msg[first:last+1], `"`)) {
		return msg
	}
	return msg[:first] + "***" + msg[last+1:]
}

// describe names the token of sql at offset without giving away a value.
func describe(sql string, offset int) string {
	l := lexer{src: []byte(sql[min(offset, len(sql)):])}
	t, ok := l.next()
	if !ok {
		return "the end of the statement"
	}
	text := string(l.src[t.Start:t.End])
	switch t.Kind {
	case IdentToken:
		if isKeyword(text) {
			return `"` + strings.ToUpper(text) + `"`
		}
		return "a name"
	case QuotedToken:
		return "a quoted name"
	case StringToken, DollarToken, BitToken:
		return "a string"
	case NumberToken:
		return "a number"
	case ParamToken:
		return "a parameter"
	case OperatorToken:
		return `"` + text + `"`
	case PunctToken:
		if text[0] > ' ' && text[0] < 0x7f {
			return `"` + text + `"`
		}
		return "an unexpected character"
	}
	return "a comment"
}

// isKeyword asks the library, which knows the words of its own version. Only
// error messages come here, so the cost of a call does not matter.
func isKeyword(word string) bool {
	for i := range len(word) {
		if c := word[i]; !isIdentStart(c) || c >= 0x80 {
			return false
		}
	}
	data, err := locked(backendScan, word)
	if err != nil {
		return false
	}
	var r pg_query.ScanResult
	if proto.Unmarshal(data, &r) != nil || len(r.Tokens) != 1 {
		return false
	}
	return r.Tokens[0].KeywordKind != pg_query.KeywordKind_NO_KEYWORD
}
