package auditlog

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/phi"
)

// A Finding is one thing that a log shows, with the shape of the statement that
// it was seen in.
type Finding struct {
	finding.Finding
	// Statement is the fingerprint of the statement as pgparse.Fingerprint
	// gives it, or another stable name of what has none.
	Statement string
	// Messages counts the messages that show it.
	Messages int
}

// Findings returns what was found in all logs up to now, in the one order of
// findings. A finding stands at its first message and names the last one.
func (s *Scanner) Findings() []Finding {
	r := &reporter{s: s}
	for _, g := range s.order {
		r.texts(g)
		r.parameters(g)
		r.secrets(g)
		r.errors(g)
	}
	return sorted(r.out)
}

func sorted(all []Finding) []Finding {
	slices.SortStableFunc(all, func(a, b Finding) int {
		if c := strings.Compare(a.Span.File, b.Span.File); c != 0 {
			return c
		}
		if c := a.Span.Start.Line - b.Span.Start.Line; c != 0 {
			return c
		}
		if c := strings.Compare(a.Rule.ID, b.Rule.ID); c != 0 {
			return c
		}
		return strings.Compare(a.Message, b.Message)
	})
	return all
}

type reporter struct {
	s   *Scanner
	out []Finding
}

// A note is a finding on its way.
type note struct {
	rule     *rules.Rule
	group    *group
	tally    *tally
	severity rules.Severity
	message  string // what is where; count and role are added
	object   string
	reason   string
}

func (r *reporter) add(n note) {
	severity := n.severity
	if severity == 0 {
		severity = n.rule.Severity
	}
	t := n.tally
	counted := ": " + count(t.messages, "message") + r.roles(t, 1)
	f := Finding{Statement: n.group.id, Messages: t.messages}
	f.Finding = finding.Finding{Rule: n.rule, Severity: severity, Message: shorten(n.message, counted), Span: span(t.first), Object: n.group.id + " " + n.object}
	f.Reason = strings.TrimPrefix(n.reason+"; "+count(t.messages, "message")+r.period(t)+r.roles(t, maxRoles)+"; statement "+n.group.id, "; ")
	if t.messages > 1 {
		f.Related = []finding.Step{{Span: span(t.last), Message: "the last of " + count(t.messages, "message") + r.period(t)}}
	}
	r.out = append(r.out, f)
}

func span(p place) finding.Span {
	at := finding.Position{Line: p.line, Column: 1}
	return finding.Span{File: p.file, Start: at, End: at}
}

// period says " from 2026-01-02 … to …".
func (r *reporter) period(t *tally) string {
	first, last := clock(t.first.time), clock(t.last.time)
	switch {
	case first == "":
		return ""
	case first == last || last == "":
		return " at " + first
	}
	return " from " + first + " to " + last
}

// roles says ", role app". A role whose name tells a person is not repeated.
func (r *reporter) roles(t *tally, most int) string {
	if len(t.roles) == 0 {
		return ""
	}
	names := make([]string, 0, most)
	for _, name := range t.roles[:min(len(t.roles), most)] {
		names = append(names, r.name(name))
	}
	out := ", role " + strings.Join(names, ", ")
	if t.manyRoles || len(t.roles) > most {
		out += " and others"
	}
	return out
}

// maxName is the length of the longest name that PostgreSQL keeps.
const maxName = 63

// name returns an identifier of the log as it may be printed.
func (r *reporter) name(s string) string {
	if _, found := r.s.lexicon.DetectName(s); found {
		return "***"
	}
	return safeName(s)
}

// safeName hides what has not the form of a name: a log holds what clients
// send, in the place of names too.
func safeName(s string) string {
	if s == "" || len(s) > maxName {
		return "***"
	}
	digits := 0
	for i, c := range s {
		switch {
		case unicode.IsLetter(c) || c == '_' || i > 0 && (c == '.' || c == '-' || c == '$'):
		case c >= '0' && c <= '9' && i > 0:
			if digits++; digits > 4 {
				return "***"
			}
		default:
			return "***"
		}
	}
	return s
}

