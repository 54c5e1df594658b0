package source

import (
	"cmp"
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// recognise turns folders into histories. Layouts that span several folders
// take their files first; what is left is judged folder by folder.
func (f *finder) recognise() []draft {
	if f.o.Tool != "" && !slices.Contains([]string{"sqitch", "prisma", "diesel", "drizzle"}, f.o.Tool) {
		return f.forced()
	}
	f.sayUnread()
	var out []draft
	for _, layout := range []func() []draft{f.sqitch, f.prisma, f.diesel, f.drizzle} {
		out = append(out, layout()...)
	}
	var flyway []draft
	for _, d := range f.folders {
		if len(d.files) == 0 {
			continue
		}
		t := recogniseFolder(d)
		if t == nil || d.given && !allMatch(t, d.files) {
			out = append(out, f.plain(d)...)
			continue
		}
		own, rest := t.order(d.files)
		f.sayOrder(d, t, own)
		h := draft{dir: d.dir, tool: t.name, files: own}
		d.files = rest
		switch {
		case t.name == "flyway":
			flyway = append(flyway, h)
		default:
			out = append(out, h)
		}
		out = append(out, f.plain(d)...)
	}
	out = append(out, mergeFlyway(flyway)...)
	return f.supabaseSeed(f.changelogs(out))
}

// forced reads every folder as the tool that the user named.
func (f *finder) forced() []draft {
	var out []draft
	t := toolNamed(f.o.Tool)
	for _, d := range f.folders {
		own, rest := t.order(d.files)
		f.sayOrder(d, t, own)
		out = append(out, draft{dir: d.dir, tool: t.name, files: own})
		for _, x := range rest {
			f.notice(x.path, "has a name that %s does not take, and is not read", t.name)
		}
	}
	return out
}

func allMatch(t *tool, files []*file) bool {
	return !slices.ContainsFunc(files, func(x *file) bool { return !t.file.MatchString(x.name) })
}

// sayOrder tells of what makes the order of a folder doubtful.
func (f *finder) sayOrder(d *folder, t *tool, own []*file) {
	fizz := 0
	for name := range d.others {
		if path.Ext(name) == ".fizz" {
			fizz++
		}
	}
	if fizz > 0 {
		f.notice(d.dir, "%s not read", count(fizz, ".fizz migration"))
	}
	if t.name == "dbmate" || t.name == "atlas" || t.name == "sql-migrate" || t.name == "flyway" {
		return
	}
	same, first := 0, ""
	for i := 1; i < len(own); i++ {
		v := t.group(own[i].name, "version")
		if v != "" && compareNumbers(v, t.group(own[i-1].name, "version")) == 0 {
			same++
			first = cmp.Or(first, own[i].name)
		}
	}
	if same > 0 {
		f.notice(d.dir, "%s with the version number of another, the first is %s; their order is not certain", count(same, "file"), first)
	}
}

// take removes files from a folder and returns those that match, by name.
func (d *folder) take(match func(name string) bool) []*file {
	var out []*file
	d.files = slices.DeleteFunc(d.files, func(x *file) bool {
		ok := match(x.name)
		if ok {
			out = append(out, x)
		}
		return ok
	})
	return out
}

func (f *finder) folderAt(dir string) *folder {
	i, ok := slices.BinarySearchFunc(f.folders, dir, func(d *folder, dir string) int { return cmp.Compare(d.dir, dir) })
	if !ok {
		return nil
	}
	return f.folders[i]
}

// sqitch reads the plan: one change a line, its script in deploy/. A change
// that is reworked leaves its former script in deploy/change@tag.sql.
func (f *finder) sqitch() []draft {
	var out []draft
	for _, d := range f.folders {
		plan, err := f.o.Files.Read(d.others["sqitch.plan"])
		if d.others["sqitch.plan"] == "" || err != nil {
			continue
		}
		h := draft{dir: d.dir, tool: "sqitch"}
		for _, script := range sqitchScripts(string(plan)) {
			name := path.Join(d.dir, "deploy", script)
			from := f.folderAt(path.Dir(name))
			var found []*file
			if from != nil {
				found = from.take(func(n string) bool { return n == path.Base(name) })
			}
			if len(found) == 0 {
				f.notice(path.Join(d.dir, "sqitch.plan"), "names a change without a script: deploy/%s", script)
			}
			h.files = append(h.files, found...)
		}
		out = append(out, h)
		for _, sub := range []string{"deploy", "revert", "verify"} {
			f.dropBelow(path.Join(d.dir, sub), sub == "deploy")
		}
	}
	return out
}

// dropBelow empties the folders at and below dir.
func (f *finder) dropBelow(dir string, say bool) {
	for _, d := range f.folders {
		if d.dir != dir && !strings.HasPrefix(d.dir, dir+"/") {
			continue
		}
		if say {
			for _, x := range d.files {
				f.notice(x.path, "is not in the plan and not read")
			}
		}
		d.files = nil
	}
}

// sqitchScripts returns the scripts of a plan in order, relative to deploy/.
func sqitchScripts(plan string) []string {
	type change struct{ name, tag string }
	var changes []change
	pending := 0 // changes since the last tag
	for line := range strings.Lines(plan) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '%' || line[0] == '#' {
			continue
		}
		if line[0] == '@' {
			tag, _, _ := strings.Cut(line, " ")
			for i := pending; i < len(changes); i++ {
				changes[i].tag = tag
			}
			pending = len(changes)
			continue
		}
		name, _, _ := strings.Cut(strings.TrimLeft(line, "+ "), " ")
		if strings.HasPrefix(line, "-") {
			continue // a change that is reverted on the way
		}
		changes = append(changes, change{name: name})
	}
	last := make(map[string]int)
	for i, c := range changes {
		last[c.name] = i
	}
	var out []string
	for i, c := range changes {
		if last[c.name] != i {
			out = append(out, c.name+c.tag+".sql")
		} else {
			out = append(out, c.name+".sql")
		}
	}
	return out
}

