// Package suppress reads the directives by which source text silences a
// finding, and says which of them are wrong or of no use.
//
// There is one grammar in every kind of file; only the comment sign differs:
//
//	//phivet:ignore PHI201 -- the logger redacts this field
//	-- phivet:ignore PHI501,PHI502 -- a read-only code list
//	#  phivet:ignore PHI703 -- a development server
//
// A directive behind code on its line covers that line; one that has the line
// to itself covers the next line that is not a directive. The reason is
// required, for an auditor asks for it: without one nothing is silenced.
package suppress

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// A Directive is one comment that starts with "phivet:".
type Directive struct {
	Span finding.Span // the comment, without its line end
	// Line is the line that the directive covers, from 1.
	Line int
	// Rules are the IDs as written; a malformed directive has none.
	Rules []string
	// Reason is the text behind "--".
	Reason string
	// Problem says what is wrong with the form, or "".
	Problem string
}

// marker starts every directive, behind the comment sign.
const marker = "phivet:"

var rulePattern = lazyregexp.New(`^PHI[0-9]{3}$`)

// Parse returns the directives of a file in file order. The comment sign
// follows from the file's name: Go, SQL, or "#" for everything else.
func Parse(file string, content []byte) []Directive {
	if !strings.Contains(string(content), marker) {
		return nil // nearly every file: do not tokenise for nothing
	}
	var comments []comment
	switch path.Ext(file) {
	case ".go":
		comments = goComments(content)
	case ".sql", ".psql", ".pgsql", ".ddl":
		comments = sqlComments(content)
	default:
		comments = hashComments(content)
	}
	m := finding.NewMapper(file, content)
	var out []Directive
	for _, c := range comments {
		if d, ok := parseComment(m, c, content); ok {
			out = append(out, d)
		}
	}
	coverNextLines(out)
	return out
}

// A comment is a line comment: start is its sign, text what stands behind it.
type comment struct {
	start int
	text  string
}

func parseComment(m *finding.Mapper, c comment, content []byte) (Directive, bool) {
	body := strings.TrimRight(c.text, " \t\r\n")
	lead := len(body) - len(strings.TrimLeft(body, " \t"))
	body = body[lead:]
	if !strings.HasPrefix(body, marker) {
		return Directive{}, false
	}
	sign := strings.IndexAny(string(content[c.start:]), "p") // the marker's first letter ends sign and blanks
	end := c.start + max(sign, 0) + len(body)
	d := Directive{Span: m.Span(c.start, end)}
	d.Line = d.Span.Start.Line
	d.Rules, d.Reason, d.Problem = parseBody(body)
	before := m.Line(d.Line)[:d.Span.Start.Column-1]
	if strings.TrimSpace(string(before)) == "" {
		d.Line++ // alone on its line: it speaks of the next one
	}
	return d, true
}

// parseBody reads "phivet:ignore IDS -- reason". The problem never quotes the
// comment, which may hold anything.
func parseBody(body string) (ids []string, reason, problem string) {
	verb, rest, _ := strings.Cut(strings.TrimPrefix(body, marker), " ")
	if verb != "ignore" {
		return nil, "", "directive is not phivet:ignore"
	}
	list, reason, found := strings.Cut(rest, "--")
	reason = strings.TrimSpace(reason)
	for _, id := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' }) {
		if !rulePattern.MatchString(id) {
			return nil, "", "phivet:ignore names something that is no rule ID"
		}
		ids = append(ids, id)
	}
	switch {
	case len(ids) == 0:
		return nil, "", "phivet:ignore names no rule"
	case !found || reason == "":
		return nil, "", "phivet:ignore " + strings.Join(ids, ",") + " gives no reason"
	}
	return ids, reason, ""
}

// coverNextLines makes stacked directives all speak of the line below the
// stack.
func coverNextLines(ds []Directive) {
	for i := len(ds) - 2; i >= 0; i-- {
		next := ds[i+1]
		alone := next.Line == next.Span.Start.Line+1
		if alone && ds[i].Line == next.Span.Start.Line && ds[i].Line == ds[i].Span.Start.Line+1 {
			ds[i].Line = next.Line
		}
	}
}

// An Index answers which findings are silenced, and remembers which directives
// were of use. It is not safe for concurrent use.
type Index struct {
	directives []Directive
	known      func(id string) bool
	at         map[place][]int
	used       map[use]bool
}

type place struct {
	file string
	line int
	rule string
}

type use struct {
	directive int
	rule      string
}

// NewIndex returns an index of the directives; known reports whether a rule of
// that ID exists.
func NewIndex(ds []Directive, known func(id string) bool) *Index {
	x := &Index{directives: ds, known: known, at: map[place][]int{}, used: map[use]bool{}}
	for i, d := range ds {
		for _, id := range d.Rules {
			p := place{d.Span.File, d.Line, id}
			x.at[p] = append(x.at[p], i)
		}
	}
	return x
}

// Match reports the directive that silences a finding of that rule on that
// line, and marks it as used.
func (x *Index) Match(rule, file string, line int) (Directive, bool) {
	hits := x.at[place{file, line, rule}]
	if len(hits) == 0 || rule == malformed.ID || rule == unused.ID {
		return Directive{}, false // the two rules about directives are not silenced by directives
	}
	for _, i := range hits {
		x.used[use{i, rule}] = true
	}
	return x.directives[hits[0]], true
}

// Problems returns the findings about the directives themselves, sorted. A
// directive is unused only for rules that judged reports as having been looked
// for in this run.
func (x *Index) Problems(judged func(id string) bool) []finding.Finding {
	var out []finding.Finding
	report := func(rule *rules.Rule, d Directive, message, object string) {
		out = append(out, finding.Finding{
			Rule: rule, Severity: rule.Severity, Message: message, Span: d.Span, Object: object,
		})
	}
	for i, d := range x.directives {
		if d.Problem != "" {
			report(malformed, d, d.Problem, "directive")
			continue
		}
		for _, id := range d.Rules {
			switch {
			case !x.known(id):
				report(malformed, d, fmt.Sprintf("phivet:ignore names %s, which is no rule", id), "directive "+id)
			case !x.used[use{i, id}] && judged(id):
				report(unused, d, fmt.Sprintf("phivet:ignore %s matches no finding on line %d", id, d.Line), "directive "+id)
			}
		}
	}
	finding.Sort(out)
	return out
}

// SortDirectives orders directives by file and place.
func SortDirectives(ds []Directive) {
	slices.SortStableFunc(ds, func(a, b Directive) int {
		return cmp.Or(
			cmp.Compare(a.Span.File, b.Span.File),
			cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset),
		)
	})
}
