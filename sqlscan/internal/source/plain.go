package source

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

var (
	dumpHeader  = lazyregexp.New(`(?m)^-- PostgreSQL database (cluster )?dump`)
	queryHeader = lazyregexp.New(`(?m)^--\s*name:\s*\S+\s*(:\w+)?`)
	undoName    = lazyregexp.New(`(?i)^(.*?)[._-](down|undo|rollback|revert)\.sql$`)
)

// plain makes histories of files that no tool claims. Files with a number in
// front form one history in its order, files without one are ordered by what
// they need from each other. Scripts that define the same table are
// alternatives, such as a dump beside the script it was made from, and files
// that have nothing to do with each other stand alone.
func (f *finder) plain(d *folder) []draft {
	var out []draft
	files := withoutUndo(d.files)
	d.files = nil
	for _, x := range files {
		x.tool = nil
	}
	single := func(tool string, match func(*file) bool) {
		files = slices.DeleteFunc(slices.Clone(files), func(x *file) bool {
			ok := match(x)
			if ok {
				out = append(out, draft{dir: d.dir, tool: tool, files: []*file{x}})
			}
			return ok
		})
	}
	single("pg_dump", func(x *file) bool {
		return x.name == "structure.sql" || dumpHeader.Match(x.content[:min(len(x.content), 4096)])
	})
	single("sqlc", func(x *file) bool { return bytes.Contains(x.content, []byte("name:")) && queryHeader.Match(x.content) })
	if len(files) == 0 {
		return out
	}
	if d.given || allNumbered(files) {
		if !d.given {
			slices.SortStableFunc(files, func(a, b *file) int {
				return cmp.Or(compareNumbers(leadingNumber(a.name), leadingNumber(b.name)), cmp.Compare(a.name, b.name))
			})
		}
		return append(out, draft{dir: d.dir, tool: "plain", files: files})
	}
	for _, group := range related(files) {
		out = append(out, draft{dir: d.dir, tool: "plain", files: group})
	}
	return out
}

// withoutUndo drops the ways down that a name tells of, if the way up is there.
func withoutUndo(files []*file) []*file {
	names := make(map[string]bool)
	for _, x := range files {
		names[strings.ToLower(x.name)] = true
	}
	return slices.DeleteFunc(slices.Clone(files), func(x *file) bool {
		m := undoName.FindStringSubmatch(strings.ToLower(x.name))
		if m == nil {
			return false
		}
		return names[m[1]+".sql"] || names[m[1]+".up.sql"] || names[m[1]+"_up.sql"] || names[m[1]+"-up.sql"]
	})
}

func allNumbered(files []*file) bool {
	return !slices.ContainsFunc(files, func(x *file) bool { return leadingNumber(x.name) == "" })
}

// leadingNumber returns the number in front of a name, behind an optional V.
func leadingNumber(name string) string {
	name = strings.TrimLeft(name, "vV")
	n := 0
	for n < len(name) && name[n] >= '0' && name[n] <= '9' {
		n++
	}
	return name[:n]
}

// mentions is what a script creates and what it uses, by folded name without
// schema: scripts are careless with schemas, and a wrong tie only orders.
type mentions struct {
	creates map[string]bool
	uses    map[string]bool
}

// related groups files of a folder and orders each group so that a table is
// created before it is used. Among files that are free, names decide.
func related(files []*file) [][]*file {
	list := make([]mentions, len(files))
	creators := make(map[string][]int)
	for i, x := range files {
		list[i] = x.mentioned()
		for name := range list[i].creates {
			creators[name] = append(creators[name], i)
		}
	}
	// needs[i] are the files that i comes after; files that use what several
	// alternatives create belong to none of them.
	needs := make([][]int, len(files))
	set := newSets(len(files))
	for i := range files {
		for name := range list[i].uses {
			if c := creators[name]; len(c) == 1 && c[0] != i {
				needs[i] = append(needs[i], c[0])
				set.union(i, c[0])
			}
		}
	}
	return grouped(files, needs, set.root)
}

func grouped(files []*file, needs [][]int, root func(int) int) [][]*file {
	members := make([][]int, len(files))
	for i := range files {
		r := root(i)
		members[r] = append(members[r], i)
	}
	var out [][]*file
	for _, list := range members {
		var group []*file
		for _, i := range byNeed(list, needs) {
			group = append(group, files[i])
		}
		if len(group) > 0 {
			out = append(out, group)
		}
	}
	return out
}

// mentioned reads names behind the words that introduce tables. It works on
// tokens, so that scripts count that do not parse.
func (x *file) mentioned() mentions {
	if x.derived.mentions.creates != nil {
		return x.derived.mentions
	}
	m := mentions{creates: make(map[string]bool), uses: make(map[string]bool)}
	sql := x.sql
	if sql == nil {
		sql = bytes.Clone(x.content)
		mask := masker{sql: sql}
		mask.script()
	}
	// A window of tokens goes over the text: all tokens of a dump together take
	// several times its size.
	const before, ahead, size = 8, 32, 1 << 12
	var tokens []pgparse.Token
	for pos, at, more := 0, 0, true; more; {
		for more = false; len(tokens) < size; {
			t, ok := pgparse.NextToken(sql, pos)
			if !ok {
				break
			}
			if pos, more = t.End, true; !t.IsComment() {
				tokens = append(tokens, t)
			}
		}
		end := len(tokens)
		if more {
			end = max(end-ahead, at)
		}
		for ; at < end; at++ {
			m.note(sql, tokens, at)
		}
		if keep := max(at-before, 0); keep > 0 {
			tokens = append(tokens[:0], tokens[keep:]...)
			at -= keep
		}
	}
	delete(m.uses, "")
	delete(m.creates, "")
	for name := range m.creates {
		delete(m.uses, name)
	}
	x.derived.mentions = m
	return m
}

// note takes the name that the token at i introduces.
func (m *mentions) note(sql []byte, tokens []pgparse.Token, i int) {
	word := func(i int) string {
		if i < 0 || i >= len(tokens) {
			return ""
		}
		return strings.ToLower(string(sql[tokens[i].Start:tokens[i].End]))
	}
	if tokens[i].Kind != pgparse.IdentToken {
		return
	}
	switch word(i) {
	case "table", "view", "only":
		start := i + 1
		for slices.Contains([]string{"if", "not", "exists", "only"}, word(start)) {
			start++
		}
		name := tableName(word, start)
		if createsTable(word, i) {
			m.creates[name] = true
		} else {
			m.uses[name] = true
		}
	case "references", "into", "update", "copy", "on", "from", "join":
		m.uses[tableName(word, i+1)] = true
	}
}

// createsTable reports whether the TABLE at i belongs to a CREATE.
func createsTable(word func(int) string, i int) bool {
	for back := 1; back <= 4; back++ {
		switch word(i - back) {
		case "create":
			return true
		case ";", "":
			return false
		}
	}
	return false
}

// tableName returns the last part of the qualified name at i.
func tableName(word func(int) string, i int) string {
	for word(i+1) == "." {
		i += 2
	}
	name := strings.Trim(word(i), `"`)
	if name == "" || !isNameStart(name[0]) {
		return ""
	}
	return name
}
