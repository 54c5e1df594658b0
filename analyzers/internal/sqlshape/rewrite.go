package sqlshape

import (
	"slices"
	"strconv"
	"strings"
)

// A Piece is a part of a new argument: constant text, or the value of a hole.
type Piece struct {
	Text string
	Hole bool
	ID   int
}

// An Arg is an argument that a rewritten text asks for.
type Arg struct {
	// Placeholder is what stands in the text: $3, ?, :ssn.
	Placeholder string
	// Index is the argument's place in the list that the driver gets, counted
	// from 0 after all insertions; arguments come in ascending order of it.
	// It is -1 for named styles.
	Index int
	// Name is set for named styles.
	Name string
	// Pieces are to be concatenated: `'%`+x+`%'` gives "%", x, "%". A value
	// that stood alone is one piece and keeps its type.
	Pieces []Piece
}

// A Rewrite is a text with placeholders in the place of values.
type Rewrite struct {
	OK     bool
	Reason string // why there is no mechanical rewrite
	Parts  []Part // what is left: constant text and other holes
	Args   []Arg  // the new arguments only
	// Existing counts the arguments that the old text asked for. A caller
	// compares it with the arguments of the call.
	Existing int
}

// An edit replaces a range of the flat text by a placeholder.
type edit struct {
	start, end    int
	before, after string // around the placeholder: CAST( and AS date)
	pieces        []Piece
	column        string
}

// Rewrite puts placeholders of the given style in the place of the values of
// the holes with the given IDs. It changes nothing but those values, their
// quotes and the constant text inside the same quotes; where that is not
// enough to keep the statement's meaning it says why.
func (c Context) Rewrite(parts []Part, ids []int, style Style) *Rewrite {
	a := newAnalysis(c, parts)
	a.run()
	out := &Rewrite{Existing: a.shape.Placeholders}
	if out.Reason = a.refuses(style); out.Reason != "" {
		return out
	}
	var edits []edit
	for n, h := range a.holes {
		if !slices.Contains(ids, h.ID) {
			continue
		}
		if len(edits) > 0 && a.f.at[n] < edits[len(edits)-1].end {
			continue // in the same quotes as the hole before
		}
		e, reason := a.edit(n, h)
		if reason != "" {
			out.Reason = reason
			return out
		}
		edits = append(edits, e)
	}
	if len(edits) == 0 {
		out.Reason = "no such hole"
		return out
	}
	out.Parts, out.Args = a.apply(edits, style)
	check := c.Analyze(out.Parts)
	if out.OK = check.OK == a.shape.OK && check.Placeholders == out.Existing+len(out.Args); !out.OK {
		out.Reason = "the text does not parse with placeholders"
		out.Parts, out.Args = nil, nil
	}
	return out
}

// refuses says why a text as a whole takes no further placeholder.
func (a *analysis) refuses(style Style) string {
	s := a.shape
	switch {
	case style == StyleNone:
		return "placeholder style not known"
	case s.Statements > 1:
		return "several statements in one text take no parameters"
	case s.Command == "DDL", s.Command == "UTILITY", s.Command == "SET", s.Command == "COPY":
		return "a " + s.Command + " statement takes no parameters"
	case s.Command == "" && style == Dollar:
		return "the number of the placeholder depends on the rest of the text"
	case s.Style != StyleNone && s.Style != style:
		return "the text has placeholders of another style"
	}
	for i := range s.Holes {
		switch s.Holes[i].Role {
		case Placeholder:
			return "placeholders are numbered by the program"
		case SQLFragment, Unknown:
			return "a piece of the text is not known"
		}
	}
	for i := range a.toks {
		if a.toks[i].open || a.toks[i].kind == kParam && a.toks[i].style == StyleNone {
			return "the text is incomplete"
		}
	}
	return ""
}

// edit returns the replacement for one hole, or why there is none.
func (a *analysis) edit(n int, h *Hole) (edit, string) {
	part := a.f.parts[h.Part]
	switch {
	case !h.Role.IsValue() && h.Role != Limit:
		return edit{}, "the hole is not a value (" + h.Role.String() + ")"
	case !h.Parsed:
		return edit{}, "the text does not parse"
	case part.Repeat:
		return edit{}, "the hole is a list"
	case part.Verb != 0 && !strings.ContainsRune("sdvqtfg", part.Verb):
		return edit{}, "the value is formatted"
	}
	i := a.tokenOf(n)
	t := &a.toks[i]
	e := edit{start: t.start, end: t.end, column: h.Column}
	switch t.kind {
	case kHole:
		e.pieces = []Piece{{Hole: true, ID: h.ID}}
	case kString, kQuoted:
		if reason := a.quotedPieces(t, &e); reason != "" {
			return edit{}, reason
		}
		if p := a.toks[max(i-1, 0)]; i > 0 && p.kind == kWord && typeWord[p.word] {
			e.start = p.start
			e.before, e.after = "CAST(", " AS "+p.word+")"
		}
	default:
		return edit{}, "the hole is part of a name or number"
	}
	if a.polymorphic(i) || h.Role == ValueOther && a.selected(i) {
		if t.kind == kHole && part.Verb != 's' {
			return edit{}, "the type of the parameter is not known"
		}
		if e.before == "" {
			e.before, e.after = "CAST(", " AS text)"
		}
	}
	return e, ""
}

// tokenOf returns the token that a hole stands in.
func (a *analysis) tokenOf(hole int) int {
	i, _ := slices.BinarySearchFunc(a.toks, a.f.at[hole], func(t tok, at int) int {
		switch {
		case t.end <= at:
			return -1
		case t.start > at:
			return 1
		}
		return 0
	})
	return min(i, len(a.toks)-1)
}

