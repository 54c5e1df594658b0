package lsp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/sqlscan"
)

// at returns the state of the file that a request is about, and the file's path
// from the root. It waits for a verdict on what was typed last.
func (s *server) at(ctx context.Context, uri string) (*snapshot, string) {
	path := filePath(uri)
	if path == "" {
		return nil, ""
	}
	path = realPath(path)
	r := s.rootOf(path)
	if r == nil {
		return nil, ""
	}
	return r.fresh(ctx), r.rel(path)
}

// covering returns the findings that a range touches.
func (s *server) covering(n *snapshot, file string, r textRange) []finding.Finding {
	var out []finding.Finding
	m := n.mapper(file)
	for _, f := range n.findings[file] {
		if s.encoding.span(m, f.Span).touches(r) {
			out = append(out, f)
		}
	}
	return out
}

// hover shows the help of the findings at a position, and what the table or
// column there was taken for.
func (s *server) hover(ctx context.Context, p hoverParams) *hover {
	n, file := s.at(ctx, p.TextDocument.URI)
	if n == nil {
		return nil
	}
	cursor := textRange{p.Position, p.Position}
	var parts []string
	var where *textRange
	found := s.covering(n, file, cursor)
	for i := range found {
		parts = append(parts, helpOf(&found[i]))
		if i == 0 {
			r := s.encoding.span(n.mapper(file), found[i].Span)
			where = &r
		}
	}
	if text, r, ok := s.classAt(n, file, cursor); ok {
		parts = append([]string{text}, parts...)
		where = &r
	}
	if len(parts) == 0 {
		return nil
	}
	kind := "plaintext"
	formats := s.client.TextDocument.Hover.ContentFormat
	if len(formats) == 0 || slices.Contains(formats, "markdown") {
		kind = "markdown"
	}
	return &hover{markupContent{kind, strings.Join(parts, "\n\n---\n\n")}, where}
}

// shownSections are the parts of a rule's page that fit into a hover.
var shownSections = []string{"What it checks", "Why it matters", "How to fix", "Limits"}

// helpOf returns a finding with its rule's help, in Markdown.
func helpOf(f *finding.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**[%s](%s)** %s (%s)\n\n%s", f.Rule.ID, f.Rule.HelpURI(), f.Rule.Title, f.Severity, escape(f.Message))
	if f.Reason != "" {
		fmt.Fprintf(&b, "\n\nBecause: %s", escape(f.Reason))
	}
	for _, section := range shownSections {
		if text := f.Rule.Section(section); text != "" {
			fmt.Fprintf(&b, "\n\n### %s\n\n%s", section, text)
		}
	}
	var cited []string
	for _, c := range f.Rule.Citations {
		cited = append(cited, fmt.Sprintf("%s, %s", c, c.Title()))
	}
	fmt.Fprintf(&b, "\n\nHIPAA: %s", strings.Join(cited, "; "))
	return b.String()
}

// escape keeps names from being read as Markdown.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, "_", `\_`, "*", `\*`, "`", "\\`", "[", `\[`, "]", `\]`, "<", "&lt;").Replace(s)
}

// classAt tells what the name of a table or column at a position was taken for.
func (s *server) classAt(n *snapshot, file string, cursor textRange) (string, textRange, bool) {
	m := n.mapper(file)
	for i := range n.tables {
		t := &n.tables[i]
		if t.Span.File == file && t.Span.Start != t.Span.End {
			if r := s.encoding.span(m, t.Span); r.touches(cursor) {
				masked := inventory.MaskTable(n.lexicon, *t)
				return tableText(&masked), r, true
			}
		}
		for k := range t.Columns {
			c := &t.Columns[k]
			if c.Span.File != file || c.Span.Start == c.Span.End || c.Span.Start.Line != c.Span.End.Line {
				continue
			}
			if r := s.encoding.span(m, c.Span); r.touches(cursor) && nameStands(n.content(file), c) {
				masked := inventory.MaskTable(n.lexicon, *t)
				return columnText(&masked, &masked.Columns[k]), r, true
			}
		}
	}
	return "", textRange{}, false
}

// nameStands reports whether the span of a column holds its name, and not the
// first line of a statement that brought the column in another way.
func nameStands(text []byte, c *sqlscan.Column) bool {
	start, end := c.Span.Start.Offset, c.Span.End.Offset
	if start < 0 || end > len(text) || start >= end {
		return false
	}
	return strings.EqualFold(strings.Trim(string(text[start:end]), `"`), c.Name)
}

func tableText(t *sqlscan.Table) string {
	var b strings.Builder
	name := qualified(t)
	if !t.PHI {
		fmt.Fprintf(&b, "%s **%s**: no PHI recognised", t.Kind, escape(name))
		return b.String()
	}
	fmt.Fprintf(&b, "%s **%s** holds PHI\n", t.Kind, escape(name))
	for _, c := range t.Columns {
		if c.Class.PHI() {
			fmt.Fprintf(&b, "\n- %s: %s, tier %d", escape(c.Name), c.Class.Category, c.Class.Tier)
		}
	}
	row := "row security off"
	switch {
	case t.RowSecurity && t.Force:
		row = "row security on and forced"
	case t.RowSecurity:
		row = "row security on, not forced"
	}
	fmt.Fprintf(&b, "\n\n%s; policies: %d", row, len(t.Policies))
	return b.String()
}

func columnText(t *sqlscan.Table, c *sqlscan.Column) string {
	var b strings.Builder
	fmt.Fprintf(&b, "column **%s.%s**", escape(qualified(t)), escape(c.Name))
	switch {
	case c.Class.Category == "":
		b.WriteString(": no PHI recognised")
	case c.Class.Letter != "":
		fmt.Fprintf(&b, ": %s, tier %d (safe harbor item %s)", c.Class.Category, c.Class.Tier, c.Class.Letter)
	default:
		fmt.Fprintf(&b, ": %s, tier %d", c.Class.Category, c.Class.Tier)
	}
	if c.Class.Protected {
		b.WriteString(", protected")
	}
	if c.Class.Reason != "" {
		fmt.Fprintf(&b, "\n\n%s", escape(c.Class.Reason))
	}
	return b.String()
}

func qualified(t *sqlscan.Table) string {
	if t.Schema == "" || t.Schema == "public" {
		return t.Name
	}
	return t.Schema + "." + t.Name
}
