// Package knowledge holds what phivet knows about functions it does not look
// into: which parameter of which function is SQL text, is written to a log, is
// quoted by the error, is passed on unchanged. It is data, in the files beside
// this one, and users add lines of the same grammar by configuration.
//
// A line has the form
//
//	function.parameter  kind  [attribute=value …]   # comment
//
// where function is the full name that go/types prints, such as
// (*database/sql.DB).QueryContext, and the parameter is named as in its
// declaration ("_" stands for the function as a whole). {a,b} stands for
// either, so that a family of methods takes one line.
package knowledge

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed *.txt
var files embed.FS

// A Kind says what happens to a parameter.
type Kind string

// The kinds there are.
const (
	SQL         Kind = "sql"         // becomes the SQL text (or, with prefix=, a fragment of it)
	Log         Kind = "log"         // is written to a log; format=true: it is a format for the parameters after it
	Stdout      Kind = "stdout"      // is printed
	Panic       Kind = "panic"       // becomes the text of a panic
	URL         Kind = "url"         // becomes a URL that is requested
	Telemetry   Kind = "telemetry"   // leaves in a span, a metric or a message to a third party
	Response    Kind = "response"    // is answered to the client
	Same        Kind = "same"        // is returned unchanged as far as its text matters
	Pass        Kind = "pass"        // is in the result, in some form
	Append      Kind = "append"      // is appended to what the receiver holds
	Error       Kind = "error"       // is quoted by the error that is returned
	Clean       Kind = "clean"       // leaves nothing of itself in the results
	Scan        Kind = "scan"        // receives what was read
	Placeholder Kind = "placeholder" // is bound; the result is a placeholder
	Source      Kind = "source"      // the result is PHI
	Bind        Kind = "bind"        // is bound to a query that the function makes; the error may quote it
)

var kinds = []Kind{SQL, Log, Stdout, Panic, URL, Telemetry, Response, Same, Pass, Append, Error, Clean, Scan, Placeholder, Source, Bind}

// An Entry is what is known about one parameter.
type Entry struct {
	Param string
	Kind  Kind
	attrs map[string]string
}

// Attr returns the value of an attribute, or "".
func (e Entry) Attr(name string) string { return e.attrs[name] }

// A Base is a set of entries, by function.
type Base struct {
	byFunc map[string][]Entry
	first  []Entry // the memory of the first entries
}

// newBase returns an empty base with room for what is known, since every
// process of go vet reads it.
func newBase() *Base {
	return &Base{byFunc: make(map[string][]Entry, 1700), first: make([]Entry, 0, 1700)}
}

// Lookup returns the entries of the function of that full name, in the order
// of the files.
func (b *Base) Lookup(function string) []Entry { return b.byFunc[function] }

// Functions returns the names of all functions, sorted.
func (b *Base) Functions() []string {
	names := make([]string, 0, len(b.byFunc))
	for name := range b.byFunc {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var builtIn = sync.OnceValues(func() (*Base, error) {
	b := newBase()
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, err
	}
	for _, f := range entries {
		text, err := files.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		if err := b.read(f.Name(), strings.Split(string(text), "\n")); err != nil {
			return nil, err
		}
	}
	return b, nil
})

// Load returns the built-in entries and those of the extra lines, which
// errors call "configuration" and count from 1. An extra line may repeat a
// built-in one.
func Load(extra []string) (*Base, error) {
	base, err := builtIn()
	if err != nil || len(extra) == 0 {
		return base, err
	}
	b := newBase()
	if err := b.read("configuration", extra); err != nil {
		return nil, err
	}
	for _, name := range base.Functions() {
		for _, e := range base.byFunc[name] {
			b.add(name, e) // unless the configuration says it too
		}
	}
	return b, nil
}

// add reports whether the entry was not there yet.
func (b *Base) add(function string, e Entry) bool {
	list := b.byFunc[function]
	if slices.ContainsFunc(list, func(o Entry) bool { return o.Param == e.Param && o.Kind == e.Kind }) {
		return false
	}
	if list == nil { // most have one entry: no allocation for each
		b.first = append(b.first, e)
		n := len(b.first)
		list = b.first[n-1 : n : n]
	} else {
		list = append(list, e)
	}
	b.byFunc[function] = list
	return true
}

func (b *Base) read(file string, lines []string) error {
	for i, line := range lines {
		if at := strings.Index(line, "#"); at >= 0 {
			line = line[:at]
		}
		// Attribute values may hold spaces inside double quotes only; a
		// plain split keeps the grammar one that people can guess.
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2 {
			return fmt.Errorf("%s:%d: want function.parameter and a kind, got %q", file, i+1, line)
		}
		e := Entry{Kind: Kind(fields[1])}
		if !slices.Contains(kinds, e.Kind) {
			return fmt.Errorf("%s:%d: unknown kind %q: use one of %v", file, i+1, fields[1], kinds)
		}
		for _, f := range fields[2:] {
			name, value, ok := strings.Cut(f, "=")
			if !ok {
				return fmt.Errorf("%s:%d: %q is not of the form attribute=value", file, i+1, f)
			}
			if e.attrs == nil {
				e.attrs = map[string]string{}
			}
			e.attrs[name] = value
		}
		for _, target := range expand(fields[0]) {
			at := strings.LastIndexByte(target, '.')
			if at <= 0 || at == len(target)-1 || strings.ContainsAny(target[at:], ")/") {
				return fmt.Errorf("%s:%d: %q names no parameter", file, i+1, target)
			}
			function := target[:at]
			e.Param = target[at+1:]
			if !b.add(function, e) {
				return fmt.Errorf("%s:%d: %s %s is listed twice", file, i+1, target, e.Kind)
			}
		}
	}
	return nil
}

// expand replaces each {a,b} by its alternatives, leftmost first.
func expand(s string) []string {
	open := strings.IndexByte(s, '{')
	if open < 0 {
		return []string{s}
	}
	end := strings.IndexByte(s[open:], '}')
	if end < 0 {
		return []string{s}
	}
	end += open
	var out []string
	for _, alternative := range strings.Split(s[open+1:end], ",") {
		out = append(out, expand(s[:open]+alternative+s[end+1:])...)
	}
	return out
}
