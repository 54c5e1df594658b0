package lazyregexp_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/lazyregexp"
)

func TestSame(t *testing.T) {
	const text = `(?P<word>[a-z]+)(\d*)`
	const in = "- ab12 c3 d"
	lazy, eager := lazyregexp.New(text), regexp.MustCompile(text)
	tests := []struct {
		name      string
		got, want any
	}{
		{"Match", lazy.Match([]byte(in)), eager.Match([]byte(in))},
		{"MatchString", lazy.MatchString("12"), eager.MatchString("12")},
		{"FindIndex", lazy.FindIndex([]byte(in)), eager.FindIndex([]byte(in))},
		{"FindSubmatch", lazy.FindSubmatch([]byte(in)), eager.FindSubmatch([]byte(in))},
		{"FindStringSubmatch", lazy.FindStringSubmatch(in), eager.FindStringSubmatch(in)},
		{"FindAllString", lazy.FindAllString(in, 2), eager.FindAllString(in, 2)},
		{"FindAllStringIndex", lazy.FindAllStringIndex(in, -1), eager.FindAllStringIndex(in, -1)},
		{"FindAllStringSubmatch", lazy.FindAllStringSubmatch(in, -1), eager.FindAllStringSubmatch(in, -1)},
		{"FindAllSubmatch", lazy.FindAllSubmatch([]byte(in), -1), eager.FindAllSubmatch([]byte(in), -1)},
		{"ReplaceAllString", lazy.ReplaceAllString(in, "$1"), eager.ReplaceAllString(in, "$1")},
		{"ReplaceAllLiteralString", lazy.ReplaceAllLiteralString(in, "$1"), eager.ReplaceAllLiteralString(in, "$1")},
		{"ReplaceAllStringFunc", lazy.ReplaceAllStringFunc(in, regexp.QuoteMeta), eager.ReplaceAllStringFunc(in, regexp.QuoteMeta)},
		{"SubexpIndex", lazy.SubexpIndex("word"), eager.SubexpIndex("word")},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestWrong asserts that tests find a wrong expression that nothing uses.
func TestWrong(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a wrong expression is taken")
		}
	}()
	lazyregexp.New(`(`)
}
