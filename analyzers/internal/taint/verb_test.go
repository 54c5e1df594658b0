package taint

import (
	"fmt"
	"strings"
	"testing"
)

// FuzzVerb holds the reader of formats against fmt: what it takes for text
// stands in what fmt prints, in that order.
func FuzzVerb(f *testing.F) {
	for _, s := range []string{"a %s b", "%-10.3s|%[2]*[1]d", "%", "%[", "%[3]", "%[99999999999]d", "%%%v", "%+v %#v %q %x", "%é", "%*.*f", "% x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, format string) {
		printed := fmt.Sprintf(format, "a", "b", "c", "d")
		rest := format
		for {
			i := strings.IndexByte(rest, '%')
			if i < 0 || i == len(rest)-1 {
				return
			}
			if text := rest[:i]; !strings.Contains(printed, text) {
				t.Fatalf("format %q: text %q is not in %q", format, text, printed)
			}
			v := parseVerb(rest[i:])
			if v.len < 1 || v.len > len(rest)-i || v.index < 0 || v.stars < 0 {
				t.Fatalf("format %q: verb %+v at %d", format, v, len(format)-len(rest)+i)
			}
			rest = rest[i+v.len:]
		}
	})
}