// children groups folders that hold one migration each by their parent.
func (f *finder) children(match func(*folder) bool) (parents []string, byParent map[string][]*folder) {
	byParent = make(map[string][]*folder)
	for _, d := range f.folders {
		if match(d) {
			p := path.Dir(d.dir)
			if byParent[p] == nil {
				parents = append(parents, p)
			}
			byParent[p] = append(byParent[p], d)
		}
	}
	return parents, byParent
}

func (d *folder) has(name string) bool {
	return slices.ContainsFunc(d.files, func(x *file) bool { return x.name == name })
}

// prisma keeps each migration in a folder of its own, as migration.sql.
func (f *finder) prisma() []draft {
	parents, byParent := f.children(func(d *folder) bool { return d.has("migration.sql") && d.dir != "." })
	var out []draft
	for _, p := range parents {
		if lock := f.folderAt(p); lock != nil && lock.others["migration_lock.toml"] != "" {
			text, _ := f.o.Files.Read(lock.others["migration_lock.toml"])
			if m := prismaProvider.FindSubmatch(text); m != nil && !strings.HasPrefix(string(m[1]), "postgres") && string(m[1]) != "cockroachdb" {
				f.notice(p, "%s for %s not read", count(len(byParent[p]), "migration"), m[1])
				for _, d := range byParent[p] {
					d.files = nil
				}
				continue
			}
		}
		h := draft{dir: p, tool: "prisma"}
		for _, d := range byParent[p] {
			h.files = append(h.files, d.take(func(n string) bool { return n == "migration.sql" })...)
			d.take(func(n string) bool { return n == "down.sql" })
		}
		out = append(out, h)
	}
	return out
}

var prismaProvider = lazyregexp.New(`(?m)^\s*provider\s*=\s*"(\w+)"`)

// diesel, and Hasura, keep each migration in a folder with up.sql and down.sql.
func (f *finder) diesel() []draft {
	parents, byParent := f.children(func(d *folder) bool { return d.has("up.sql") && d.dir != "." })
	var out []draft
	for _, p := range parents {
		h := draft{dir: p, tool: "diesel"}
		list := byParent[p]
		slices.SortStableFunc(list, func(a, b *folder) int {
			return cmp.Or(compareNumbers(leadingDigits(path.Base(a.dir)), leadingDigits(path.Base(b.dir))), cmp.Compare(a.dir, b.dir))
		})
		for _, d := range list {
			h.files = append(h.files, d.take(func(n string) bool { return n == "up.sql" })...)
			d.take(func(n string) bool { return n == "down.sql" })
		}
		out = append(out, h)
	}
	return out
}

// leadingDigits returns the number a name starts with, dashes of a date left
// out: diesel writes 2020-01-02-030405_name.
func leadingDigits(name string) string {
	n := 0
	for n < len(name) && (name[n] >= '0' && name[n] <= '9' || name[n] == '-') {
		n++
	}
	return strings.ReplaceAll(name[:n], "-", "")
}

