package lsp

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan"
)

// codeActions offers what can be done about the findings in a range. It never
// offers an edit to a text that is not the one that was judged.
func (s *server) codeActions(ctx context.Context, p codeActionParams) []codeAction {
	out := []codeAction{}
	if !wants(p.Context.Only, quickFix) {
		return out
	}
	n, file := s.at(ctx, p.TextDocument.URI)
	if n == nil {
		return out
	}
	r := s.rootOf(realPath(filePath(p.TextDocument.URI)))
	if r == nil || !s.unchanged(r, n, file) {
		return out
	}
	found := s.covering(n, file, p.Range)
	for i := range found {
		if a, ok := r.fix(n, &found[i]); ok {
			out = append(out, a)
		}
	}
	out = append(out, r.repairs(ctx, n, p.TextDocument.URI, found)...)
	out = append(out, r.marks(n, file, p.Range)...)
	for i := range found {
		out = append(out, r.silence(n, &found[i])...)
	}
	return out
}

// unchanged reports whether the text the client has is the one that was judged.
func (s *server) unchanged(r *root, n *snapshot, file string) bool {
	s.mu.Lock()
	d := s.docs[realPath(r.abs(file))]
	s.mu.Unlock()
	if n.mixed[file] {
		return false
	}
	return d == nil || bytes.Equal(d.text, n.content(file))
}

// A change replaces a range of bytes of a file.
type change struct {
	file       string
	start, end int
	text       string
}

// edit makes a workspace edit of changes, or reports false if a file of them is
// not as it was judged.
func (r *root) edit(n *snapshot, changes ...change) (*workspaceEdit, bool) {
	by := map[string][]textEdit{}
	var order []string
	for _, c := range changes {
		m := n.mapper(c.file)
		if m == nil || !r.s.unchanged(r, n, c.file) {
			return nil, false
		}
		e := textEdit{NewText: c.text}
		e.Range = textRange{r.s.encoding.position(m, m.Position(c.start)), r.s.encoding.position(m, m.Position(c.end))}
		if !slices.Contains(order, c.file) {
			order = append(order, c.file)
		}
		by[c.file] = append(by[c.file], e)
	}
	w := &workspaceEdit{}
	if !r.s.client.Workspace.WorkspaceEdit.DocumentChanges {
		w.Changes = map[string][]textEdit{}
		for _, file := range order {
			w.Changes[r.s.uriOf(realPath(r.abs(file)))] = by[file]
		}
		return w, true
	}
	for _, file := range order {
		path := realPath(r.abs(file))
		doc := versionedDocument{URI: r.s.uriOf(path)}
		r.s.mu.Lock()
		if d := r.s.docs[path]; d != nil {
			doc.Version = &d.version
		}
		r.s.mu.Unlock()
		w.DocumentChanges = append(w.DocumentChanges, textDocumentEdit{doc, by[file]})
	}
	return w, true
}

// action makes a code action about a finding.
func (r *root) action(n *snapshot, title string, f *finding.Finding, changes ...change) (codeAction, bool) {
	edit, ok := r.edit(n, changes...)
	if !ok {
		return codeAction{}, false
	}
	a := codeAction{Title: title, Kind: quickFix, Edit: edit}
	if f != nil {
		a.Diagnostics = []diagnostic{r.diagnostic(n, f)}
	}
	return a, true
}

// fix is the finding's own fix.
func (r *root) fix(n *snapshot, f *finding.Finding) (codeAction, bool) {
	if f.Fix == nil || len(f.Fix.Edits) == 0 {
		return codeAction{}, false
	}
	var changes []change
	for _, e := range f.Fix.Edits {
		changes = append(changes, change{e.Span.File, e.Span.Start.Offset, e.Span.End.Offset, e.New})
	}
	a, ok := r.action(n, f.Rule.ID+": "+f.Fix.Message, f, changes...)
	a.IsPreferred = true
	return a, ok
}

// reasons are what a directive can say without more thought. Whoever has a
// better one writes it over; there is none that says nothing.
var reasons = []string{"false alarm", "accepted risk"}

