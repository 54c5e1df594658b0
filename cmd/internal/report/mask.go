package report

import (
	"go/scanner"
	"go/token"
	"path"
	"regexp"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// mask hides what may be PHI or a secret, keeping length and line ends.
func mask(file string, content []byte) []byte {
	switch path.Ext(file) {
	case ".go":
		return maskGo(content)
	case ".sql", ".psql", ".pgsql", ".ddl":
		return pgparse.Mask(content)
	case ".conf":
		return maskConf(content)
	}
	return maskSettings(content)
}

// maskGo hides the inside of strings, and numbers, runes and comments. Of a
// string that is an SQL statement, what is no literal of SQL stays readable.
func maskGo(content []byte) []byte {
	out := append([]byte(nil), content...)
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(content))
	var s scanner.Scanner
	s.Init(file, content, func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		start := file.Offset(pos)
		if tok == token.EOF {
			break
		}
		if tok == token.ILLEGAL { // an open quote: nothing behind it can be trusted
			hide(out[start:])
			break
		}
		end := min(start+len(lit), len(out))
		switch tok {
		case token.STRING, token.CHAR:
			end = rawEnd(content, start, end)
			if tok == token.CHAR || !maskStatement(out, start, end) {
				hideInside(out, start, end)
			}
		case token.INT, token.FLOAT, token.IMAG, token.COMMENT:
			hide(out[min(start+2*commentSign(tok), end):rawEnd(content, start, end)])
		}
	}
	return out
}

// statements are the beginnings of SQL, or of a piece of it, whose words outside
// quotes are keywords and names of the schema. A sentence of a person does not
// begin so by chance: a second word of the statement has to be there, and both in
// one case.
var statements = regexp.MustCompile(`^.\s*(?:` +
	`SELECT\b[^;]*\bFROM\b|SELECT\s+[a-z_]+\(|INSERT INTO\b|UPDATE\b[^;]*\bSET\b|DELETE FROM\b|WITH\b[^;]*\bAS\s*\(|` +
	`select\b[^;]*\bfrom\b|select\s+[a-z_]+\(|insert into\b|update\b[^;]*\bset\b|delete from\b|with\b[^;]*\bas\s*\(|` +
	`SELECT\s*.$|(?:FROM|WHERE|AND|OR)\s+[a-z_.]+\s*(?:[=<>]|[A-Z]{2,}\b))`)

// punctuation is a literal without a letter or a digit, such as the one that
// closes a quote of SQL behind a value.
var punctuation = regexp.MustCompile("^.['%(),; ]*.$")

// escapes are the ways to write a quote of SQL, or to keep one from closing,
// that somebody who reads bytes does not see.
var escapes = regexp.MustCompile(`\\[xuU0-7\\]`)

// verbs are formats that are all there is inside quotes of SQL: the very place
// that a finding is about, and no value.
var verbs = regexp.MustCompile(`'%{0,2}%[svdq]%{0,2}'`)

// maskStatement masks the string literal of Go at out[start:end] as SQL and
// returns true, or returns false if it is no SQL or cannot be told apart from
// its values.
func maskStatement(out []byte, start, end int) bool {
	text := out[start:end]
	if len(text) < 2 || text[len(text)-1] != text[0] {
		return false
	}
	if punctuation.Match(text) {
		return true
	}
	if !statements.Match(text) {
		return false
	}
	if text[0] == '"' && escapes.Match(text) {
		return false
	}
	inside := text[1 : len(text)-1]
	masked := pgparse.Mask(inside)
	for _, at := range verbs.FindAllIndex(inside, -1) {
		copy(masked[at[0]:at[1]], inside[at[0]:at[1]])
	}
	copy(inside, masked)
	return true
}

func commentSign(tok token.Token) int {
	if tok == token.COMMENT {
		return 1
	}
	return 0
}

// rawEnd extends end over the carriage returns that the scanner removed from a
// raw string or a comment.
func rawEnd(content []byte, start, end int) int {
	for i := start; i < end; i++ {
		if content[i] == '\r' && end < len(content) {
			end++
		}
	}
	return end
}

// hideInside keeps the quotes of a text. A text that is never closed ends in a
// byte of its own, which has to go too.
func hideInside(out []byte, start, end int) {
	if end-start < 2 {
		return
	}
	quote, last := out[start], out[end-1]
	hide(out[start+1 : end])
	if last == quote {
		out[end-1] = quote
	}
}

func hide(b []byte) {
	for i, c := range b {
		if c != '\n' && c != '\r' && c != ' ' && c != '\t' {
			b[i] = '*'
		}
	}
}
