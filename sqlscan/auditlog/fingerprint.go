package auditlog

import (
	"bytes"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// Fingerprint names the shape of a statement: equal for texts that differ in
// their literals, parameters, comments and spacing. It is what findings carry as
// their statement.
//
// The parser's own fingerprint is taken of a text whose literals are replaced
// first. It leaves those of queries out, but not those of utility statements, and
// a hash of CREATE ROLE … PASSWORD that is printed would let everybody test
// what the password is.
func Fingerprint(text []byte) (string, error) {
	return pgparse.Fingerprint(string(withoutValues(text)))
}

// withoutValues returns the text with one and the same literal for all, bodies
// of functions included, and without comments.
func withoutValues(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for pos := 0; ; {
		t, ok := pgparse.NextToken(text, pos)
		if !ok {
			return out
		}
		pos = t.End
		word := text[t.Start:t.End]
		switch t.Kind {
		case pgparse.LineCommentToken, pgparse.BlockCommentToken:
			continue
		case pgparse.StringToken, pgparse.DollarToken:
			word = []byte("'_'")
		case pgparse.BitToken:
			word = []byte("B'0'")
		case pgparse.NumberToken:
			word = []byte("1")
		case pgparse.QuotedToken:
			if t.Open { // everything behind it may be a value
				word = []byte(`"_"`)
			}
		}
		if spaced(text, t.Start) {
			out = append(out, ' ')
		}
		out = append(out, word...)
	}
}

// spaced reports whether white space or a comment stands before an offset.
func spaced(text []byte, at int) bool {
	return at > 0 && (text[at-1] <= ' ' || text[at-1] == '/')
}

// definesCode reports whether a statement that starts with this word may have a
// body in dollar quotes.
func definesCode(word []byte) bool {
	return bytes.EqualFold(word, []byte("do")) || bytes.EqualFold(word, []byte("create"))
}
