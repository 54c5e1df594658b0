package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
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

// unbroken is the length at which a source line is cut where there is no
// terminal: a dump without line breaks would be repeated for each finding.
const unbroken = 240

// writeText writes "file:line:column: severity RULE message", the masked line,
// the flow, and a summary. The first line is what editors and CI logs parse: it
// is wrapped on a terminal only, where nobody parses it.
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
	place := r.place(f.Span)
	r.hang(b, fmt.Sprintf("%s%s:%s %s %s%s%s ", p.bold, place, p.reset, p.severity(f.Severity), p.bold, f.Rule.ID, p.reset),
		len([]rune(place))+len(f.Severity.String())+len(f.Rule.ID)+4, f.Message, 4)
	r.textLine(b, p, f.Span)
	if len(f.Flow) > 1 {
		for i, s := range f.Flow {
			sign := "├─"
			if i == len(f.Flow)-1 {
				sign = "└─"
			}
			r.textStep(b, p, sign, s)
		}
	}
	for _, s := range f.Related {
		r.textStep(b, p, "see", s)
	}
	b.WriteByte('\n')
}

// textStep writes a place that a finding leads through or refers to.
func (r *Report) textStep(b *strings.Builder, p palette, sign string, s finding.Step) {
	place := r.place(s.Span)
	r.hang(b, fmt.Sprintf("      %s%s %s%s  ", p.dim, sign, place, p.reset), 9+len([]rune(sign+place)), s.Message, 9)
}

// hang writes a prefix of the given visible width and a text behind it. Words
// that do not fit the terminal go to lines of their own, indented.
func (r *Report) hang(b *strings.Builder, prefix string, used int, text string, indent int) {
	words := strings.Fields(text)
	if r.Width <= 0 || len(words) == 0 {
		b.WriteString(prefix + text + "\n")
		return
	}
	if used+len([]rune(words[0])) > r.Width {
		prefix, used = strings.TrimRight(prefix, " ")+"\n"+strings.Repeat(" ", indent), indent
	}
	b.WriteString(prefix + words[0])
	used += len([]rune(words[0]))
	for _, word := range words[1:] {
		n := len([]rune(word))
		if used+1+n > r.Width {
			b.WriteString("\n" + strings.Repeat(" ", indent) + word)
			used = indent + n
			continue
		}
		b.WriteString(" " + word)
		used += 1 + n
	}
	b.WriteByte('\n')
}

// textLine writes the finding's first line, masked, and marks below it what is
// meant.
func (r *Report) textLine(b *strings.Builder, p palette, span finding.Span) {
	line := r.Sources.maskedLine(span.File, span.Start.Line)
	trimmed := bytes.TrimRight(bytes.TrimLeft(line, " \t"), " \t\r")
	if len(trimmed) == 0 {
		return
	}
	lead := len(line) - len(bytes.TrimLeft(line, " \t"))
	start := min(max(span.Start.Column-1-lead, 0), len(trimmed))
	end := len(trimmed)
	if span.End.Line == span.Start.Line {
		end = min(max(span.End.Column-1-lead, start), len(trimmed))
	}
	limit := unbroken
	if r.Width > 0 {
		limit = max(r.Width-9, 20)
	}
	text, from, to := cut(trimmed, start, end, limit)
	fmt.Fprintf(b, "%s%6d |%s %s\n", p.dim, span.Start.Line, p.reset, text)
	fmt.Fprintf(b, "%s       |%s %s%s%s%s\n", p.dim, p.reset, strings.Repeat(" ", from), p.red, strings.Repeat("^", max(1, to-from)), p.reset)
}

// cut keeps the part of a line, of at most limit characters, that surrounds
// the bytes from start to end, and returns where these are in it, in
// characters. An ellipsis stands for what is left out. A character is as wide
// as another here; tabs become blanks.
func cut(line []byte, start, end, limit int) (text string, from, to int) {
	clean := func(b []byte) []rune {
		return []rune(strings.ReplaceAll(strings.ToValidUTF8(string(b), "?"), "\t", " "))
	}
	// No character has more than four bytes, so what is further away than this
	// is not shown. A line of a megabyte is not converted for each finding.
	reach := 4 * limit
	first, last, stop := max(start-reach, 0), min(end+reach, len(line)), min(end, start+reach)
	if stop < end {
		last = stop
	}
	before, marked := clean(line[first:start]), clean(line[start:stop])
	all := slices.Concat(before, marked, clean(line[stop:last]))
	from, to = len(before), len(before)+len(marked)
	left, right := 0, len(all)
	if len(all) > limit {
		if to > limit-1 {
			left = min(max(from-limit/4, 0), len(all)-limit)
		}
		right = left + limit
	}
	out := slices.Clone(all[left:right])
	if left > 0 || first > 0 {
		out[0] = '…'
	}
	if right < len(all) || last < len(line) {
		out[len(out)-1] = '…'
	}
	return string(out), from - left, min(to, right) - left
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
	line := "no findings"
	if r.Incomplete {
		line += " in what was looked at"
	}
	if len(r.Findings) > 0 {
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
		line = count(len(r.Findings), "finding") + ": " + strings.Join(parts, ", ")
	}
	for _, other := range []struct {
		n    int
		text string
	}{{len(r.Suppressed), "suppressed"}, {r.Baseline, "in the baseline"}, {r.Hidden, "below the severity asked for"}} {
		if other.n > 0 {
			line += fmt.Sprintf("; %d %s", other.n, other.text)
		}
	}
	r.hang(b, p.bold, 0, line+p.reset, 4)
	used := usedRules(r.Findings)
	for _, rule := range used {
		n := 0
		for i := range r.Findings {
			if r.Findings[i].Rule.ID == rule.ID {
				n++
			}
		}
		r.hang(b, fmt.Sprintf("%5d  %s  ", n, rule.ID), 9+len(rule.ID), rule.Title, 9+len(rule.ID))
	}
	if len(used) > 0 {
		r.hang(b, "", 0, fmt.Sprintf("phivet explain %s tells why it matters and how to fix it", used[0].ID), 4)
	}
}
