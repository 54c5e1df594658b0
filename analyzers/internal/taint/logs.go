package taint

import (
	"regexp"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/sqlshape"
)

var verbs = regexp.MustCompile(`%[-+# 0-9.*\[\]]*[a-zA-Z%]`)

// A leak is what reaches a log.
type leak struct {
	rule    string
	value   *node
	message string
}

// judgeLog reports what of the values of a log call is PHI, or an error that
// can carry it. One finding a rule and call.
func (e *engine) judgeLog(fn *function, u *use) {
	seen := map[string]bool{}
	for _, v := range u.values {
		for _, l := range e.leaks(v) {
			if seen[l.rule] {
				continue
			}
			seen[l.rule] = true
			pos, end, ok := e.rangeOf(u.pos)
			if !ok {
				pos, end = u.pos, u.pos
			}
			d := analysis.Diagnostic{Pos: pos, End: end, Category: l.rule, Message: l.rule + " " + l.message}
			e.related(&d, l.value.pos, "source: "+display(l.value))
			e.related(&d, u.pos, "reaches "+shortName(u.sink))
			e.report(d)
		}
	}
}

// leaks finds what of n must not be written.
func (e *engine) leaks(n *node) []leak {
	var out []leak
	walk(n, func(n *node) bool {
		switch n.kind {
		case kQuery:
			if l, ok := e.queryLeak(n); ok {
				out = append(out, l)
			}
			return false
		case kError:
			if v := e.phiIn(n.x[0]); v != nil && v.kind != kNone {
				out = append(out, leak{"PHI205", n, "logged error of " + n.name + " quotes " + display(v)})
				e.claim(v)
			}
			return false
		case kFormat:
			if n.typ == "error" {
				if v := e.phiIn(n); v != nil {
					out = append(out, leak{"PHI205", n, "logged error holds " + display(v)})
					e.claim(v)
				}
			}
		case kField:
			if driverDetail[n.text] && n.typ == "pgdetail" {
				out = append(out, leak{"PHI206", n, display(n) + " of the driver's error is logged: it quotes the row"})
				return false
			}
			if sensitive(n) {
				out = append(out, leak{"PHI201", n, display(n) + " is logged"})
			}
			return false
		case kParam, kLeaf, kElem:
			if n.kind == kParam && n.claimed {
				return false
			}
			if sensitive(n) {
				out = append(out, leak{"PHI201", n, display(n) + " is logged"})
				e.claim(n)
				return false
			}
			return n.kind == kElem && n.text == "" || n.kind == kLeaf
		}
		return true
	})
	return out
}

var driverDetail = map[string]bool{"Detail": true, "Where": true, "Hint": true, "InternalQuery": true}

// queryLeak decides whether the error of a query can carry PHI: it can where
// PHI was bound to it or is part of its text, and where it reads PHI columns
// into variables.
func (e *engine) queryLeak(q *node) (leak, bool) {
	text := variants(q.x[0])
	args := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(q.x[1])
	for _, ps := range text {
		parts := make([]sqlshape.Part, len(ps))
		for i, p := range ps {
			parts[i] = sqlshape.Part{Text: p.text}
			if p.hole != nil {
				parts[i] = sqlshape.Part{Hole: true, ID: i, Verb: p.verb, Repeat: p.repeat}
			}
		}
		shape := sqlshape.Context{Lexicon: e.lexicon, Schema: e.schema}.Analyze(parts)
		for _, h := range shape.Holes {
			if s, ok := e.spills(ps[h.Part], h); ok {
				return leak{"PHI205", q, "logged error of " + q.name + " can quote " + display(s.value)}, true
			}
		}
		if len(args) == 0 {
			continue
		}
		for _, p := range shape.Params {
			if p.Role == sqlshape.Value && p.Class.PHI() {
				return leak{"PHI205", q, "logged error of " + q.name + " can quote the value bound for " + p.Qualified()}, true
			}
		}
	}
	for _, a := range args {
		if v := e.phiIn(a); v != nil && v.class.PHI() {
			return leak{"PHI205", q, "logged error of " + q.name + " can quote " + display(v)}, true
		}
	}
	return leak{}, false
}
