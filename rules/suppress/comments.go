package suppress

import (
	"bytes"
	"go/scanner"
	"go/token"
	"strings"
)

// goComments returns the line comments of Go source. The scanner is used, and
// not a search for "//", because a URL in a string is no comment.
func goComments(content []byte) []comment {
	var out []comment
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(content))
	var s scanner.Scanner
	s.Init(file, content, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return out
		}
		if tok == token.COMMENT && strings.HasPrefix(lit, "//") {
			out = append(out, comment{file.Offset(pos), lit[2:]})
		}
	}
}

// hashComments returns the comments of settings files: "#" to the end of the
// line, unless inside quotes.
func hashComments(content []byte) []comment {
	var out []comment
	for start := 0; start < len(content); {
		end := lineEnd(content, start)
		quote := byte(0)
	line:
		for i := start; i < end; i++ {
			switch c := content[i]; {
			case quote != 0 && c == quote:
				quote = 0
			case quote == 0 && (c == '\'' || c == '"'):
				quote = c
			case quote == 0 && c == '#':
				out = append(out, comment{i, string(content[i+1 : end])})
				break line
			}
		}
		start = end + 1
	}
	return out
}

// sqlComments returns the "--" comments of SQL text, those of dollar-quoted
// function bodies included, for findings stand there too. It is a lexer of its
// own because package rules may not use the parser, and because a directive has
// to work in a file that does not parse.
func sqlComments(content []byte) []comment {
	var out []comment
	lexSQL(content, 0, len(content), 0, &out)
	return out
}

// maxDollarDepth bounds bodies within bodies; real code nests two deep.
const maxDollarDepth = 8

func lexSQL(src []byte, from, to, depth int, out *[]comment) {
	for i := from; i < to; {
		switch c := src[i]; {
		case c == '-' && i+1 < to && src[i+1] == '-':
			end := min(lineEnd(src, i), to)
			*out = append(*out, comment{i, string(src[i+2 : end])})
			i = end
		case c == '/' && i+1 < to && src[i+1] == '*':
			i = skipBlock(src, i, to)
		case c == '\'':
			escapes := i > from && (src[i-1] == 'E' || src[i-1] == 'e') && (i-1 == from || !wordByte(src[i-2]))
			i = skipQuoted(src, i, to, escapes)
		case c == '"':
			i = skipQuoted(src, i, to, false)
		case c == '$' && (i == from || !wordByte(src[i-1])):
			i = lexDollar(src, i, to, depth, out)
		default:
			i++
		}
	}
}

// lexDollar reads a dollar-quoted text that starts at i, or steps over the "$"
// of a parameter.
func lexDollar(src []byte, i, to, depth int, out *[]comment) int {
	end := i + 1
	for end < to && wordByte(src[end]) {
		end++
	}
	isTag := end < to && src[end] == '$' && (end == i+1 || src[i+1] < '0' || src[i+1] > '9')
	if !isTag {
		return i + 1
	}
	tag := src[i : end+1]
	body := end + 1
	length := bytes.Index(src[body:to], tag)
	if length < 0 {
		return body // unterminated: read on as plain text
	}
	if depth < maxDollarDepth {
		lexSQL(src, body, body+length, depth+1, out)
	}
	return body + length + len(tag)
}

// skipBlock returns the offset behind a block comment; they nest.
func skipBlock(src []byte, i, to int) int {
	depth := 0
	for i < to {
		switch {
		case i+1 < to && src[i] == '/' && src[i+1] == '*':
			depth++
			i += 2
		case i+1 < to && src[i] == '*' && src[i+1] == '/':
			depth--
			i += 2
			if depth == 0 {
				return i
			}
		default:
			i++
		}
	}
	return to
}

// skipQuoted returns the offset behind a quoted text; a doubled quote belongs
// to the text, and is read as two texts in a row.
func skipQuoted(src []byte, i, to int, escapes bool) int {
	quote := src[i]
	for i++; i < to; i++ {
		switch {
		case escapes && src[i] == '\\':
			i++
		case src[i] == quote:
			return i + 1
		}
	}
	return to
}

func lineEnd(src []byte, i int) int {
	if n := bytes.IndexByte(src[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(src)
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