// because is the reason of a class. That of a table which only the log knows
// repeats the table's name, and that may be anything.
func (r *reporter) because(class phi.Class, c column) string {
	for _, rel := range c.relations {
		if of := r.s.tables.known(rel); of != nil && r.name(of.Name) == of.Name {
			if found, ok := of.Column(c.name); ok && found.Reason == class.Reason {
				return class.Reason
			}
		}
	}
	return string(class.Category) + " by its name"
}

// maxMessage is the length of the longest message, in bytes.
const maxMessage = 100

// shorten returns text and tail in at most maxMessage bytes; the text gives way.
func shorten(text, tail string) string {
	if len(text)+len(tail) <= maxMessage {
		return text + tail
	}
	cut := max(maxMessage-len(tail)-len("…"), 40)
	for cut > 0 && cut < len(text) && !utf8.RuneStart(text[cut]) {
		cut--
	}
	out := text[:min(cut, len(text))] + "…" + tail
	if len(out) > maxMessage {
		out = out[:maxMessage-len("…")]
		for !utf8.ValidString(out) {
			out = out[:len(out)-1]
		}
		out += "…"
	}
	return out
}

// texts reports literals that meet PHI columns, and values that tell by
// themselves, in the text of a statement: once for the statement.
func (r *reporter) texts(g *group) {
	var columns, kinds []string
	var best *tally
	var reason string
	var severity rules.Severity
	take := func(t *tally, s rules.Severity) {
		if !t.real {
			s = s.Lower()
		}
		severity = max(severity, s)
		if best == nil || t.messages > best.messages || t.messages == best.messages && t.first.line < best.first.line {
			best = t
		}
	}
	met := map[*columnHit]bool{}
	for _, h := range g.columns {
		table, class := r.s.tables.resolve(h.column)
		t := h.of(class)
		if t == nil {
			continue
		}
		met[h] = true
		if name := r.name(table) + "." + r.name(h.column.name); !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
		take(t, tierSeverity(class))
		if reason == "" {
			reason = r.because(class, h.column)
		}
	}
	for _, h := range g.shapes {
		severity := r.shapeSeverity(h.kind, h.of)
		if met[h.of] || severity == 0 {
			continue
		}
		if what := h.kind + " in a " + h.where; !slices.Contains(kinds, what) {
			kinds = append(kinds, what)
		}
		take(&h.tally, severity)
	}
	if best == nil {
		return
	}
	message := "text of " + g.command + " holds literals of " + columnList(columns)
	if len(columns) == 0 {
		message = "text of " + g.command + " holds what looks like " + some(kinds, 2)
	}
	r.add(note{rule: phiInAuditLine, group: g, tally: best, severity: severity, message: message, object: strings.Join(append(columns, kinds...), " "), reason: reason})
}

// shapeSeverity rates a value that was recognised by what it looks like. What
// staff and firms have as well, such as an e-mail address, says less, and
// nothing in a column that the project knows for no PHI, or in a project that
// is not about health.
func (r *reporter) shapeSeverity(kind string, of *columnHit) rules.Severity {
	switch kind {
	case "e-mail", "phone", "IP address", "NPI", "DEA", "card":
	default:
		return rules.High
	}
	if s := r.s.o.Schema; s != nil && !s.Health() {
		return 0
	}
	if of != nil {
		for _, rel := range of.column.relations {
			if c := r.s.tables.class(rel); c != nil && (c.Workforce || r.s.tables.known(rel) != nil) {
				return 0
			}
		}
	}
	return rules.Medium
}