// silence offers directives above the finding's line.
func (r *root) silence(n *snapshot, f *finding.Finding) []codeAction {
	sign := commentSign(f.Span.File)
	m := n.mapper(f.Span.File)
	if sign == "" || m == nil || f.Span.Start.Line < 1 || aboutDirectives(f) {
		return nil
	}
	line := m.Line(f.Span.Start.Line)
	indent := string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
	at, err := m.Offset(f.Span.Start.Line, 1)
	if err != nil {
		return nil
	}
	var out []codeAction
	for _, reason := range reasons {
		text := fmt.Sprintf("%s%sphivet:ignore %s -- %s%s", indent, sign, f.Rule.ID, reason, lineEnd(n.content(f.Span.File)))
		if a, ok := r.action(n, fmt.Sprintf("Silence %s here: %s", f.Rule.ID, reason), f, change{f.Span.File, at, at, text}); ok {
			out = append(out, a)
		}
	}
	return out
}

// aboutDirectives reports whether a directive cannot silence the finding.
func aboutDirectives(f *finding.Finding) bool { return strings.HasPrefix(f.Rule.Slug, "suppression-") }

// commentSign starts a directive in a kind of file, with what stands behind it.
func commentSign(file string) string {
	switch filepath.Ext(file) {
	case ".go":
		return "//"
	case ".sql":
		return "-- "
	case ".conf", ".yaml", ".yml", ".toml", ".tf", ".tfvars", ".env":
		return "# "
	}
	return ""
}

// lineEnd returns the line end that a text uses.
func lineEnd(text []byte) string {
	if i := bytes.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// marks offers to declare that the columns in a range hold no PHI.
func (r *root) marks(n *snapshot, file string, where textRange) []codeAction {
	var out []codeAction
	text := n.content(file)
	m := n.mapper(file)
	for i := range n.tables {
		t := &n.tables[i]
		for k := range t.Columns {
			c := &t.Columns[k]
			if !c.Class.PHI() || c.Commented || c.Span.File != file || c.Statement.File != file || !nameStands(text, c) ||
				!r.s.encoding.span(m, c.Span).touches(where) {
				continue
			}
			end := min(c.Statement.End.Offset, len(text))
			at, closed := behind(text, end)
			statement := fmt.Sprintf("%sCOMMENT ON COLUMN %s IS '@phi:none';", lineEnd(text), columnName(t, c))
			changes := []change{{file, at, at, statement}}
			switch {
			case !closed && end == at:
				changes[0].text = ";" + statement
			case !closed:
				changes = append([]change{{file, end, end, ";"}}, changes...)
			}
			masked := inventory.MaskTable(n.lexicon, *t)
			title := fmt.Sprintf("Mark %s.%s as no PHI (@phi:none)", qualified(&masked), masked.Columns[k].Name)
			if a, ok := r.action(n, title, nil, changes...); ok {
				out = append(out, a)
			}
		}
	}
	return out
}

// behind returns the end of the line on which a statement ends that ends at an
// offset, and whether a semicolon closes it; other text behind the semicolon
// stays behind what is inserted.
func behind(text []byte, end int) (at int, closed bool) {
	at = min(max(end, 0), len(text))
	rest := text[at:]
	if trimmed := bytes.TrimLeft(rest, " \t\r\n"); bytes.HasPrefix(trimmed, []byte(";")) {
		at += len(rest) - len(trimmed) + 1
		closed = true
	}
	line := text[at:]
	if i := bytes.IndexByte(line, '\n'); i >= 0 {
		line = line[:i]
	}
	if s := bytes.TrimSpace(line); len(s) == 0 || bytes.HasPrefix(s, []byte("--")) {
		at += len(bytes.TrimRight(line, "\r"))
	}
	return at, closed
}

// plainName is a name that needs no quotes, unless it is a key word; those are
// quoted by being in the list of none.
var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]*$`)

// columnName returns the qualified name of a column as SQL writes it.
func columnName(t *sqlscan.Table, c *sqlscan.Column) string {
	parts := []string{t.Schema, t.Name, c.Name}
	if t.Schema == "" || t.Schema == "public" {
		parts = parts[1:]
	}
	for i, p := range parts {
		if !plainName.MatchString(p) || reserved[p] {
			parts[i] = `"` + strings.ReplaceAll(p, `"`, `""`) + `"`
		}
	}
	return strings.Join(parts, ".")
}

// reserved are the key words of PostgreSQL that cannot stand for a column, a
// table or a schema without quotes.
var reserved = words(`all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate
collation column concurrently constraint create cross current_catalog current_date current_role current_schema
current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign
freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
unique user using variadic verbose when where window with`)

func words(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}
