package taint

import (
	"fmt"
	"strings"
	"testing"
)

// A marked argument prints which one it is.
type marked struct{ at int }

func (m marked) Format(s fmt.State, verb rune) { fmt.Fprint(s, m.mark(verb)) }

func (m marked) mark(verb rune) string { return fmt.Sprintf("<%d of %U>", m.at, verb) }

// FuzzVerb holds the reader of formats against fmt: what it takes for text and
// for an argument stands in what fmt prints, in that order.
func FuzzVerb(f *testing.F) {
	for _, s := range []string{
		"a %s b", "%-10.3s|%[2]*[1]d", "%", "%[", "%[]a", "%[3]", "%[99999999999]d", "%%%v", "%+v %#v %q %x", "%é", "%*.*f", "% x",
		"%20000000A0%0", "%[2]3d %s", "%[1].2d", "%.[2]*d|%d", "%[3]*.[2]*[1]f", "%.", "%.2", "%2.%", "%[0]d", "%[x]d %d", "%[1", "%1#d", "%w",
	} {
		f.Add(s)
	}
	args := []any{marked{0}, marked{1}, marked{2}, marked{3}}
	f.Fuzz(func(t *testing.T, format string) {
		printed, rest := fmt.Sprintf(format, args...), format
		expect := func(part string) {
			_, after, ok := strings.Cut(printed, part)
			if !ok {
				t.Fatalf("format %q: %q is not in %q", format, part, printed)
			}
			printed = after
		}
		for at := 0; ; {
			before, v, after, found := cutVerb(rest, len(args))
			expect(before)
			if !found {
				return
			}
			if before+v.text+after != rest || len(v.text) < 2 {
				t.Fatalf("format %q: %q, %+v and %q from %q", format, before, v, after, rest)
			}
			rest, at = after, v.argument(at)
			switch {
			case v.verb == '%':
				expect("%")
			case v.bad || at >= len(args):
				expect("%!")
			case strings.ContainsRune("Tpw", v.verb): // these ask no formatter
				at++
			default:
				expect(args[at].(marked).mark(v.verb))
				at++
			}
		}
	})
}
