package run

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules/finding"
)

// changes are the lines that differ from a revision: file from the root, then
// ranges of lines. A file that git does not track counts as a whole.
type changes map[string][]lineRange

type lineRange struct{ from, to int }

// hunk is the place of a hunk in the new file, in a diff without context.
var hunk = regexp.MustCompile(`^@@ -\S+ \+(\d+)(?:,(\d+))? @@`)

// changedSince asks git for the lines that were changed after the working tree
// left rev, uncommitted changes included.
func changedSince(ctx context.Context, root, rev string) (changes, error) {
	if strings.HasPrefix(rev, "-") {
		return nil, fmt.Errorf("%q is no revision", rev)
	}
	base, err := git(ctx, root, "merge-base", rev, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("git does not know the revision %q here", rev)
	}
	diff, err := git(ctx, root, "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames",
		"--relative", "--src-prefix=a/", "--dst-prefix=b/", strings.TrimSpace(string(base)), "--", ".")
	if err != nil {
		return nil, fmt.Errorf("git diff: %w", err)
	}
	out := parseDiff(diff)
	untracked, err := git(ctx, root, "ls-files", "--others", "--exclude-standard", "-z", "--", ".")
	if err != nil {
		return nil, fmt.Errorf("git ls-files: %w", err)
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if name != "" {
			out[name] = []lineRange{{1, 1 << 30}}
		}
	}
	return out, nil
}

func parseDiff(diff []byte) changes {
	out := changes{}
	file := ""
	scanner := bufio.NewReader(bytes.NewReader(diff))
	for {
		line, err := scanner.ReadString('\n')
		if name, ok := strings.CutPrefix(line, "+++ "); ok {
			file = diffName(strings.TrimRight(name, "\r\n"))
		} else if m := hunk.FindStringSubmatch(line); m != nil && file != "" {
			from, _ := strconv.Atoi(m[1])
			n := 1
			if m[2] != "" {
				n, _ = strconv.Atoi(m[2])
			}
			if n > 0 { // 0: lines were only removed
				out[file] = append(out[file], lineRange{from, from + n - 1})
			}
		}
		if err != nil {
			return out
		}
	}
}

// diffName reads the name behind "+++ "; git quotes unusual ones as C does.
func diffName(name string) string {
	name, _, _ = strings.Cut(name, "\t")
	if strings.HasPrefix(name, `"`) {
		if plain, err := strconv.Unquote(name); err == nil {
			name = plain
		}
	}
	rest, ok := strings.CutPrefix(name, "b/")
	if !ok {
		return ""
	}
	return filepath.ToSlash(rest)
}

// touches reports whether a finding stands on a changed line, with its own
// place, a step of its flow or a related place.
func (c changes) touches(f *finding.Finding) bool {
	if c.span(f.Span) {
		return true
	}
	for _, s := range f.Flow {
		if c.span(s.Span) {
			return true
		}
	}
	for _, s := range f.Related {
		if c.span(s.Span) {
			return true
		}
	}
	return false
}

func (c changes) span(s finding.Span) bool {
	for _, r := range c[s.File] {
		if s.Start.Line <= r.to && max(s.End.Line, s.Start.Line) >= r.from {
			return true
		}
	}
	return false
}

func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = dir
	return cmd.Output()
}

// since drops findings that no changed line has to do with.
func (s *state) since(fs []finding.Finding, c changes) []finding.Finding {
	if c == nil {
		return fs
	}
	var out []finding.Finding
	for i := range fs {
		if c.touches(&fs[i]) {
			out = append(out, fs[i])
		}
	}
	return out
}
