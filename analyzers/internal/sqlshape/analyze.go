package sqlshape

import (
	"errors"
	"strings"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxAttempts bounds how often one statement is parsed, which keeps the whole
// linear: what it costs grows with the text and not with the choices.
const maxAttempts = 10

// An analysis is the state of one call of Analyze.
type analysis struct {
	Context
	f       *flat
	toks    []tok
	paramOf map[int]int // token to index in shape.Params
	shape   *Shape
	holes   []*Hole // by hole number
	w       *walker
	// parsed counts the bytes that the grammar was given, for the tests: time
	// is spent there.
	parsed int
}

// Analyze says what each hole of the parts is, and what else the text tells.
// It accepts any text and any parts.
func (c Context) Analyze(parts []Part) *Shape {
	a := newAnalysis(c, parts)
	a.run()
	return a.shape
}

// run judges statement after statement and classifies at the end, when every
// column that the text mentions is known.
func (a *analysis) run() {
	statements := a.split()
	a.shape.OK = len(statements) > 0
	for i, toks := range statements {
		ok, command := a.statement(toks)
		a.shape.OK = a.shape.OK && ok
		if i == 0 || a.shape.Command == "" {
			a.shape.Command = command
		}
	}
	a.finish()
}

// newAnalysis prepares what Analyze and Rewrite share. Holes with choices are
// settled at once: they are constants.
func newAnalysis(c Context, parts []Part) *analysis {
	if c.Lexicon == nil {
		c.Lexicon = defaultLexicon()
	}
	a := &analysis{Context: c, f: flatten(parts), shape: &Shape{Fragment: c.Fragment}, paramOf: map[int]int{}}
	a.toks = lex(a.f)
	a.holes = make([]*Hole, len(a.f.holes))
	a.shape.Holes = make([]Hole, 0, len(parts)) // never moved: holes point into it
	n := 0
	for i, p := range parts {
		if !p.Hole {
			continue
		}
		h := Hole{ID: p.ID, Part: i}
		if len(p.Choices) > 0 {
			h.Role = Constant
		}
		a.shape.Holes = append(a.shape.Holes, h)
		if len(p.Choices) == 0 {
			a.holes[n] = &a.shape.Holes[len(a.shape.Holes)-1]
			n++
		}
	}
	a.tokens()
	a.w = newWalker(a)
	return a
}

var defaultLexicon = phi.Default

// tokens settles what the token alone decides: holes in comments and in the
// numbers of placeholders, and which parameters the text has.
func (a *analysis) tokens() {
	highest, count := 0, 0
	for i := range a.toks {
		t := &a.toks[i]
		switch t.kind {
		case kComment:
			for _, h := range t.holes {
				a.settle(h, Comment)
			}
		case kString, kQuoted:
			for _, h := range t.holes {
				a.holes[h].InQuotes = true
			}
		case kParam:
			for _, h := range t.holes {
				a.settle(h, Placeholder)
			}
			if t.ident || t.style == StyleNone {
				continue
			}
			p := Param{Number: len(a.shape.Params) + 1}
			text := a.f.text[t.start+1 : t.end]
			switch {
			case t.style == Dollar:
				p.Number = atoi(text)
			case t.style != Question:
				p.Name = strings.ReplaceAll(text, "\x00", "")
			}
			highest = max(highest, p.Number)
			if len(t.holes) == 0 {
				count++
			}
			if a.shape.Style == StyleNone {
				a.shape.Style = t.style
			}
			a.paramOf[i] = len(a.shape.Params)
			a.shape.Params = append(a.shape.Params, p)
		}
	}
	a.shape.Placeholders = count
	if a.shape.Style == Dollar {
		a.shape.Placeholders = highest
	}
}

// atoi reads the digits that s starts with, as far as a parameter can count.
func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && digit(s[i]) && n < 1<<16; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// settle gives a hole a role, unless it has one.
func (a *analysis) settle(hole int, r Role) *Hole {
	h := a.holes[hole]
	if h.Role == Unknown {
		h.Role = r
	}
	return h
}

// split parts the tokens at semicolons; comments are left out.
func (a *analysis) split() [][]int {
	var out [][]int
	var cur []int
	for i := range a.toks {
		switch t := &a.toks[i]; {
		case t.kind == kComment:
		case t.is(";"):
			if len(cur) > 0 {
				out = append(out, cur)
			}
			cur = nil
		default:
			cur = append(cur, i)
		}
	}
	if len(cur) > 0 {
		out = append(out, cur)
	}
	a.shape.Statements = len(out)
	return out
}

// statement parses and judges one statement, as far as it goes in one piece:
// what the grammar does not take is cut at a clause and taken up again as a
// fragment in the scope of what stands before it.
func (a *analysis) statement(toks []int) (ok bool, command string) {
	ok = true
	budget := maxAttempts
	var outer *scope
	for first := true; len(toks) > 0; first = false {
		toks = a.strip(toks, first && a.Fragment != Auto)
		if len(toks) == 0 {
			break
		}
		used, verb, sc := a.piece(toks, first, outer, &budget)
		if first {
			command = verb
		}
		if sc != nil {
			outer = sc
		}
		if used < len(toks) {
			ok = false
		}
		if used == 0 {
			a.lexical(toks, outer)
			break
		}
		toks = toks[used:]
	}
	return ok, command
}

// strip takes off leading holes that are a piece of SQL by themselves: the
// query so far, to which the text adds a clause. In a fragment of a known kind
// only a clause behind it tells.
func (a *analysis) strip(toks []int, fragment bool) []int {
	for len(toks) > 0 {
		t := &a.toks[toks[0]]
		if t.is(")") || t.is(";") {
			toks = toks[1:]
			continue
		}
		if t.kind != kHole {
			break
		}
		if len(toks) > 1 {
			n := &a.toks[toks[1]]
			plain := n.kind == kWord && (clauseWord[n.word] || statementWord[n.word]) && !n.is("set", "values")
			if !plain && fragment {
				break
			}
			if !plain && !n.is(",") && n.kind != kHole && (!n.begins() || n.is("(")) {
				break
			}
		}
		h := a.settle(t.holes[0], SQLFragment)
		h.Parsed = true
		toks = toks[1:]
	}
	return toks
}

// piece parses as much of the tokens as the grammar takes and returns how many.
func (a *analysis) piece(toks []int, first bool, outer *scope, budget *int) (used int, command string, sc *scope) {
	frames := a.frames(toks, first)
	furthest, at := -1, 0
	for i := range frames {
		r, node, errAt := a.attempt(frames[i], toks, budget)
		if node != nil {
			return len(toks), frames[i].command(a.toks, toks), a.w.tree(node, r, frames[i], outer)
		}
		if errAt > at {
			furthest, at = i, errAt
		}
	}
	for furthest >= 0 {
		cut := a.cut(toks, at)
		if cut <= 0 {
			break
		}
		r, node, errAt := a.attempt(frames[furthest], toks[:cut], budget)
		if node != nil {
			return cut, frames[furthest].command(a.toks, toks), a.w.tree(node, r, frames[furthest], outer)
		}
		at = min(cut-1, errAt)
	}
	return a.skip(toks, outer), frames[0].command(a.toks, toks), nil
}

// cut returns the last place at or before position at where a clause starts.
func (a *analysis) cut(toks []int, at int) int {
	for i := min(at, len(toks)-1); i > 0; i-- {
		if t := &a.toks[toks[i]]; t.kind == kWord && clauseWord[t.word] && !t.is("and", "or", "as") || a.duplicate(toks, i) {
			return i
		}
	}
	return 0
}

// duplicate reports MySQL's ON DUPLICATE KEY UPDATE behind position i-4.
func (a *analysis) duplicate(toks []int, i int) bool {
	return i >= 4 && a.toks[toks[i-1]].is("update") && a.toks[toks[i-3]].is("duplicate")
}

// skip judges the first clause by its words and returns how long it is, or 0
// if there is no other behind it.
func (a *analysis) skip(toks []int, outer *scope) int {
	for i := 1; i < len(toks); i++ {
		if t := &a.toks[toks[i]]; t.kind == kWord && statementWord[t.word] && clauseWord[t.word] && !t.is("values", "set", "with") {
			a.lexical(toks[:i], outer)
			return i
		}
	}
	return 0
}

// attempt parses the tokens within a frame. It retries with other stand-ins
// for the hole next to the place that the grammar complains of, and returns
// the position of that token in the list if nothing helps.
func (a *analysis) attempt(fr frame, toks []int, budget *int) (*rendered, *pgparse.Node, int) {
	modes := map[int]mode{}
	tried := map[int]int{}
	bestAt := 0
	for tries := 0; tries < 4 && *budget > 0; tries++ {
		*budget--
		r := a.render(fr.prefix, toks, modes)
		if len(r.pieces) == 0 {
			return r, nil, 0
		}
		a.parsed += len(r.sql)
		node, err := pgparse.ParseOne(r.sql + fr.suffix)
		if err == nil {
			return r, node, 0
		}
		var se *pgparse.SyntaxError
		offset := 0
		if errors.As(err, &se) {
			offset = se.Offset
		}
		p := r.pieceAt(offset)
		if offset >= len(r.sql) {
			p = len(r.pieces) - 1
		}
		at := position(toks, r.pieces[p].idx)
		bestAt = max(bestAt, at)
		if !a.retry(toks, at, r, modes, tried) {
			break
		}
	}
	return nil, nil, bestAt
}

// position returns the place of a token in a statement's list.
func position(toks []int, idx int) int {
	for i, t := range toks {
		if t == idx {
			return i
		}
	}
	return 0
}

// retry picks another mode for a lone hole at the error, or just before it.
func (a *analysis) retry(toks []int, at int, r *rendered, modes map[int]mode, tried map[int]int) bool {
	for i := at; i >= 0 && i >= at-2; i-- {
		idx := toks[i]
		if a.toks[idx].kind != kHole {
			continue
		}
		current := modes[idx]
		for _, p := range r.pieces {
			if p.idx == idx {
				current = p.mode
			}
		}
		if current == asDefault {
			current = asEmpty // it left no piece
		}
		for tried[idx] < len(alternatives) {
			m := alternatives[tried[idx]]
			tried[idx]++
			if m != current {
				modes[idx] = m
				return true
			}
		}
	}
	return false
}

// upper returns the command of a statement that starts with the word.
func upper(word string) string {
	switch {
	case word == "select" || word == "values" || word == "table":
		return "SELECT"
	case word == "replace":
		return "INSERT"
	case word == "set" || word == "reset":
		return "SET"
	case ddlWord[word]:
		return "DDL"
	case strings.Contains(" insert update delete merge copy call ", " "+word+" "):
		return strings.ToUpper(word)
	}
	return "UTILITY"
}
