package config

import (
	"fmt"
	"regexp"
	"strings"
)

// A matcher reports whether a slash-separated path matches a glob.
type matcher func(path string) bool

// compile translates a glob as .gitignore reads it: "*" and "?" stay within
// one element, "**" crosses them, a pattern without an inner slash matches at
// any depth, and a matched directory covers everything below it.
func compile(pattern string) (matcher, error) {
	p := strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	if p == "" || strings.Contains(p, "//") {
		return nil, fmt.Errorf("pattern %q matches nothing", pattern)
	}
	var re strings.Builder
	re.WriteString(`^`)
	anchored := strings.Contains(p, "/")
	p = strings.TrimPrefix(p, "/")
	if !anchored {
		re.WriteString(`(?:.*/)?`)
	}
	for i := 0; i < len(p); {
		switch {
		case strings.HasPrefix(p[i:], "**/"):
			re.WriteString(`(?:.*/)?`)
			i += 3
		case strings.HasPrefix(p[i:], "**"):
			re.WriteString(`.*`)
			i += 2
		case p[i] == '*':
			re.WriteString(`[^/]*`)
			i++
		case p[i] == '?':
			re.WriteString(`[^/]`)
			i++
		default:
			re.WriteString(regexp.QuoteMeta(p[i : i+1]))
			i++
		}
	}
	re.WriteString(`(?:/.*)?$`)
	r, err := regexp.Compile(re.String())
	if err != nil {
		return nil, fmt.Errorf("pattern %q: %w", pattern, err)
	}
	return r.MatchString, nil
}
