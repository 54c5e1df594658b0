package source

import (
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// join puts scripts that stand alone behind the history that creates what they
// use: policies kept beside the migrations, seeds, query files, a schema
// sorted into folders of tables, functions and grants. Without it, row security
// that such a script switches on would be missed.
//
// A table must be created in one place only; where a dump or another script
// creates it too, nothing tells which of them a database has seen. Two
// histories of migration tools are never joined, a script that creates tables
// of its own is only joined with scripts nearby, and one that tears down is
// joined with nothing.
func join(drafts []draft) []draft {
	if !slices.ContainsFunc(drafts, func(d draft) bool { return alone(d.tool) }) {
		return drafts
	}
	units := make([]mentions, len(drafts))
	creators := make(map[string][]int)
	for i, d := range drafts {
		units[i] = unit(d)
		for name := range units[i].creates {
			creators[name] = append(creators[name], i)
		}
	}
	set := newSets(len(drafts))
	for i, d := range drafts {
		if !alone(d.tool) {
			set.fixed[i] = true
		}
	}
	needs := make([][]int, len(drafts))
	for b := range drafts {
		if !alone(drafts[b].tool) || tearsDown(drafts[b]) {
			continue
		}
		var from []int
		for name := range units[b].uses {
			if c := creators[name]; len(c) == 1 && c[0] != b && joinable(drafts[c[0]], drafts[b], len(units[b].creates) > 0) {
				from = append(from, c[0])
			}
		}
		slices.Sort(from)
		for _, a := range slices.Compact(from) {
			if set.union(a, b) {
				needs[b] = append(needs[b], a)
			}
		}
	}
	return set.joined(drafts, needs)
}

// alone reports whether a history is a script, not a tool's sequence.
func alone(tool string) bool { return tool == "plain" || tool == "sqlc" }

// unit sums up what the files of a history create and use.
func unit(d draft) mentions {
	sum := mentions{creates: make(map[string]bool), uses: make(map[string]bool)}
	for _, x := range d.files {
		m := x.mentioned()
		for name := range m.creates {
			sum.creates[name] = true
		}
		if alone(d.tool) {
			for name := range m.uses {
				sum.uses[name] = true
			}
		}
	}
	for name := range sum.creates {
		delete(sum.uses, name)
	}
	return sum
}

var teardown = lazyregexp.New(`(?i)\bDROP\s+(TABLE|SCHEMA|DATABASE|ROLE|USER|OWNED)\b|\bDISABLE\s+ROW\s+LEVEL\b`)

func tearsDown(d draft) bool {
	return slices.ContainsFunc(d.files, func(x *file) bool { return teardown.Match(x.content) })
}

// joinable reports whether script b may follow a.
func joinable(a, b draft, creates bool) bool {
	if !alone(a.tool) {
		return !creates
	}
	p, q := path.Dir(a.dir), path.Dir(b.dir)
	return a.dir == b.dir || p == q || p == b.dir || q == a.dir
}

// sets is a union-find structure in which no set holds two fixed members.
type sets struct {
	parent []int
	fixed  []bool // by root
}

func newSets(n int) *sets {
	s := &sets{parent: make([]int, n), fixed: make([]bool, n)}
	for i := range s.parent {
		s.parent[i] = i
	}
	return s
}

func (s *sets) root(i int) int {
	for s.parent[i] != i {
		s.parent[i] = s.parent[s.parent[i]]
		i = s.parent[i]
	}
	return i
}

func (s *sets) union(a, b int) bool {
	a, b = s.root(a), s.root(b)
	if a == b {
		return true
	}
	if s.fixed[a] && s.fixed[b] {
		return false
	}
	a, b = min(a, b), max(a, b)
	s.parent[b] = a
	s.fixed[a] = s.fixed[a] || s.fixed[b]
	return true
}

// joined makes one history of each set. The tool's files come first, then each
// script behind those it needs, in the order of the drafts.
func (s *sets) joined(drafts []draft, needs [][]int) []draft {
	members := make([][]int, len(drafts))
	for i := range drafts {
		r := s.root(i)
		members[r] = append(members[r], i)
	}
	var out []draft
	for _, list := range members {
		if len(list) == 0 {
			continue
		}
		slices.SortStableFunc(list, func(a, b int) int { return compareBool(alone(drafts[a].tool), alone(drafts[b].tool)) })
		list = byNeed(list, needs)
		h := drafts[list[0]]
		h.files = slices.Clone(h.files)
		for _, i := range list[1:] {
			h.files = append(h.files, drafts[i].files...)
			if alone(h.tool) && strings.HasPrefix(h.dir, drafts[i].dir+"/") {
				h.dir = drafts[i].dir
			}
		}
		out = append(out, h)
	}
	return out
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// byNeed orders members so that each follows those it needs; a circle is
// broken at its first member.
func byNeed(list []int, needs [][]int) []int {
	var out []int
	done := make(map[int]bool)
	ready := func(i int) bool { return !slices.ContainsFunc(needs[i], func(n int) bool { return !done[n] }) }
	rest := slices.Clone(list)
	for len(rest) > 0 {
		k := max(slices.IndexFunc(rest, ready), 0)
		done[rest[k]] = true
		out = append(out, rest[k])
		rest = slices.Delete(rest, k, k+1)
	}
	return out
}