// columnList says "patients (ssn, dob and 2 more)" for columns of one table.
func columnList(columns []string) string {
	var table string
	var names []string
	for i, c := range columns {
		at := strings.LastIndexByte(c, '.')
		if i > 0 && c[:max(at, 0)] != table || at <= 0 {
			return some(columns, 2)
		}
		table, names = c[:at], append(names, c[at+1:])
	}
	return table + " (" + some(names, 2) + ")"
}

func tierSeverity(class phi.Class) rules.Severity {
	if class.Tier >= 3 {
		return rules.High
	}
	return rules.Medium
}

// some lists the first names and counts the others.
func some(names []string, most int) string {
	names = slices.Compact(names)
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + strconv.Itoa(len(names)-most) + " more"
}

func (r *reporter) parameters(g *group) {
	if g.params.messages == 0 {
		return
	}
	message := "parameters of " + g.command
	if names := r.touched(g); len(names) > 0 {
		message += " on " + some(names, 2)
	}
	n := note{rule: parametersInAuditLine, group: g, tally: &g.params, message: message + " are in the log", object: "parameters"}
	if r.harmless(g) {
		n.severity = rules.Medium
	}
	r.add(n)
}

// harmless reports whether the project knows all relations of a statement, and
// that none of them holds PHI.
func (r *reporter) harmless(g *group) bool {
	for _, t := range g.touches {
		if c := r.s.tables.known(t); c == nil || c.PHI {
			return false
		}
	}
	return len(g.touches) > 0
}

// touched names the relations of a statement.
func (r *reporter) touched(g *group) []string {
	var out []string
	for _, t := range g.touches {
		if name := r.name(display(t)); !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (r *reporter) secrets(g *group) {
	for _, h := range g.secrets {
		r.add(note{rule: passwordInAuditLine, group: g, tally: &h.tally, severity: h.tally.severity,
			message: h.what + " stands in the text of " + g.command, object: h.what})
	}
}

func (r *reporter) errors(g *group) {
	for _, h := range g.errors {
		if n, ok := r.failure(g, h); ok {
			if !h.tally.real {
				n.severity = n.severity.Lower()
			}
			n.rule, n.group, n.tally = errorDetailInLog, g, &h.tally
			r.add(n)
		}
	}
}

// column returns the class of a column that an error names. Where nothing tells
// its table, its own name has to do.
func (r *reporter) column(c column) phi.Class {
	if len(c.relations) == 0 {
		return r.s.lexicon.ClassifyValue(phi.Value{Name: c.name, Kind: "string"}, r.s.o.Schema)
	}
	_, class := r.s.tables.resolve(c)
	return class
}

// failure judges what an error message repeats.
func (r *reporter) failure(g *group, h *errorHit) (note, bool) {
	if h.shape != "" && (h.column.name == "" || !r.column(h.column).PHI()) {
		severity := r.shapeSeverity(h.shape, nil)
		if severity == 0 {
			return note{}, false
		}
		what := "the text of a server message"
		if h.part != "message" {
			what = h.part + " of a server message"
		}
		return note{severity: severity, message: what + " holds what looks like " + h.shape, object: h.part + " " + h.shape}, true
	}
	if h.column.name != "" {
		table, _ := r.s.tables.resolve(h.column)
		class := r.column(h.column)
		if h.shape != "" || !class.PHI() || class.Protected {
			return note{}, false
		}
		name := r.name(h.column.name)
		if table != "" {
			name = r.name(table) + "." + name
		}
		return note{severity: tierSeverity(class), message: h.part + " of an error repeats " + name, object: h.part + " " + name, reason: r.because(class, h.column)}, true
	}
	rel, class := r.s.tables.sensitive(h.column.relations)
	if class == nil {
		return note{}, false
	}
	what := "a row of "
	if h.kind == badValue {
		what = "a value sent to "
	}
	severity := h.tally.severity
	if severity == 0 {
		severity = errorDetailInLog.Severity
	}
	name := r.name(display(rel))
	return note{severity: severity, message: h.part + " of an error repeats " + what + name, object: h.part + " " + what + name}, true
}
