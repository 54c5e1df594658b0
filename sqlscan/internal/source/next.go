package source

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// A NewFile is a file that a new migration consists of, or one beside it that
// has to change with it.
type NewFile struct {
	Path    string // slash path relative to the root
	Content []byte
	// Former is what the file holds now, nil if it does not exist. Only lists
	// of checksums are ever changed, never a migration.
	Former []byte
}

// Next lays out a migration that the history's tool would run after all that it
// has: name is the word in the file's name, up and down are its two ways. The
// version is the one after the last, for timestamps one second (or minute, or
// day) later: the same project gives the same file, whatever the clock says.
//
// The error says why there can be none: tools that keep a list of their own
// have to be asked for a file, and a lone script is no history.
func (h *History) Next(root, name, up, down string) ([]NewFile, error) {
	if reason, ok := noNext[h.Tool]; ok {
		return nil, errors.New(reason)
	}
	n := &next{root: root, tool: h.Tool, name: name, up: up, down: down}
	for i := range h.Files {
		if p := h.Files[i].Path; h.Owns(p) {
			n.consider(p)
		}
	}
	if n.last == "" {
		return nil, errors.New("its scripts are not numbered, so nothing would run a new one after them")
	}
	return n.files()
}

// noNext are the tools that a file alone does not tell of a migration.
var noNext = map[string]string{
	"pg_dump":    "it is a dump of a database and not a history of migrations",
	"sqlc":       "it holds queries and not migrations",
	"go":         "its SQL stands in Go code",
	"sqitch":     "sqitch keeps its changes in a plan: sqitch add makes one",
	"drizzle":    "drizzle keeps its migrations in a journal: drizzle-kit generate --custom makes one",
	"db-migrate": "db-migrate wants a script in JavaScript beside the SQL: db-migrate create --sql-file makes both",
}

// Owns reports whether a file of the history is one of the tool's sequence, and
// not a script that was found to belong behind it.
func (h *History) Owns(file string) bool {
	base := path.Base(file)
	switch h.Tool {
	case "prisma":
		return base == "migration.sql" && path.Dir(path.Dir(file)) == h.Dir
	case "diesel":
		return base == "up.sql" && path.Dir(path.Dir(file)) == h.Dir
	case "flyway":
		return (path.Dir(file) == h.Dir || strings.HasPrefix(file, h.Dir+"/") || h.Dir == ".") && strings.ContainsAny(base[:1], "VB") && toolNamed("flyway").file.MatchString(base)
	}
	return path.Dir(file) == h.Dir && numbered.MatchString(base)
}

// numbered takes a file's name apart: what stands before the version, the
// version, and what separates it from the words.
var numbered = lazyregexp.New(`^([vVB]?)(\d[\d]*(?:[._-]\d+)*?)(__|[-_. ]+)`)

// next is a new migration on its way.
type next struct {
	root, tool     string
	name, up, down string
	last           string // path of the file with the highest version
	prefix         string
	version        string
	separator      string
}

// consider takes the file for the last one if its version is the highest.
func (n *next) consider(file string) {
	base := path.Base(file)
	if n.tool == "prisma" || n.tool == "diesel" {
		base = path.Base(path.Dir(file))
	}
	pattern := numbered
	if n.tool == "diesel" {
		pattern = dieselNumber
	} else if n.tool == "flyway" {
		pattern = flywayNumber
	}
	m := pattern.FindStringSubmatch(base)
	if m == nil || n.last != "" && compareVersions(parts(m[2]), parts(n.version)) < 0 {
		return
	}
	n.last, n.prefix, n.version, n.separator = file, m[1], m[2], m[3]
	if n.tool == "flyway" {
		n.prefix = "V"
	}
}

var (
	dieselNumber = lazyregexp.New(`^()(\d[\d-]*\d|\d)([-_. ]+)`)
	flywayNumber = lazyregexp.New(`^([VB])(\d+(?:[._]\d+)*)(__)`)
)

func parts(version string) []string {
	return strings.FieldsFunc(version, func(r rune) bool { return r == '.' || r == '_' || r == '-' })
}

// following returns the version after v, written as v is.
func following(v string) string {
	if digits := strings.ReplaceAll(v, "-", ""); digits != v {
		next := following(digits) // diesel's 2024-01-31-235959
		if len(digits) == 14 && len(next) == 14 {
			return next[:4] + "-" + next[4:6] + "-" + next[6:8] + "-" + next[8:]
		}
	}
	if i := strings.LastIndexAny(v, "._-"); i >= 0 {
		return v[:i+1] + following(v[i+1:])
	}
	for _, clock := range []struct {
		layout string
		step   time.Duration
	}{{"20060102150405", time.Second}, {"200601021504", time.Minute}, {"20060102", 24 * time.Hour}} {
		if len(v) != len(clock.layout) {
			continue
		}
		if t, err := time.Parse(clock.layout, v); err == nil && t.Year() > 1900 {
			return t.Add(clock.step).Format(clock.layout)
		}
	}
	out := []byte(v)
	for i := len(out) - 1; i >= 0; i-- {
		if out[i] != '9' {
			out[i]++
			return string(out)
		}
		out[i] = '0'
	}
	return "1" + string(out)
}

