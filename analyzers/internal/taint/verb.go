package taint

import (
	"strings"
	"unicode/utf8"
)

// A verb is one directive of a format, as [fmt] reads it.
type verb struct {
	verb  rune
	text  string // from the percent sign to the verb
	index int    // explicit argument index, or 0
	stars int    // arguments for width and precision after that index
	sharp bool
	bad   bool // fmt prints a complaint and leaves the argument to the next verb
}

// argument returns the place of the verb's argument among the arguments of the
// call, if the one after the verb before it has the place next.
func (v verb) argument(next int) int {
	if v.index > 0 {
		next = v.index - 1
	}
	return next + v.stars
}

// cutVerb returns the text before the first directive of a format, the
// directive and the rest of the format. The call has args arguments. A lone
// percent sign at the end is text.
func cutVerb(format string, args int) (before string, v verb, rest string, found bool) {
	start := strings.IndexByte(format, '%')
	if start < 0 || start == len(format)-1 {
		return format, verb{}, "", false
	}
	r := verbReader{s: format, i: start + 1, args: args}
	r.read()
	r.v.text = format[start:r.i]
	return format[:start], r.v, format[r.i:], true
}

// A verbReader follows the order that fmt's documentation gives: flags, width,
// precision and verb, with an argument index before each star and the verb.
type verbReader struct {
	s    string
	i    int
	args int
	v    verb
}

func (r *verbReader) read() {
	for ; r.i < len(r.s) && strings.IndexByte("+-# 0", r.s[r.i]) >= 0; r.i++ {
		r.v.sharp = r.v.sharp || r.s[r.i] == '#'
	}
	indexed := r.argumentIndex()
	switch {
	case r.star():
		indexed = false
	case r.number() && indexed: // %[3]2d
		r.v.bad = true
	}
	// A point that ends the format is its verb.
	if r.i+1 < len(r.s) && r.s[r.i] == '.' {
		r.i++
		r.v.bad = r.v.bad || indexed // %[3].2d
		indexed = r.argumentIndex()
		if r.star() {
			indexed = false
		} else {
			r.number()
		}
	}
	if !indexed {
		r.argumentIndex()
	}
	if r.i >= len(r.s) {
		r.v.bad = true
		return
	}
	char, size := utf8.DecodeRuneInString(r.s[r.i:])
	r.v.verb = char
	r.i += size
}

func (r *verbReader) star() bool {
	if r.i >= len(r.s) || r.s[r.i] != '*' {
		return false
	}
	r.i++
	r.v.stars++
	return true
}

// largest is what fmt takes for a width, a precision or an index. At the first
// digit after a larger number it gives up on the rest of the format.
const largest = 1e6

// number reads the digits of a width or a precision.
func (r *verbReader) number() bool {
	_, end, ok := digits(r.s, r.i, len(r.s))
	r.i = end
	return ok
}

func digits(s string, start, end int) (n, next int, ok bool) {
	for next = start; next < end && '0' <= s[next] && s[next] <= '9'; next++ {
		if n > largest {
			return 0, end, false
		}
		n = n*10 + int(s[next]-'0')
	}
	return n, next, next > start
}

// argumentIndex reads an index in brackets. One that is none is passed over up
// to its bracket; without a bracket only the opening one is.
func (r *verbReader) argumentIndex() bool {
	if r.i >= len(r.s) || r.s[r.i] != '[' {
		return false
	}
	length := strings.IndexByte(r.s[r.i:], ']')
	if length < 0 || len(r.s)-r.i < len("[n]") {
		r.i++
		r.v.bad = true
		return false
	}
	n, next, ok := digits(r.s, r.i+1, r.i+length)
	ok = ok && next == r.i+length
	if ok && n > 0 && n <= r.args {
		r.v.index, r.v.stars = n, 0
	} else {
		r.v.bad = true
	}
	r.i += length + 1
	return ok
}
