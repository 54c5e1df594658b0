package pgparse

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	"google.golang.org/protobuf/proto"
)

// library guards every call into libpg_query. While it works, it points the
// process's standard error at a pipe of its own and puts it back afterwards;
// two calls at once would put back each other's pipe, and the next write to
// standard error would end the process.
var library sync.Mutex

// locked calls f with the library to itself. A trap of the WebAssembly build
// surfaces as a panic of the runtime, which must not become ours.
func locked[T any](f func(string) (T, error), sql string) (out T, err error) {
	library.Lock()
	defer library.Unlock()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("parser gave up: %T", p)
		}
	}()
	return f(sql)
}

// unmarshal allows for the depth that tooMuch lets through; each level of an
// expression takes two or three messages.
var unmarshal = proto.UnmarshalOptions{RecursionLimit: 20 * maxDepth, DiscardUnknown: true}

// parseText parses one statement. Errors carry offsets into sql.
func parseText(sql string) (*pg_query.ParseResult, *SyntaxError) {
	if i := strings.IndexByte(sql, 0); i >= 0 {
		return nil, &SyntaxError{Message: "NUL byte in SQL text", Offset: i}
	}
	if msg, at := tooMuch(sql); msg != "" {
		return nil, &SyntaxError{Message: msg, Offset: at}
	}
	text := validUTF8(sql)
	data, err := locked(backendParse, text)
	if err != nil {
		return nil, newSyntaxError(err, text)
	}
	tree := new(pg_query.ParseResult)
	if err := unmarshal.Unmarshal(data, tree); err != nil {
		return nil, &SyntaxError{Message: "statement nests too deeply"}
	}
	return tree, nil
}

// validUTF8 replaces each broken byte by an underscore, so that a file in
// Latin-1 is judged too: the tree format cannot carry the bytes themselves.
func validUTF8(sql string) string {
	if utf8.ValidString(sql) {
		return sql
	}
	b := []byte(sql)
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			b[i] = '_'
		}
		i += size
	}
	return string(b)
}

// Fingerprint returns a short name for the shape of a statement: equal for
// texts that differ in literals, spacing and comments only.
func Fingerprint(sql string) (string, error) {
	if _, err := parseText(sql); err != nil { // also keeps out what the library cannot take
		return "", err
	}
	s, err := locked(backendFingerprint, validUTF8(sql))
	if err != nil {
		return "", newSyntaxError(err, sql)
	}
	return s, nil
}

func newSyntaxError(err error, sql string) *SyntaxError {
	var e *backendError
	if !errors.As(err, &e) {
		return &SyntaxError{Message: err.Error()}
	}
	offset := byteOffset(sql, e.Cursorpos-1)
	return &SyntaxError{Message: safeMessage(e.Message, sql, offset), Offset: offset}
}

// byteOffset converts a character index, as the library counts, to bytes.
func byteOffset(s string, chars int) int {
	for i := range s {
		if chars <= 0 {
			return i
		}
		chars--
	}
	return len(s)
}