// marks are the lines that divide a file of a tool into its two ways.
var marks = map[string][2]string{
	"goose":           {"-- +goose Up\n", "\n-- +goose Down\n"},
	"sql-migrate":     {"-- +migrate Up\n", "\n-- +migrate Down\n"},
	"dbmate":          {"-- migrate:up\n", "\n-- migrate:down\n"},
	"rambler":         {"-- rambler up\n", "\n-- rambler down\n"},
	"node-pg-migrate": {"-- Up Migration\n", "\n-- Down Migration\n"},
	"tern":            {"", "\n---- create above / drop below ----\n\n"},
	"mybatis":         {"", "\n-- //@UNDO\n"},
}

// files writes the migration in the tool's way.
func (n *next) files() ([]NewFile, error) {
	dir, base := path.Split(n.last)
	stem := n.prefix + following(n.version) + n.separator + n.name
	one := func(file, text string) NewFile { return NewFile{Path: file, Content: []byte(text)} }
	switch n.tool {
	case "prisma":
		return []NewFile{one(path.Join(path.Dir(path.Dir(n.last)), stem, "migration.sql"), n.up)}, nil
	case "diesel":
		dir = path.Join(path.Dir(path.Dir(n.last)), stem)
		return []NewFile{one(dir+"/up.sql", n.up), one(dir+"/down.sql", n.down)}, nil
	case "liquibase":
		return n.liquibase(dir, stem)
	case "atlas":
		return n.atlas(dir, one(dir+stem+".sql", n.up))
	case "flyway":
		out := []NewFile{one(dir+stem+".sql", n.up)}
		if n.exists(dir, "U") {
			out = append(out, one(dir+"U"+strings.TrimPrefix(stem, n.prefix)+".sql", n.down))
		}
		return out, nil
	}
	if m, ok := marks[n.tool]; ok {
		up := n.up
		if n.tool == "mybatis" {
			up = "-- // " + strings.ReplaceAll(n.name, "_", " ") + "\n" + up
		}
		return []NewFile{one(dir+stem+".sql", m[0]+up+m[1]+n.down)}, nil
	}
	up, down := n.suffixes(dir, base)
	out := []NewFile{one(dir+stem+up, n.up)}
	if down != "" {
		out = append(out, one(dir+stem+down, n.down))
	}
	return out, nil
}

// twoWays matches the end of the name of a migration that has its ways in
// files of their own.
var twoWays = lazyregexp.New(`(?i)([._-])(up)((?:\.[a-z]+)*\.sql)$`)

// suffixes returns how the names of the two ways end. The way down is "" where
// the folder keeps none.
func (n *next) suffixes(dir, base string) (up, down string) {
	words := base[len(n.prefix)+len(n.version)+len(n.separator):]
	if m := twoWays.FindStringSubmatch(words); m != nil {
		up, down = m[1]+m[2]+m[3], m[1]+"down"+m[3]
	} else {
		up = path.Ext(base)
		for _, d := range []string{".down.sql", "_down.sql", "-down.sql", ".undo.sql", "_undo.sql", ".rollback.sql", "_rollback.sql"} {
			if n.existsSuffix(dir, d) {
				return up, d
			}
		}
		return up, ""
	}
	if !n.existsSuffix(dir, down) {
		down = ""
	}
	return up, down
}

func (n *next) names(dir string) []string {
	entries, err := os.ReadDir(filepath.Join(n.root, filepath.FromSlash(dir)))
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func (n *next) exists(dir, prefix string) bool {
	return slices.ContainsFunc(n.names(dir), func(name string) bool {
		return strings.HasPrefix(name, prefix) && toolNamed(n.tool).file.MatchString(name)
	})
}

func (n *next) existsSuffix(dir, suffix string) bool {
	return slices.ContainsFunc(n.names(dir), func(name string) bool { return strings.HasSuffix(strings.ToLower(name), strings.ToLower(suffix)) })
}

// liquibase writes a changeset with its rollback. A changelog that names its
// files one by one would not know of a new one.
func (n *next) liquibase(dir, stem string) ([]NewFile, error) {
	for at := path.Clean(dir); ; at = path.Dir(at) {
		for _, name := range n.names(at) {
			if !telling(name) || !strings.Contains(strings.ToLower(name), "changelog") {
				continue
			}
			text, err := os.ReadFile(filepath.Join(n.root, filepath.FromSlash(at), name))
			if err == nil && includedFile.Match(text) {
				return nil, fmt.Errorf("%s names its files one by one: a new one has to be entered there", path.Join(at, name))
			}
		}
		if at == "." || at == "/" {
			break
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- liquibase formatted sql\n\n-- changeset phivet:%s\n%s\n", stem, n.up)
	for line := range strings.Lines(n.down) {
		if strings.TrimSpace(line) != "" && !isComment([]byte(line)) {
			b.WriteString("-- rollback " + line)
		}
	}
	return []NewFile{{Path: dir + stem + ".sql", Content: []byte(b.String())}}, nil
}
