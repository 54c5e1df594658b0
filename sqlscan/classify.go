package sqlscan

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

// classify gives each history its classified schema and returns the one of all
// of them together. Whether the project has to do with health is decided for
// the whole: a folder with three tables cannot tell alone. Views do not count
// for that; what they show is classified after it.
func classify(all []*history, l *phi.Lexicon) *phi.Schema {
	var hints []string
	views := false
	for _, h := range all {
		hints = append(hints, h.hints()...)
		views = views || len(h.tables(true)) > len(h.tables(false))
	}
	merged := l.Classify(merge(all, false), hints)
	if merged.Health() {
		hints = append(hints, "phi")
		if views {
			merged = l.Classify(merge(all, true), hints)
		}
	}
	for _, h := range all {
		if len(all) == 1 {
			h.schema = merged
			continue
		}
		h.schema = l.Classify(h.tables(merged.Health()), hints)
	}
	return merged
}

// classifyApart returns the classified schema of each database. What the project
// is about is decided for the whole of it.
func classifyApart(all []*history, databases []string, health bool, l *phi.Lexicon) map[string]*phi.Schema {
	if len(databases) == 0 {
		return nil
	}
	var hints []string
	for _, h := range all {
		hints = append(hints, h.hints()...)
	}
	if health {
		hints = append(hints, "phi")
	}
	out := map[string]*phi.Schema{}
	for _, name := range databases {
		var own []*history
		for _, h := range all {
			if below(name, h.source.Dir) || !slices.ContainsFunc(databases, func(other string) bool { return below(other, h.source.Dir) }) {
				own = append(own, h)
			}
		}
		out[name] = l.Classify(merge(own, health), hints)
	}
	return out
}

// below reports whether a folder is dir or in it.
func below(dir, folder string) bool {
	dir = path.Clean(dir)
	return dir == "." || folder == dir || strings.HasPrefix(folder, dir+"/")
}

// tables returns the final schema in the classifier's terms, with or without
// the views.
func (h *history) tables(views bool) []phi.Table {
	var out []phi.Table
	enums := h.catalog.Enums()
	for _, t := range h.catalog.Tables() {
		if !t.Ghost && (views || !t.IsView()) {
			out = append(out, describe(t, enums))
		}
	}
	return out
}

// describe writes a table in the classifier's terms. Enums are the types that
// are lists of labels.
func describe(t *catalog.Table, enums map[string]bool) phi.Table {
	d := phi.Table{Schema: t.Name.Schema, Name: t.Name.Name, Spelled: spelled(t.Stmt, t.Made, t.Name.Name), Comment: t.Comment.Value, Tablespace: t.Tablespace, Columns: make([]phi.Column, 0, len(t.Columns))}
	for _, c := range t.Columns {
		d.Columns = append(d.Columns, phi.Column{Name: c.Name, Spelled: spelled(c.Stmt, c.Made, c.Name), Type: c.Type, Comment: c.Comment.Value, Label: c.Label.Value, Enum: enums[c.Type], Pos: c.Made})
	}
	for _, k := range t.Constraints {
		if k.Kind == catalog.ForeignK && k.References != nil {
			d.ForeignKeys = append(d.ForeignKeys, phi.ForeignKey{Columns: k.Columns, Schema: k.References.Name.Schema, Table: k.References.Name.Name, RefColumns: k.RefColumns})
		}
	}
	return d
}

// spelled returns a name as the statement at place has it, behind its schema or
// not, or "" if it has not: PostgreSQL folds what is not quoted.
func spelled(s *catalog.Statement, at catalog.Place, name string) string {
	if s == nil || s.Base < 0 || at.File != s.Place.File || at.Start < 0 || at.Start >= len(s.Source) {
		return ""
	}
	const schema = 64 // bytes that PostgreSQL keeps of a name
	text := s.Source[at.Start:min(len(s.Source), at.Start+schema+len(name))]
	for i := 0; i+len(name) <= len(text) && text[i] != '\n'; i++ {
		if (i == 0 || text[i-1] == '.' || text[i-1] == '"') && strings.EqualFold(string(text[i:i+len(name)]), name) {
			return string(text[i : i+len(name)])
		}
	}
	return ""
}

// merge puts the tables of all histories together. Of two tables of the same
// name the columns are joined: both may be what the Go code sees.
func merge(all []*history, views bool) []phi.Table {
	var out []phi.Table
	at := map[catalog.Name]int{}
	for _, h := range all {
		for _, t := range h.tables(views) {
			n := catalog.Name{Schema: t.Schema, Name: t.Name}
			i, ok := at[n]
			if !ok {
				at[n] = len(out)
				out = append(out, t)
				continue
			}
			for _, c := range t.Columns {
				if !slices.ContainsFunc(out[i].Columns, func(x phi.Column) bool { return x.Name == c.Name }) {
					out[i].Columns = append(out[i].Columns, c)
				}
			}
			out[i].ForeignKeys = append(out[i].ForeignKeys, t.ForeignKeys...)
		}
	}
	return out
}

// hints are the other words that may tell what the project is about.
func (h *history) hints() []string {
	var out []string
	for _, s := range h.catalog.SchemaList() {
		out = append(out, s.Name, s.Comment.Value)
	}
	for _, t := range h.catalog.Tables() {
		out = append(out, t.Tablespace, t.Comment.Value)
		if t.Ghost {
			out = append(out, t.Name.Name)
		}
	}
	for name := range h.catalog.Tablespaces {
		out = append(out, name)
	}
	for _, r := range h.catalog.Roles() {
		out = append(out, r.Name)
	}
	for i := range h.source.Files {
		f := &h.source.Files[i]
		out = append(out, f.Path)
		out = append(out, telling(f.Content)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// maxHints bounds the lines taken from one file.
const maxHints = 20

// telling returns the lines of a file, comments mostly, that speak of HIPAA or PHI.
func telling(text []byte) []string {
	var out []string
	for _, word := range []string{"hipaa", "HIPAA", "PHI", "phi"} {
		rest := text
		for len(out) < maxHints {
			i := bytes.Index(rest, []byte(word))
			if i < 0 {
				break
			}
			start := bytes.LastIndexByte(rest[:i], '\n') + 1
			end := len(rest)
			if n := bytes.IndexByte(rest[i:], '\n'); n >= 0 {
				end = i + n
			}
			if bytes.Contains(rest[start:i], []byte("--")) || bytes.Contains(rest[start:i], []byte("*")) {
				out = append(out, string(rest[start:end]))
			}
			rest = rest[end:]
		}
	}
	return out
}

// relevant reports whether the project has to do with health, or shows too
// little of itself to tell: no table but those that record who did what.
func relevant(s *phi.Schema) bool {
	if s.Health() {
		return true
	}
	for _, t := range s.Tables() {
		if !t.Audit {
			return false
		}
	}
	return true
}
