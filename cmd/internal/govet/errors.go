package govet

import (
	"bytes"
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// buildFailures reads the errors of the compiler and the type checker off go
// vet's standard error: below a line "# package", lines "file:line:col: text".
// The first error of each package stands for it.
func buildFailures(stderr []byte, dir string) []Failure {
	var out []Failure
	pkg := ""
	seen := map[string]bool{}
	for _, line := range strings.Split(string(stderr), "\n") {
		if rest, ok := strings.CutPrefix(line, "# "); ok {
			pkg = strings.Trim(packageOf(rest), "[]")
			continue
		}
		m := errorLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		key := cmp.Or(pkg, filepath.Dir(m[1]))
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, Failure{Package: key, Pos: parsePos(m[1], dir), Message: errorKind(m[2])})
	}
	slices.SortStableFunc(out, func(a, b Failure) int { return cmp.Compare(a.Package, b.Package) })
	return out
}

var errorLine = regexp.MustCompile(`^(?:vet: )?(\S[^:]*\.go:\d+(?::\d+)?): (.+)$`)

// errorKinds maps what a compiler or loader message contains to a text of our
// own. The message itself is not passed on: it can quote literals of the source.
var errorKinds = []struct{ contains, say string }{
	{"undefined", "undefined name"},
	{"declared and not used", "variable declared and not used"},
	{"imported and not used", "import not used"},
	{"no required module provides", "import that no required module provides"},
	{"cannot find module providing", "import that no required module provides"},
	{"cannot find package", "import that cannot be found"},
	{"is not in std", "import that cannot be found"},
	{"missing go.sum entry", "missing go.sum entry"},
	{"import cycle", "import cycle"},
	{"requires go >=", "needs a newer Go than phivet's"},
	{"newer Go version", "needs a newer Go than phivet's"},
	{"expected", "syntax error"},
	{"syntax error", "syntax error"},
	{"cannot use", "type mismatch"},
	{"mismatched types", "type mismatch"},
	{"missing return", "missing return"},
	{"redeclared", "name declared twice"},
	{"found packages", "files of several packages in one directory"},
}

func errorKind(message string) string {
	for _, k := range errorKinds {
		if strings.Contains(message, k.contains) {
			return k.say
		}
	}
	return "type error"
}

func absolute(name, dir string) string {
	if name == "" || dir == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// firstLine returns the first line that says something, for an error message.
func firstLine(text []byte) string {
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) > 0 && !bytes.HasPrefix(line, []byte("# ")) {
			return string(line)
		}
	}
	return "no message"
}
