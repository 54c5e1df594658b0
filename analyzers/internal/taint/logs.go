package taint

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/phivet/phivet/analyzers/internal/knowledge"
	"github.com/phivet/phivet/analyzers/internal/sqlshape"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
)

// verbs matches the directives of a format.
var verbs = lazyregexp.New(`%[-+# 0-9.*\[\]]*[a-zA-Z%]`)

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
	all = append(all, e.argsLeaks(fn, u)...)
	for _, v := range u.values {
		if plainText(u.sink) {
			v = asText(v)
		}
		for _, l := range e.leaks(v) {
			all = append(all, e.beside(fn, u, l))
		}
		all = append(all, e.secretLeaks(v, false)...)
	}
	// Where a name is logged beside a key, the name is what has to be said.
	slices.SortStableFunc(all, func(a, b leak) int { return a.rank() - b.rank() })
	for _, l := range all {
		// The value under another name, or the error: whatever else it quotes,
		// here is where it is logged.
		reported[l.value], reported[l.at] = true, true
		// The fields of what is logged as a whole are no news.
		if seen[l.rule] || l.rule == "PHI201" && (seen["PHI202"] || seen["PHI203"]) || l.rank() == 2 && seen["PHI201"] {
			continue
		}
		seen[l.rule] = true
		e.reportLeak(u, l)
	}
	return reported
}

// inError reports whether the value is part of an error that is logged.
func (l leak) inError() bool {
	return l.at != l.value && (l.at.kind == kQuery || l.at.kind == kError || l.at.kind == kFormat || l.at.kind == kThrough)
}

// rank puts keys that stand for a patient behind what tells of one, and those
// in the text of an error last.
func (l leak) rank() int {
	switch {
	case l.value.class.Category != phi.Link && !resourceKey(l.value):
	case l.rule == "PHI201":
		return 1
	case l.rule == "PHI205" && (l.at.kind == kFormat || l.at.kind == kThrough):
		return 2
	}
	return 0
}

// resourceKey reports whether n is what a FHIR server calls the resource of a
// person: made up by the server, as keys are.
func resourceKey(n *node) bool {
	name := strings.ToLower(n.name[strings.LastIndexByte(n.name, '.')+1:])
	return n.class.Category == phi.OtherID && strings.HasSuffix(strings.ReplaceAll(name, "_", ""), "fhirid")
}

func (e *engine) reportLeak(u *use, l leak) {
	at := u.pos
	if e.madeThere(u, l) {
		at = u.origin
	}
	pos, end, ok := e.rangeOf(at)
	if !ok {
		pos, end = at, at
	}
	if from, to, ok := e.within(u, l, pos, end); ok {
		pos, end = from, to
	}
	d := analysis.Diagnostic{Pos: pos, End: end, Category: l.rule, Message: l.rule + " " + l.message}
	if l.rule == "PHI211" && bareToken(l.value) {
		d.Category += "/medium"
	}
	if l.rank() > 0 || l.rule == "PHI208" && e.otherBusiness() {
		// An opaque key is what a log should carry instead of a name, and
		// still says whose record it was: worth knowing, no more. So are
		// statements of a program about something else than health.
		d.Category += "/low"
	}
	e.related(&d, l.value.pos, "source: "+display(l.value))
	if l.inError() {
		e.related(&d, l.at.pos, "may be quoted by this error")
	}
	if at != u.pos {
		e.related(&d, u.pos, "goes in here")
	}
	e.related(&d, at, "reaches "+shortName(u.sink))
	if l.inError() && l.at.pos == u.pos && u.via && !u.origin.IsValid() {
		// The error comes about where it is logged, in another package: there
		// is one place to mend, however many calls lead there.
		e.reportOnce(d, l.rule+" "+l.at.name+" "+u.sink)
		return
	}
	// One call may lead to two lines of a log that say the same.
	e.reportOnce(d, fmt.Sprint(u.pos, " ", d.Message))
}