// quotedPieces takes a constant with holes apart.
func (a *analysis) quotedPieces(t *tok, e *edit) string {
	body := a.f.text[t.bodyStart:t.bodyEnd]
	trimmed := strings.TrimSpace(body)
	switch {
	case t.bodyStart-t.start > 1 && strings.Contains(body, `\`):
		return "the constant has escapes"
	case strings.HasPrefix(trimmed, "{") || strings.HasPrefix(trimmed, "["):
		return "the hole is inside a JSON or array constant"
	}
	q := a.f.text[t.end-1 : t.end]
	add := func(s string) {
		if q == "'" || q == `"` {
			s = strings.ReplaceAll(s, q+q, q)
		}
		if s != "" {
			e.pieces = append(e.pieces, Piece{Text: s})
		}
	}
	at := t.bodyStart
	for _, k := range t.holes {
		add(a.f.text[at:a.f.at[k]])
		e.pieces = append(e.pieces, Piece{Hole: true, ID: a.holes[k].ID})
		if a.f.parts[a.holes[k].Part].Repeat {
			return "the hole is a list"
		}
		at = a.f.at[k] + 1
	}
	add(a.f.text[at:t.bodyEnd])
	if a.f.chosen(t.start, t.end) {
		return "the constant has further holes"
	}
	return ""
}

// anyType names functions from which PostgreSQL cannot tell what type a
// parameter has.
var anyType = set(`jsonb_build_object json_build_object jsonb_build_array json_build_array concat concat_ws format row
	to_json to_jsonb coalesce nullif quote_literal pg_typeof num_nulls array_agg unnest`)

// polymorphic reports whether token i is a direct argument of such a function.
func (a *analysis) polymorphic(i int) bool {
	depth := 0
	for j := i - 1; j >= 0 && j > i-64; j-- {
		switch t := &a.toks[j]; {
		case t.is(")"):
			depth++
		case t.is("(") && depth > 0:
			depth--
		case t.is("("):
			return j > 0 && a.toks[j-1].kind == kWord && anyType[a.toks[j-1].word]
		case depth == 0 && t.kind == kWord && clauseWord[t.word]:
			return false
		}
	}
	return false
}

// selected reports whether token i is a column of SELECT by itself.
func (a *analysis) selected(i int) bool {
	if i == 0 || !a.toks[i-1].is("select", ",", "distinct") {
		return false
	}
	for j := i - 1; j >= 0; j-- {
		if t := &a.toks[j]; t.is("(", ")") {
			return false
		} else if t.kind == kWord && clauseWord[t.word] {
			return t.is("select")
		}
	}
	return false
}

// apply makes the new parts and numbers the arguments.
func (a *analysis) apply(edits []edit, style Style) ([]Part, []Arg) {
	var args []Arg
	texts := make([]string, len(edits))
	used := map[string]bool{}
	for _, p := range a.shape.Params {
		used[p.Name] = true
	}
	for i, e := range edits {
		arg := Arg{Pieces: e.pieces, Index: -1}
		switch style {
		case Dollar:
			arg.Index = a.shape.Placeholders + i
			arg.Placeholder = "$" + strconv.Itoa(arg.Index+1)
		case Question:
			arg.Index = a.paramsBefore(e.start) + i
			arg.Placeholder = "?"
		default:
			arg.Name = unusedName(used, e.column)
			arg.Placeholder = map[Style]string{Colon: ":", At: "@"}[style] + arg.Name
		}
		args = append(args, arg)
		texts[i] = a.spaced(e, e.before+arg.Placeholder+e.after)
	}
	return a.splice(edits, texts), args
}

// paramsBefore counts the placeholders before an offset: with ?, the place of
// an argument is the place in the text.
func (a *analysis) paramsBefore(offset int) int {
	n := 0
	for i := range a.toks {
		if _, ok := a.paramOf[i]; ok && a.toks[i].start < offset {
			n++
		}
	}
	return n
}

// unusedName makes a parameter's name of a column's.
func unusedName(used map[string]bool, column string) string {
	base := strings.Map(func(r rune) rune {
		if r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' {
			return r
		}
		return '_'
	}, column)
	if base == "" || digit(base[0]) {
		base = "arg" + base
	}
	name := base
	for i := 2; used[name]; i++ {
		name = base + strconv.Itoa(i)
	}
	used[name] = true
	return name
}

// spaced keeps a placeholder off the words that a quote stood against.
func (a *analysis) spaced(e edit, s string) string {
	if e.start > 0 && (identByte(a.f.text[e.start-1]) || a.f.text[e.start-1] == holeByte) {
		s = " " + s
	}
	if e.end < len(a.f.text) && (identByte(a.f.text[e.end]) || a.f.text[e.end] == holeByte) {
		s += " "
	}
	return s
}

// splice replaces the ranges and returns what is left as parts.
func (a *analysis) splice(edits []edit, texts []string) []Part {
	var out []Part
	text := func(s string) {
		switch n := len(out); {
		case s == "":
		case n > 0 && !out[n-1].Hole:
			out[n-1].Text += s
		default:
			out = append(out, Part{Text: s})
		}
	}
	next := 0 // the first part that is not copied in full
	keep := func(from, to int) {
		for ; next < len(a.f.parts); next++ {
			start, end := a.f.span(next)
			if start > to || start == to && to < len(a.f.text) {
				return
			}
			switch p := a.f.parts[next]; {
			case !p.Hole:
				text(a.f.text[max(start, from):max(min(end, to), start, from)])
			case start >= from:
				out = append(out, p)
			}
			if end > to {
				return
			}
		}
	}
	pos := 0
	for i, e := range edits {
		keep(pos, e.start)
		text(texts[i])
		pos = e.end
	}
	keep(pos, len(a.f.text))
	return out
}
