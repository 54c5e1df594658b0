package source

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// tool is a migration tool whose history is one folder of SQL files. Tools
// that spread over several folders or keep a list of their own are recognised
// in layouts.go.
type tool struct {
	name string
	// file matches the names the tool takes. Its groups, where they exist,
	// are named version and down (the file is a way down).
	file *lazyregexp.Regexp
	// marker matches a line that only files of this tool have, and word is a
	// part of it that is cheap to look for. A folder is the tool's if one of
	// its files has it; a tool without a marker is recognised by its file
	// names alone.
	marker *lazyregexp.Regexp
	word   string
	// cut blanks the way down inside a file.
	cut func(sql []byte)
	// textual orders versions as text and not as numbers.
	textual bool
}

func rx(s string) *lazyregexp.Regexp { return lazyregexp.New(s) }

// sqlName matches any file name; the version is the number it starts with.
var sqlName = rx(`(?i)^(?P<version>\d*).*\.sql$`)

// tools is the table of migration tools, the most telling marks first.
var tools = []*tool{
	{name: "goose", word: "+goose", file: rx(`(?i)^(?P<version>\d+)_.*\.sql$`), marker: rx(`(?im)^--[ \t]*\+goose[ \t]+(up|down|no transaction|statementbegin)`),
		cut: sections(`(?i)^--[ \t]*\+goose[ \t]+down`, `(?i)^--[ \t]*\+goose[ \t]+up`)},
	{name: "sql-migrate", word: "+migrate", file: sqlName, marker: rx(`(?m)^--[ \t]*\+migrate[ \t]+(Up|Down)`),
		cut: sections(`^--[ \t]*\+migrate[ \t]+Down`, `^--[ \t]*\+migrate[ \t]+Up`)},
	{name: "dbmate", word: "migrate:", file: rx(`^(?P<version>\d+).*\.sql$`), marker: rx(`(?m)^--\s*migrate:(up|down)`), textual: true,
		cut: sections(`^--\s*migrate:down`, `^--\s*migrate:up`)},
	{name: "tern", word: "create above", file: rx(`^(?P<version>\d+)_.+\.sql$`), marker: rx(`(?m)^----[ \t]*create above / drop below[ \t]*----`),
		cut: sections(`^----[ \t]*create above / drop below[ \t]*----`, "")},
	{name: "node-pg-migrate", word: "igration", file: sqlName, marker: rx(`(?im)^\s*--[\s-]*(up|down)\s+migration`),
		cut: sections(`(?i)^\s*--[\s-]*down\s+migration`, `(?i)^\s*--[\s-]*up\s+migration`)},
	{name: "mybatis", word: "@UNDO", file: sqlName, marker: rx(`(?m)^--\s*//\s*@UNDO`), cut: sections(`^--\s*//\s*@UNDO`, "")},
	{name: "rambler", word: "rambler", file: sqlName, marker: rx(`(?m)^--\s*rambler\s+(up|down)`), textual: true,
		cut: sections(`^--\s*rambler\s+down`, `^--\s*rambler\s+up`)},
	{name: "liquibase", word: "liquibase", file: sqlName, marker: rx(`(?im)^\s*--\s*liquibase\s+formatted\s+sql`), cut: otherDatabases},
	{name: "flyway", file: rx(`^([VB](?P<version>\d+([._]\d+)*)__.*|R__.*|U(?P<down>\d)[\d._]*__.*|(before|after)[A-Z]\w*)\.sql$`)},
	{name: "golang-migrate", file: rx(`(?i)^(?P<version>\d+)_.*\.(up|(?P<down>down))\.sql$`)},
	{name: "pop", file: rx(`(?i)^(?P<version>\d+)_.*\.(up|(?P<down>down))(\.(postgres|postgresql|cockroach))?\.sql$`)},
	{name: "db-migrate", file: rx(`(?i)^(?P<version>\d+)-.*-(up|(?P<down>down))\.sql$`)},
	{name: "atlas", file: sqlName, textual: true, cut: atlasArchive},
	{name: "supabase", file: rx(`^(?P<version>\d+)_.*\.sql$`), textual: true},
	{name: "prisma", file: sqlName},
	{name: "drizzle", file: sqlName},
	{name: "diesel", file: sqlName},
	{name: "sqitch", file: sqlName},
	{name: "plain", file: sqlName},
}

// Tools returns the names of the migration tools that are known.
func Tools() []string {
	var out []string
	for _, t := range tools {
		out = append(out, t.name)
	}
	return out
}

func toolNamed(name string) *tool {
	for _, t := range tools {
		if t.name == name {
			return t
		}
	}
	return nil
}

