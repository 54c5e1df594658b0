package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
)

// ANSI sequences; empty where colours are off.
type palette struct{ bold, dim, red, yellow, blue, reset string }

func (r *Report) palette() palette {
	if !r.Color {
		return palette{}
	}
	return palette{"\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[33m", "\x1b[34m", "\x1b[0m"}
}

func (p palette) severity(s rules.Severity) string {
	switch {
	case s >= rules.High:
		return p.bold + p.red + s.String() + p.reset
	case s == rules.Medium:
		return p.yellow + s.String() + p.reset
	}
	return p.blue + s.String() + p.reset
}

// writeText writes "file:line:column: severity RULE message", the masked line,
// the flow, and a summary. The first line is what editors and CI logs parse, so
// it is never wrapped.
func writeText(w io.Writer, r *Report) error {
	var b strings.Builder
	p := r.palette()
	for i := range r.Findings {
		r.textFinding(&b, p, &r.Findings[i])
	}
	r.textSummary(&b, p)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) textFinding(b *strings.Builder, p palette, f *finding.Finding) {
	fmt.Fprintf(b, "%s%s%s: %s %s%s%s %s\n",
		p.bold, r.place(f.Span), p.reset, p.severity(f.Severity), p.bold, f.Rule.ID, p.reset, f.Message)
	r.textLine(b, p, f.Span)
	if len(f.Flow) > 1 {
		for i, s := range f.Flow {
			sign := "├─"
			if i == len(f.Flow)-1 {
				sign = "└─"
			}
			fmt.Fprintf(b, "      %s%s%s %s%s%s  %s\n", p.dim, sign, p.reset, p.dim, r.place(s.Span), p.reset, s.Message)
		}
	}
	for _, s := range f.Related {
		fmt.Fprintf(b, "      %ssee%s %s  %s\n", p.dim, p.reset, r.place(s.Span), s.Message)
	}
	b.WriteByte('\n')
}

// textLine writes the finding's first line, masked, and marks below it what is
// meant. Tabs are kept in the mark's indent so that both lines align.
func (r *Report) textLine(b *strings.Builder, p palette, span finding.Span) {
	line := r.Sources.maskedLine(span.File, span.Start.Line)
	if strings.TrimSpace(line) == "" {
		return
	}
	start := min(max(span.Start.Column-1, 0), len(line))
	end := len(line)
	if span.End.Line == span.Start.Line {
		end = min(max(span.End.Column-1, start), len(line))
	}
	if limit := max(r.Width-9, 40); r.Width > 0 && len(line) > limit {
		line, start, end = cut(line, start, end, limit)
	}
	trimmed := strings.TrimLeft(line, " \t")
	lead := len(line) - len(trimmed)
	start, end = max(start-lead, 0), max(end-lead, 0)
	if start > len(trimmed) {
		return
	}
	indent := strings.Map(func(c rune) rune {
		if c == '\t' {
			return c
		}
		return ' '
	}, trimmed[:start])
	width := max(1, len([]rune(strings.ToValidUTF8(trimmed[start:max(end, start)], "?"))))
	fmt.Fprintf(b, "%s%6d |%s %s\n", p.dim, span.Start.Line, p.reset, trimmed)
	fmt.Fprintf(b, "%s       |%s %s%s%s%s\n", p.dim, p.reset, indent, p.red, strings.Repeat("^", width), p.reset)
}

// cut keeps the part of a line that surrounds the finding.
func cut(line string, start, end, limit int) (string, int, int) {
	from := 0
	if start > limit/2 {
		from = start - limit/4
	}
	to := min(len(line), from+limit)
	return strings.ToValidUTF8(line[from:to], "?"), start - from, min(end, to) - from
}

func (r *Report) place(s finding.Span) string {
	file := r.displayPath(s.File)
	switch {
	case s.Start.Line == 0:
		return file
	case s.Start.Column == 0:
		return fmt.Sprintf("%s:%d", file, s.Start.Line)
	}
	return fmt.Sprintf("%s:%d:%d", file, s.Start.Line, s.Start.Column)
}

// textSummary says what was found, by severity and by rule.
func (r *Report) textSummary(b *strings.Builder, p palette) {
	if len(r.Findings) == 0 {
		b.WriteString("no findings")
	} else {
		var parts []string
		for _, s := range rules.Severities() {
			n := 0
			for i := range r.Findings {
				if r.Findings[i].Severity == s {
					n++
				}
			}
			if n > 0 {
				parts = append(parts, fmt.Sprintf("%d %s", n, s))
			}
		}
		fmt.Fprintf(b, "%s%s%s: %s", p.bold, count(len(r.Findings), "finding"), p.reset, strings.Join(parts, ", "))
	}
	for _, other := range []struct {
		n    int
		text string
	}{{len(r.Suppressed), "suppressed"}, {r.Baseline, "in the baseline"}, {r.Hidden, "below the severity asked for"}} {
		if other.n > 0 {
			fmt.Fprintf(b, "; %d %s", other.n, other.text)
		}
	}
	b.WriteByte('\n')
	used := usedRules(r.Findings)
	for _, rule := range used {
		n := 0
		for i := range r.Findings {
			if r.Findings[i].Rule.ID == rule.ID {
				n++
			}
		}
		fmt.Fprintf(b, "%5d  %s  %s\n", n, rule.ID, rule.Title)
	}
	if len(used) > 0 {
		fmt.Fprintf(b, "phivet explain %s tells why it matters and how to fix it\n", used[0].ID)
	}
}