// within returns the range of what is logged, where that stands on another line
// of the call: a call may have a line for each of its fields.
func (e *engine) within(u *use, l leak, pos, end token.Pos) (from, to token.Pos, ok bool) {
	line := e.pass.Fset.Position(pos).Line
	if e.pass.Fset.Position(end).Line == line {
		return 0, 0, false
	}
	var at token.Pos
	for _, v := range u.values {
		walkPrinted(v, func(n *node) bool {
			if n.pos > pos && n.pos < end && e.pass.Fset.Position(n.pos).Line != line && contains(n, l.at) {
				at = n.pos // the innermost comes last
			}
			return true
		})
	}
	if !at.IsValid() {
		return 0, 0, false
	}
	for _, n := range e.enclosing(at) {
		switch n := n.(type) {
		case *ast.SelectorExpr, *ast.CallExpr, *ast.IndexExpr, *ast.BinaryExpr:
			return n.Pos(), n.End(), true
		case *ast.KeyValueExpr:
			return n.Value.Pos(), n.Value.End(), true
		case *ast.Ident:
		default:
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// madeThere reports whether the error that is logged comes about in the very
// function of this package that logs it: what a caller gave it is then only
// where the value comes from. A function that logs any error it is given is
// another matter: there, the caller is who logs.
func (e *engine) madeThere(u *use, l leak) bool {
	if !u.via || !u.origin.IsValid() || !l.inError() || u.home == nil || u.home.Syntax() == nil {
		return false
	}
	syntax := u.home.Syntax()
	return syntax.Pos() <= l.at.pos && l.at.pos < syntax.End() && syntax.Pos() <= u.origin && u.origin < syntax.End()
}

// leaks finds what of n must not be written.
func (e *engine) leaks(n *node) []leak {
	var out []leak
	walkPrinted(n, func(n *node) bool {
		var found []leak
		descend := true
		switch n.kind {
		case kQuery:
			found, descend = e.queryLeaks(n), false
		case kError:
			descend = false
			if v := e.phiIn(n.x[0]); v != nil {
				found = []leak{{"PHI205", n, v, "logged error of " + n.name + " quotes " + display(v)}}
			}
		case kFormat:
			found, descend = e.formatLeaks(n)
		case kThrough:
			found, descend = e.throughLeaks(n)
		case kAlt:
			if sensitive(n) {
				found, descend = []leak{{"PHI201", n, n, display(n) + " is logged"}}, false
			}
		case kParam, kLeaf, kField, kElem:
			found, descend = e.valueLeaks(n)
		}
		out = append(out, found...)
		return descend
	})
	return out
}

// formatLeaks finds what a format as a whole has to say, and whether to look at
// what it prints.
func (e *engine) formatLeaks(n *node) (out []leak, descend bool) {
	if l, ok := e.sharp(n); ok {
		out = append(out, l)
	}
	if n.typ != "error" {
		if v := e.labelled(n); v != nil {
			out = append(out, leak{"PHI201", v.x[0], v, display(v) + " is logged"})
		}
		return out, true
	}
	v := e.phiIn(n)
	if v == nil {
		v = e.labelled(n)
	}
	switch {
	case v == nil:
		return out, true
	case v.typ == "body":
		return append(out, e.besideBody(printed(n))...), false
	}
	return append(out, leak{"PHI205", n, v, "logged error holds " + display(v)}), false
}

// besideBody finds what the parts of an error leak besides the body of an
// answer. That it holds one was said where the error was made, and few of those
// who log the errors of a client are about to find such an answer in it.
func (e *engine) besideBody(parts []*node) []leak {
	var out []leak
	for _, x := range parts {
		for _, l := range e.leaks(x) {
			if l.value.typ != "body" {
				out = append(out, l)
			}
		}
	}
	return out
}

// throughLeaks is formatLeaks for what was made of a value.
func (e *engine) throughLeaks(n *node) (out []leak, descend bool) {
	switch n.typ {
	case "error":
		switch v := e.phiIn(n); {
		case v == nil:
		case v.typ == "body":
			return e.besideBody(n.x), false
		default:
			return []leak{{"PHI205", n, v, "logged error holds " + display(v)}}, false
		}
	case "json":
		if len(n.x) == 1 && n.x[0].typ == "struct" && n.x[0].index&hiddenInJSON != 0 {
			return nil, false
		}
		if v := e.driverErrorIn(n); v != nil {
			return []leak{{"PHI206", n, v, "driver's error is logged as JSON, which shows its Detail"}}, false
		}
	case "jsonstructs":
		return nil, n.x[0].typ != "struct" || n.x[0].index&hiddenInJSON == 0
	case "struct":
		if n.class.PHI() {
			return []leak{{"PHI202", n, n, n.name + " is logged as a whole (" + n.text + ")"}}, false
		}
	case "pgerror":
		return nil, false // printed plainly it shows its message only
	}
	return nil, true
}

// valueLeaks is formatLeaks for a value with a name.
func (e *engine) valueLeaks(n *node) (out []leak, descend bool) {
	switch {
	case n.kind == kField && n.typ == "pgerror":
		if knowledge.DetailFields[n.text] && !e.otherBusiness() {
			out = append(out, leak{"PHI206", n, n, display(n) + " is logged: it quotes values of the row"})
		}
	case n.typ == requestURL:
		if a := e.addressed(); a != nil {
			v := *n
			v.class = a.class
			out = append(out, leak{"PHI201", n, &v, display(n) + " is logged: it can carry " + display(a)})
		}
	case n.typ == "body":
		out = append(out, leak{"PHI202", n, n, display(n) + " is logged as a whole"})
	case n.typ == "statement":
		out = append(out, leak{"PHI208", n, n, "logger for gorm writes statements with their values"})
	case n.typ == statementError:
		out = append(out, leak{"PHI205", n, n, "logger for gorm writes the errors of all queries, which can quote PHI"})
	case sensitive(n):
		out = append(out, leak{"PHI201", n, n, display(n) + " is logged"})
	default:
		return nil, n.kind == kElem && n.text == "" || n.kind == kLeaf
	}
	return out, false
}

// driverErrorIn returns a driver's error in n, or the error of a query that
// PHI goes into: what no value went into has none in its detail.
func (e *engine) driverErrorIn(n *node) *node {
	var found *node
	walk(n, func(n *node) bool {
		if found == nil && (n.kind == kQuery && len(e.queryLeaks(n)) > 0 || n.kind == kThrough && n.typ == "pgerror") {
			found = n
		}
		return found == nil && n.kind != kField && n.kind != kQuery && !(n.kind == kSame && n.typ == "error")
	})
	if found != nil && e.otherBusiness() {
		return nil
	}
	return found
}

// sharp finds a driver's error that a format prints with %#v, field by field.
func (e *engine) sharp(n *node) (leak, bool) {
	var found *node
	l := &liner{active: map[*node]int{}, weight: map[*node]int{}}
	format, ok := formatText(n)
	if !ok {
		return leak{}, false
	}
	eachVerb(format, l.items(n.x[1]), func(v verb, x *node) {
		if v.sharp && v.verb == 'v' && found == nil {
			found = e.driverErrorIn(x)
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
		if v := e.phiIn(a); v != nil && v.class.PHI() && v.typ != "float" {
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
			if p.Role == sqlshape.Value && p.Class.PHI() && p.Number >= 1 && p.Number <= len(args) && !e.unquoted(args[p.Number-1]) {
				add(args[p.Number-1], "the value bound for "+p.Qualified())
			}
		}
	}
	return out
}

// unquoted reports whether an error cannot quote what is bound: constants, and
// fractions and times that are not somebody's, which drivers write in a form
// that is always read.
func (e *engine) unquoted(n *node) bool {
	return n.kind != kElem && (n.typ == "time" || n.typ == "bool" || n.typ == "float") || e.harmless(n)
}

// judgeErrorText reports PHI that becomes the text of an error or a panic. The
// key of a patient alone is not reported here: where it is logged, it is.
func (e *engine) judgeErrorText(u *use) map[*node]bool {
	reported := map[*node]bool{}
	for _, v := range u.values {
		if u.sink == "panic" {
			for _, l := range e.secretLeaks(v, false) {
				e.reportLeak(u, l)
			}
		}
		found := errorTextPHI(v)
		if found == nil && v.kind == kFormat {
			if found = e.labelled(v); found != nil && !found.class.PHI() {
				found = nil
			}
			if found != nil {
				reported[found.x[0]] = true
			}
		}
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
			return n.typ != "pgerror" && n.typ != "error"
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