// group returns what a named group of the tool's pattern matched in name.
func (t *tool) group(name, group string) string {
	m := t.file.FindStringSubmatch(name)
	if i := t.file.SubexpIndex(group); m != nil && i >= 0 {
		return m[i]
	}
	return ""
}

// marks reports whether a file has the tool's marker. Markers are comments, so
// no other line is given to the expression.
func (t *tool) marks(content []byte) bool {
	if !bytes.Contains(content, []byte(t.word)) {
		return false
	}
	found := false
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	eachLine(content, func(start, end int) {
		line := content[start:end]
		found = found || isComment(line) && t.marker.Match(line)
	})
	return found
}

func isComment(line []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte("--")) }

// recogniseFolder returns the tool of a folder, or nil. What a file says
// outranks how it is called.
func recogniseFolder(d *folder) *tool {
	if strings.HasSuffix(d.dir, "supabase/migrations") || d.dir == "supabase/migrations" {
		return toolNamed("supabase")
	}
	for _, t := range tools {
		if t.marker != nil && slices.ContainsFunc(d.files, func(x *file) bool { return t.marks(x.content) }) {
			return t
		}
	}
	if _, ok := d.others["tern.conf"]; ok {
		return toolNamed("tern")
	}
	for ext := range d.others {
		if path.Ext(ext) == ".fizz" {
			return toolNamed("pop")
		}
	}
	for _, name := range []string{"flyway", "golang-migrate", "pop", "db-migrate"} {
		t := toolNamed(name)
		if slices.ContainsFunc(d.files, func(x *file) bool { return telltale(t, x.name) }) {
			return t
		}
	}
	if _, ok := d.others["atlas.sum"]; ok {
		return toolNamed("atlas")
	}
	return nil
}

// telltale reports whether a name alone shows the tool. Flyway's callbacks and
// undo scripts have names that others use too.
func telltale(t *tool, name string) bool {
	if !t.file.MatchString(name) {
		return false
	}
	return t.name != "flyway" || strings.HasPrefix(name, "V") || strings.HasPrefix(name, "B") || strings.HasPrefix(name, "R__")
}

// order splits the files of a folder into the tool's own, in its order and
// without ways down, and the rest.
func (t *tool) order(files []*file) (own, rest []*file) {
	for _, x := range files {
		switch {
		case !t.file.MatchString(x.name):
			rest = append(rest, x)
		case t.group(x.name, "down") == "":
			x.tool = t
			own = append(own, x)
		}
	}
	switch {
	case t.name == "flyway":
		return flywayOrder(own), rest
	case t.name == "atlas":
		return fromCheckpoint(own), rest
	case t.textual:
		slices.SortStableFunc(own, func(a, b *file) int { return cmp.Compare(a.name, b.name) })
	default:
		slices.SortStableFunc(own, func(a, b *file) int {
			return cmp.Or(compareNumbers(t.group(a.name, "version"), t.group(b.name, "version")), cmp.Compare(a.name, b.name))
		})
	}
	return own, rest
}

// compareNumbers compares digit strings of any length by value. A file
// without a number comes last.
func compareNumbers(a, b string) int {
	if a == "" || b == "" {
		return cmp.Compare(len(b), len(a))
	}
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// flywayOrder puts versioned files by version, repeatable ones behind them by
// description, and callbacks around all of them. The newest baseline replaces
// every version up to its own.
func flywayOrder(files []*file) []*file {
	t := toolNamed("flyway")
	version := func(x *file) []string {
		return strings.FieldsFunc(t.group(x.name, "version"), func(r rune) bool { return r == '.' || r == '_' })
	}
	baseline := -1
	for i, x := range files {
		if x.name[0] == 'B' && (baseline < 0 || compareVersions(version(x), version(files[baseline])) > 0) {
			baseline = i
		}
	}
	if baseline >= 0 {
		base := files[baseline]
		files = slices.DeleteFunc(slices.Clone(files), func(x *file) bool {
			return x != base && (x.name[0] == 'B' || x.name[0] == 'V') && compareVersions(version(x), version(base)) <= 0
		})
	}
	rank := func(x *file) int {
		switch {
		case strings.HasPrefix(x.name, "before"):
			return 0
		case x.name[0] == 'B', x.name[0] == 'V':
			return 1
		case x.name[0] == 'R':
			return 2
		}
		return 3
	}
	slices.SortStableFunc(files, func(a, b *file) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), compareVersions(version(a), version(b)), cmp.Compare(a.name, b.name))
	})
	return files
}

func compareVersions(a, b []string) int {
	for i := range max(len(a), len(b)) {
		x, y := "0", "0"
		if i < len(a) {
			x = a[i]
		}
		if i < len(b) {
			y = b[i]
		}
		if c := compareNumbers(x, y); c != 0 {
			return c
		}
	}
	return 0
}
