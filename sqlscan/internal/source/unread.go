package source

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// languages are those in which other tools write migrations: Alembic and
// Django, Rails, Laravel, Knex and TypeORM.
var languages = map[string]string{
	".py": "Python", ".rb": "Ruby", ".php": "PHP", ".js": "JavaScript", ".ts": "TypeScript",
}

// migrationName is how those tools name a migration: by a number, a time or,
// Alembic, twelve hexadecimal digits.
var migrationName = lazyregexp.New(`^(?:\d{3,}|[0-9a-f]{12})[-_]\w+`)

// migrationFolders are the folders that those tools keep migrations in.
var migrationFolders = map[string]bool{"migrations": true, "migration": true, "migrate": true, "versions": true}

// inOtherWords reports whether a file's name is that of a migration that is
// not SQL.
func inOtherWords(name string) bool {
	return languages[path.Ext(name)] != "" && !strings.HasSuffix(name, ".d.ts") && migrationName.MatchString(name)
}

// sayUnread tells of migrations that are a program: a project that has no
// others would look as if nothing were wrong with it. It is told once, since
// Django has a folder for each application.
func (f *finder) sayUnread() {
	files, folders := 0, 0
	var first *folder
	language := ""
	for _, d := range f.folders {
		if !migrationFolders[path.Base(d.dir)] || len(d.files) > 0 {
			continue
		}
		own := 0
		for _, name := range slices.Sorted(maps.Keys(d.others)) {
			if inOtherWords(name) {
				own++
				if first == nil {
					first, language = d, languages[path.Ext(name)]
				}
			}
		}
		if own > 0 {
			files, folders = files+own, folders+1
		}
	}
	switch {
	case folders == 1:
		f.notice(first.dir, "%s in %s not read: only SQL is", count(files, "migration"), language)
	case folders > 1:
		f.notice(first.dir, "%s in %s, here and in %s, not read: only SQL is", count(files, "migration"), language, count(folders-1, "other folder"))
	}
}
