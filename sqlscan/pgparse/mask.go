package pgparse

// Mask returns a copy of src, of the same length, in which every literal is
// hidden: the text inside quotes and dollar quotes, numbers and the text of
// comments become asterisks, line ends stay. Names and keywords stay. Text
// that does not parse is masked by the same rules, and from a quote that is
// never closed everything is hidden to the end.
//
// A dollar-quoted text behind AS or DO is the code of a function: inside it
// the same rules apply. Anywhere else it is a value.
func Mask(src []byte) []byte {
	out := append([]byte(nil), src...)
	maskCode(out, 0)
	return out
}

// maxBodies bounds functions inside functions.
const maxBodies = 8

func maskCode(b []byte, bodies int) {
	l := lexer{src: append([]byte(nil), b...)} // b changes under the lexer
	var before Token
	for {
		t, ok := l.next()
		if !ok {
			return
		}
		start, end := t.Start, t.End
		switch t.Kind {
		case StringToken, BitToken:
			for start++; l.src[start-1] != '\''; start++ {
			}
			hide(b, start, end-closing(t, 1))
		case DollarToken:
			for start++; l.src[start] != '$'; start++ {
			}
			start++
			end -= closing(t, start-t.Start)
			word := l.src[before.Start:before.End]
			if bodies < maxBodies && (equalFold(word, "as") || equalFold(word, "do")) {
				maskCode(b[start:end], bodies+1)
				break
			}
			hide(b, start, end)
		case QuotedToken:
			if t.Open {
				hide(b, start+1, end)
			}
		case NumberToken:
			hide(b, start, end)
		case LineCommentToken, BlockCommentToken:
			hide(b, start+2, end-closing(t, 2))
		}
		if !t.IsComment() {
			before = t
		}
	}
}

// closing returns the length of the end mark of a token, none if it is open or
// ends with its line.
func closing(t Token, length int) int {
	if t.Open || t.Kind == LineCommentToken {
		return 0
	}
	return length
}

func hide(b []byte, start, end int) {
	for i := start; i < end; i++ {
		if b[i] != ' ' && b[i] != '\t' && b[i] != '\n' && b[i] != '\r' {
			b[i] = '*'
		}
	}
}
