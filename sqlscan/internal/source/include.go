package source

import (
	"bytes"
	"path"
	"slices"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// includeLine matches psql's \i and \ir with a plain file name.
var includeLine = lazyregexp.New(`^\s*\\(i|ir|include|include_relative)\s+'?([^'\s:]+)'?\s*;?\s*$`)

// includes puts the files that a psql script includes in front of it, in the
// order of their lines, and takes them out of where they were. What the script
// itself says between two includes comes after both.
func (f *finder) includes(drafts []draft) []draft {
	files := make(map[string]*file)
	for _, d := range drafts {
		if !alone(d.tool) {
			continue
		}
		for _, x := range d.files {
			files[x.path] = x
		}
	}
	included := make(map[*file]bool)
	order := make(map[*file][]*file)
	for _, d := range drafts {
		for _, x := range d.files {
			if alone(d.tool) {
				order[x] = f.includedBy(x, files, included)
			}
		}
	}
	if len(included) == 0 {
		return drafts
	}
	placed := make(map[*file]bool)
	for i, d := range drafts {
		var list []*file
		for _, x := range d.files {
			if !included[x] {
				list = append(list, expand(x, order, placed)...)
			}
		}
		drafts[i].files = list
	}
	// Scripts that include each other have no first one; they stay together.
	for i, d := range drafts {
		for _, x := range sortedFiles(order) {
			if path.Dir(x.path) == d.dir && included[x] && !placed[x] && alone(d.tool) {
				drafts[i].files = append(drafts[i].files, expand(x, order, placed)...)
			}
		}
	}
	return drafts
}

func sortedFiles(order map[*file][]*file) []*file {
	var out []*file
	for x := range order {
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b *file) int { return bytes.Compare([]byte(a.path), []byte(b.path)) })
	return out
}

// includedBy returns the known files that x includes.
func (f *finder) includedBy(x *file, files map[string]*file, included map[*file]bool) []*file {
	if !bytes.Contains(x.content, []byte(`\i`)) {
		return nil
	}
	var out []*file
	dir := path.Dir(x.path)
	eachLine(x.content, func(start, end int) {
		m := includeLine.FindSubmatch(x.content[start:end])
		if m == nil {
			return
		}
		name := string(m[2])
		// \i is relative to where psql was started, which is the root of
		// the project more often than not.
		for _, p := range []string{path.Join(dir, name), path.Clean(name), path.Join(path.Dir(dir), name)} {
			if y := files[p]; y != nil && y != x {
				out = append(out, y)
				included[y] = true
				return
			}
		}
		f.notice(x.path, "includes a file that is not there: %s", name)
	})
	return out
}

// expand returns x behind all that it includes, each file once.
func expand(x *file, order map[*file][]*file, placed map[*file]bool) []*file {
	if placed[x] {
		return nil
	}
	placed[x] = true
	var out []*file
	for _, y := range order[x] {
		out = append(out, expand(y, order, placed)...)
	}
	return append(out, x)
}
