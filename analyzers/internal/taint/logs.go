package taint

import (
	"regexp"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/phi"
)

// verbs matches the directives of a format.
var verbs = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z%]`)

// A leak is what reaches a log.
type leak struct {
	rule    string
	at      *node // what reaches the log: the value, or the error that has it
	value   *node // what may be seen there
	message string
}

// judgeLog reports what of the values of a log call is PHI, or an error that
// can carry it: one finding for each rule and call.
func (e *engine) judgeLog(fn *function, u *use) map[*node]bool {
	reported := map[*node]bool{}
	seen := map[string]bool{}
	var all []leak
	for _, v := range u.values {
		all = append(all, e.leaks(v)...)
	}
	// Where a name is logged beside a key, the name is what has to be said.
	slices.SortStableFunc(all, func(a, b leak) int { return a.rank() - b.rank() })
	for _, l := range all {
		reported[l.value] = true
		// The fields of what is logged as a whole are no news.
		if seen[l.rule] || l.rule == "PHI201" && seen["PHI202"] {
			continue
		}
		seen[l.rule] = true
		e.reportLeak(u, l)
	}
	return reported
}

// rank puts keys that stand for a patient behind what tells of one.
func (l leak) rank() int {
	if l.rule == "PHI201" && l.value.class.Category == phi.Link {
		return 1
	}
	return 0
}

func (e *engine) reportLeak(u *use, l leak) {
	pos, end, ok := e.rangeOf(u.pos)
	if !ok {
		pos, end = u.pos, u.pos
	}
	d := analysis.Diagnostic{Pos: pos, End: end, Category: l.rule, Message: l.rule + " " + l.message}
	if l.rank() > 0 {
		// An opaque key is what a log should carry instead of a name, and
		// still says whose record it was: worth knowing, no more.
		d.Category += "/low"
	}
	e.related(&d, l.value.pos, "source: "+display(l.value))
	if l.at != l.value {
		e.related(&d, l.at.pos, "may be quoted by this error")
	}
	e.related(&d, u.pos, "reaches "+shortName(u.sink))
	e.report(d)
}

// leaks finds what of n must not be written.
func (e *engine) leaks(n *node) []leak {
	var out []leak
	walkPrinted(n, func(n *node) bool {
		switch n.kind {
		case kQuery:
			out = append(out, e.queryLeaks(n)...)
			return false
		case kError:
			if v := e.phiIn(n.x[0]); v != nil {
				out = append(out, leak{"PHI205", n, v, "logged error of " + n.name + " quotes " + display(v)})
			}
			return false
		case kFormat:
			if l, ok := e.sharp(n); ok {
				out = append(out, l)
			}
			if n.typ == "error" {
				if v := e.phiIn(n); v != nil {
					out = append(out, leak{"PHI205", n, v, "logged error holds " + display(v)})
					return false
				}
			}
		case kThrough:
			if n.typ == "json" {
				if v := driverErrorIn(n); v != nil {
					out = append(out, leak{"PHI206", n, v, "driver's error is logged as JSON, which shows its Detail"})
					return false
				}
			}
			if n.typ == "struct" && n.class.PHI() {
				out = append(out, leak{"PHI202", n, n, n.name + " is logged as a whole (" + n.text + ")"})
				return false
			}
			return n.typ != "pgerror" // printed plainly it shows its message only
		case kAlt:
			if sensitive(n) {
				out = append(out, leak{"PHI201", n, n, display(n) + " is logged"})
				return false
			}
		case kParam, kLeaf, kField, kElem:
			if n.kind == kField && n.typ == "pgerror" {
				if knowledge.DetailFields[n.text] {
					out = append(out, leak{"PHI206", n, n, display(n) + " is logged: it quotes values of the row"})
				}
				return false
			}
			if n.typ == "statement" {
				out = append(out, leak{"PHI208", n, n, "logger for gorm writes statements with their values"})
				return false
			}
			if sensitive(n) {
				out = append(out, leak{"PHI201", n, n, display(n) + " is logged"})
				return false
			}
			return n.kind == kElem && n.text == "" || n.kind == kLeaf
		}
		return true
	})
	return out
}

// driverErrorIn returns a driver's error in n, or the error of a query.
func driverErrorIn(n *node) *node {
	var found *node
	walk(n, func(n *node) bool {
		if found == nil && (n.kind == kQuery || n.kind == kThrough && n.typ == "pgerror") {
			found = n
		}
		return found == nil && n.kind != kField
	})
	return found
}

// sharp finds a driver's error that a format prints with %#v, field by field.
func (e *engine) sharp(n *node) (leak, bool) {
	var found *node
	l := &liner{active: map[*node]int{}, weight: map[*node]int{}}
	if n.x[0].kind != kConst {
		return leak{}, false
	}
	eachVerb(n.x[0].text, l.items(n.x[1]), func(v verb, x *node) {
		if v.sharp && v.verb == 'v' && found == nil {
			found = driverErrorIn(x)
		}
	})
	if found != nil {
		return leak{"PHI206", n, found, "driver's error is logged with %#v, which shows its Detail"}, true
	}
	return leak{}, false
}

// queryLeaks decides whether the error of a query can carry PHI: it can where
// PHI was bound to it or is part of its text.
func (e *engine) queryLeaks(q *node) []leak {
	var out []leak
	add := func(v *node, what string) {
		out = append(out, leak{"PHI205", q, v, "logged error of " + q.name + " can quote " + what})
	}
	args := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(q.x[1])
	for _, a := range args {
		if v := e.phiIn(a); v != nil && v.class.PHI() {
			add(v, display(v))
		} else if a.kind == kThrough && a.typ == "struct" && a.class.PHI() {
			add(a, a.name+" ("+a.text+")")
		}
	}
	for _, ps := range variants(q.x[0]) {
		parts := make([]sqlshape.Part, len(ps))
		for i, p := range ps {
			parts[i] = sqlshape.Part{Text: p.text}
			if p.hole != nil {
				parts[i] = sqlshape.Part{Hole: true, ID: i, Verb: p.verb, Repeat: p.repeat}
			}
		}
		shape := sqlshape.Context{Lexicon: e.lexicon, Schema: e.schema}.Analyze(parts)
		for _, h := range shape.Holes {
			if ps[h.Part].hole == nil {
				continue
			}
			if s, ok := e.spills(ps[h.Part], h); ok {
				add(s.value, display(s.value))
			}
		}
		for _, p := range shape.Params {
			if p.Role == sqlshape.Value && p.Class.PHI() && p.Number >= 1 && p.Number <= len(args) && !e.harmless(args[p.Number-1]) {
				add(args[p.Number-1], "the value bound for "+p.Qualified())
			}
		}
	}
	return out
}

// judgeErrorText reports PHI that becomes the text of an error or a panic. The
// key of a patient alone is not reported here: where it is logged, it is.
func (e *engine) judgeErrorText(u *use) map[*node]bool {
	reported := map[*node]bool{}
	for _, v := range u.values {
		found := errorTextPHI(v)
		if found == nil {
			continue
		}
		reported[found] = true
		pos, end, ok := e.rangeOf(u.pos)
		if !ok {
			pos, end = u.pos, u.pos
		}
		what := " becomes part of an error's text"
		if u.sink == "panic" {
			what = " becomes the text of a panic"
		}
		d := analysis.Diagnostic{Pos: pos, End: end, Category: "PHI204", Message: "PHI204 " + display(found) + what}
		e.related(&d, found.pos, "source: "+display(found))
		e.report(d)
	}
	return reported
}

// errorTextPHI returns the first PHI value in v that is not inside of another
// error: that one was judged where it was made.
func errorTextPHI(v *node) *node {
	var found *node
	walkPrinted(v, func(n *node) bool {
		switch n.kind {
		case kQuery, kError:
			return false
		case kThrough:
			return n.typ != "pgerror"
		case kParam, kLeaf, kField, kElem:
			if found == nil && n.class.PHI() && n.typ != "error" {
				found = n
			}
			return n.kind == kElem && n.text == "" || n.kind == kLeaf
		}
		return n == v || n.kind != kFormat || n.typ != "error"
	})
	return found
}
