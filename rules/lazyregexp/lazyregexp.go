// Package lazyregexp has regular expressions that are compiled when they are
// first used. go vet starts a process for each package, and over a hundred
// expressions are compiled at every start where they are variables of packages:
// that took half of it.
package lazyregexp

import (
	"os"
	"regexp"
	"strings"
	"sync"
)

// A Regexp is a regular expression; its methods are those of [regexp.Regexp].
type Regexp struct {
	get func() *regexp.Regexp
}

// testing says that a test is running, where a wrong expression is to be found
// whether anything matches against it or not.
var testing = strings.HasSuffix(strings.TrimSuffix(os.Args[0], ".exe"), ".test")

// New returns the expression of that text, which has to be a correct one.
func New(text string) *Regexp {
	r := &Regexp{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
	if testing {
		r.get()
	}
	return r
}

// Match reports whether b has a match.
func (r *Regexp) Match(b []byte) bool { return r.get().Match(b) }

// MatchString reports whether s has a match.
func (r *Regexp) MatchString(s string) bool { return r.get().MatchString(s) }

// FindIndex returns where the first match of b is, or nil.
func (r *Regexp) FindIndex(b []byte) []int { return r.get().FindIndex(b) }

// FindSubmatch returns the first match and its groups, or nil.
func (r *Regexp) FindSubmatch(b []byte) [][]byte { return r.get().FindSubmatch(b) }

// FindStringSubmatch returns the first match and its groups, or nil.
func (r *Regexp) FindStringSubmatch(s string) []string { return r.get().FindStringSubmatch(s) }

// FindAllString returns the first n matches, all for -1.
func (r *Regexp) FindAllString(s string, n int) []string { return r.get().FindAllString(s, n) }

// FindAllStringIndex returns where the first n matches are, all for -1.
func (r *Regexp) FindAllStringIndex(s string, n int) [][]int { return r.get().FindAllStringIndex(s, n) }

// FindAllStringSubmatch returns the first n matches with their groups, all for -1.
func (r *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	return r.get().FindAllStringSubmatch(s, n)
}

// FindAllSubmatch returns the first n matches with their groups, all for -1.
func (r *Regexp) FindAllSubmatch(b []byte, n int) [][][]byte { return r.get().FindAllSubmatch(b, n) }

// ReplaceAllString returns s with the matches replaced.
func (r *Regexp) ReplaceAllString(s, with string) string { return r.get().ReplaceAllString(s, with) }

// ReplaceAllStringFunc returns s with the matches replaced by what the function makes of them.
func (r *Regexp) ReplaceAllStringFunc(s string, by func(string) string) string {
	return r.get().ReplaceAllStringFunc(s, by)
}

// ReplaceAllLiteralString returns s with the matches replaced by that very text.
func (r *Regexp) ReplaceAllLiteralString(s, with string) string {
	return r.get().ReplaceAllLiteralString(s, with)
}

// SubexpIndex returns the number of the group of that name, or -1.
func (r *Regexp) SubexpIndex(name string) int { return r.get().SubexpIndex(name) }