// drizzle keeps a journal in meta/.
func (f *finder) drizzle() []draft {
	var out []draft
	for _, meta := range f.folders {
		p := meta.others["_journal.json"]
		d := f.folderAt(path.Dir(meta.dir))
		if p == "" || path.Base(meta.dir) != "meta" || d == nil {
			continue
		}
		var journal struct {
			Dialect string `json:"dialect"`
			Entries []struct {
				Idx int    `json:"idx"`
				Tag string `json:"tag"`
			} `json:"entries"`
		}
		text, err := f.o.Files.Read(p)
		if err == nil {
			err = json.Unmarshal(text, &journal)
		}
		if err != nil {
			f.notice(path.Join(meta.dir, "_journal.json"), "cannot be read; the folder is ordered by name")
			continue
		}
		if journal.Dialect != "" && journal.Dialect != "postgresql" && journal.Dialect != "pg" {
			f.notice(d.dir, "%s for %s not read", count(len(d.files), "migration"), journal.Dialect)
			d.files = nil
			continue
		}
		h := draft{dir: d.dir, tool: "drizzle"}
		slices.SortStableFunc(journal.Entries, func(a, b struct {
			Idx int    `json:"idx"`
			Tag string `json:"tag"`
		}) int {
			return cmp.Compare(a.Idx, b.Idx)
		})
		for _, e := range journal.Entries {
			h.files = append(h.files, d.take(func(n string) bool { return n == e.Tag+".sql" })...)
		}
		for _, x := range d.take(func(n string) bool { return leadingDigits(n) != "" }) {
			f.notice(x.path, "is not in the journal and not read")
		}
		out = append(out, h)
	}
	return out
}

// mergeFlyway joins the folders below one location: Flyway looks into
// subfolders. Folders whose versions collide are locations of their own.
func mergeFlyway(list []draft) []draft {
	var out []draft
next:
	for _, h := range list {
		for i := range out {
			if (strings.HasPrefix(h.dir, out[i].dir+"/") || path.Dir(h.dir) == path.Dir(out[i].dir) && versioned(h.dir)) && !collide(out[i].files, h.files) {
				out[i].files = flywayOrder(append(slices.Clone(out[i].files), h.files...))
				if path.Dir(h.dir) == path.Dir(out[i].dir) {
					out[i].dir = path.Dir(h.dir)
				}
				continue next
			}
		}
		out = append(out, h)
	}
	return out
}

var versionFolder = lazyregexp.New(`(?i)^(v|r|release|version)?[-_]?\d`)

// versioned reports whether a folder is named like a release, as folders are
// into which one history is sorted.
func versioned(dir string) bool { return versionFolder.MatchString(path.Base(dir)) }

func collide(a, b []*file) bool {
	t := toolNamed("flyway")
	seen := make(map[string]bool)
	for _, x := range a {
		seen[t.group(x.name, "version")] = true
	}
	return slices.ContainsFunc(b, func(x *file) bool { v := t.group(x.name, "version"); return v != "" && seen[v] })
}

// includedFile finds the files a Liquibase changelog in XML or YAML includes.
var includedFile = lazyregexp.New(`(?:\bfile|\bpath|relativePath)\s*[=:]\s*["']?([^"'\s>]+\.sql)\b`)

// otherChanges finds changes in the words of XML or YAML, or other changelogs
// that hold them.
var otherChanges = lazyregexp.New(`(?i)<createTable|<addColumn|\bcreateTable:|\baddColumn:|(?:\bfile|\bpath|relativePath)\s*[=:]\s*["']?[^"'\s>]+\.(?:ya?ml|xml|json)\b`)

// changelogs puts the files of a Liquibase folder into the order of a
// changelog that names them.
func (f *finder) changelogs(drafts []draft) []draft {
	for _, d := range f.folders {
		other := 0
		for _, name := range slices.Sorted(maps.Keys(d.others)) {
			if !strings.Contains(strings.ToLower(name), "changelog") {
				continue
			}
			text, err := f.o.Files.Read(d.others[name])
			if err != nil {
				continue
			}
			if otherChanges.Match(text) {
				other++
			}
			rank := make(map[string]int)
			for i, m := range includedFile.FindAllSubmatch(text, -1) {
				rank[path.Base(string(m[1]))] = i + 1
			}
			orderByRank(drafts, d.dir, rank)
		}
		if other > 0 {
			f.notice(d.dir, "%s of Liquibase with changes that are not SQL, which are not read", count(other, "changelog"))
		}
	}
	return drafts
}

func orderByRank(drafts []draft, dir string, rank map[string]int) {
	for _, h := range drafts {
		inside := h.dir == dir || dir == "." || strings.HasPrefix(h.dir, dir+"/")
		if !inside || h.tool != "liquibase" && h.tool != "plain" {
			continue
		}
		slices.SortStableFunc(h.files, func(a, b *file) int {
			x, y := rank[a.name], rank[b.name]
			if x == 0 || y == 0 {
				return cmp.Compare(y, x) // what is not named comes last
			}
			return cmp.Compare(x, y)
		})
	}
}

// supabaseSeed appends supabase/seed.sql, which the tool runs after the
// migrations, to their history.
func (f *finder) supabaseSeed(drafts []draft) []draft {
	for i := range drafts {
		if drafts[i].tool != "supabase" {
			continue
		}
		seed := path.Join(path.Dir(drafts[i].dir), "seed.sql")
		for j := range drafts {
			if len(drafts[j].files) == 1 && drafts[j].files[0].path == seed {
				drafts[i].files = append(drafts[i].files, drafts[j].files...)
				drafts[j].files = nil
			}
		}
	}
	return drafts
}
