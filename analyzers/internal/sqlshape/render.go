package sqlshape

import (
	"sort"
	"strconv"
	"strings"
)

// A mode is what stands in the text for a hole while it is parsed.
type mode uint8

const (
	asDefault  mode = iota // decide by the words around
	asName                 // a name, which is also an expression
	asEmpty                // nothing
	asText                 // a string constant
	asOperator             // =
	asRow                  // (name), behind VALUES and IN
	asAssign               // name = NULL, behind SET
	asNull                 // NULL, behind IS
	asQuery                // SELECT name, behind FROM ( and WITH x AS (
)

// alternatives is the order in which a hole that the grammar did not take is
// tried again.
var alternatives = [...]mode{asName, asEmpty, asText, asOperator, asRow}

// Stand-ins. No program names anything so; the grammar folds them to
// themselves, and they survive as name and inside strings.
const (
	standIn  = "zqh" // zqh12z: hole 12
	strMark  = "zqs" // 'zqs7z': the string of token 7
	someName = "zqt" // a table or column that the text does not name
)

// marker returns the stand-in of a hole.
func marker(hole int) string { return standIn + strconv.Itoa(hole) + "z" }

// holesIn returns the numbers of the holes whose stand-ins are in s.
func holesIn(s string) []int { return marks(s, standIn) }

// marks returns the numbers of the stand-ins with the prefix, in linear time.
func marks(s, prefix string) []int {
	var out []int
	for {
		i := strings.Index(s, prefix)
		if i < 0 {
			return out
		}
		s = s[i+len(prefix):]
		n := 0
		for n < len(s) && n < 9 && digit(s[n]) {
			n++
		}
		if n > 0 && n < len(s) && s[n] == 'z' {
			k, _ := strconv.Atoi(s[:n])
			out = append(out, k)
		}
	}
}

// withoutHoles returns a name without the stand-ins in it and what glued them.
func withoutHoles(name string) string {
	for _, h := range holesIn(name) {
		name = strings.Replace(name, marker(h), "", 1)
	}
	return strings.ReplaceAll(strings.Trim(name, "_-."), "__", "_")
}

// onlyHole returns the number of the hole that name stands for as a whole.
func onlyHole(name string) (int, bool) {
	if h := holesIn(name); len(h) == 1 && name == marker(h[0]) {
		return h[0], true
	}
	return 0, false
}

// A piece is what one token becomes in the text to parse.
type piece struct {
	tok  *tok
	idx  int // index of the token in the analysis
	text string
	mode mode
}

// A rendered is a text to parse, with the way back to the tokens.
type rendered struct {
	sql     string
	pieces  []piece
	ends    []int        // offset in sql where each piece ends
	queries map[int]bool // holes that are queries by themselves
}

// pieceAt returns the index of the piece at an offset of the text.
func (r *rendered) pieceAt(offset int) int {
	return min(sort.SearchInts(r.ends, offset+1), len(r.ends)-1)
}

// renderer turns tokens into text that PostgreSQL's grammar may take: holes
// get stand-ins, other dialects' spelling is put right, and what a loop or a
// missing branch leaves loose, such as a trailing comma or AND, is dropped.
type renderer struct {
	a       *analysis
	toks    []int
	modes   map[int]mode // by token
	out     []piece
	regions []string // the clause that each open parenthesis is in
	region  string
	command string
}

// render makes text of the tokens behind a frame's prefix. Modes overrule the
// guess for single holes.
func (a *analysis) render(prefix string, toks []int, modes map[int]mode) *rendered {
	r := &renderer{a: a, toks: toks, modes: modes}
	if f := strings.Fields(prefix); len(f) > 0 {
		r.command = strings.ToLower(f[0])
		r.region = strings.ToLower(f[len(f)-1])
		for i := len(f) - 1; i >= 0; i-- { // the clause that the prefix leaves open
			if w := strings.ToLower(f[i]); clauseWord[w] {
				r.region = w
				break
			}
		}
	}
	for i, idx := range toks {
		r.token(i, idx)
	}
	if n := len(r.out); n > 0 && len(r.regions) > 0 && len(r.regions) < 100 {
		// What closes the parentheses is in a piece that is not here.
		r.out[n-1].text += strings.Repeat(" )", len(r.regions))
	}
	res := &rendered{}
	var b strings.Builder
	b.WriteString(prefix)
	for _, p := range r.out {
		if p.text == "" {
			continue
		}
		if p.mode == asQuery {
			if res.queries == nil {
				res.queries = map[int]bool{}
			}
			res.queries[p.tok.holes[0]] = true
		}
		b.WriteByte(' ')
		b.WriteString(p.text)
		res.pieces = append(res.pieces, p)
		res.ends = append(res.ends, b.Len())
	}
	res.sql = b.String()
	return res
}

// last returns the last token that left any text.
func (r *renderer) last() *tok {
	for i := len(r.out) - 1; i >= 0; i-- {
		if r.out[i].text != "" {
			return r.out[i].tok
		}
	}
	return nil
}

// follow returns the token behind position i of the list, or nil.
func (r *renderer) follow(i int) *tok {
	if i+1 < len(r.toks) {
		return &r.a.toks[r.toks[i+1]]
	}
	return nil
}

// token adds the piece for the token at position i.
func (r *renderer) token(i, idx int) {
	t := &r.a.toks[idx]
	next := r.follow(i)
	p := piece{tok: t, idx: idx}
	switch t.kind {
	case kHole:
		p.mode = r.modes[idx]
		if p.mode == asDefault {
			p.mode = r.guess(t, next)
		}
		p.text = holeText(p.mode, r.a.holeName(t))
	case kWord:
		p.text = r.wordText(t, next)
	case kOp, kPunct:
		p.text = r.markText(t, next)
	default:
		p.text = r.a.tokenText(idx)
	}
	r.out = append(r.out, p)
	r.enter(t)
}

// enter follows which clause the next token is in.
func (r *renderer) enter(t *tok) {
	switch {
	case t.is("("):
		r.regions = append(r.regions, r.region)
		if r.region == "from" || r.region == "join" {
			r.region = ""
		}
	case t.is(")"):
		if n := len(r.regions); n > 0 {
			r.region = r.regions[n-1]
			r.regions = r.regions[:n-1]
		}
	case t.kind == kWord && (clauseWord[t.word] || t.is("into", "update")):
		if t.is("and", "or") && (r.region == "where" || r.region == "on" || r.region == "having") {
			return
		}
		r.region = t.word
	}
	if r.command == "" && t.kind == kWord {
		r.command = t.word
	}
}

// guess says how a hole is best rendered between what stands around it.
func (r *renderer) guess(t, next *tok) mode {
	prev := r.last()
	ends := prev != nil && prev.ends()
	begins := next != nil && next.begins()
	part := r.a.f.parts[r.a.f.holes[t.holes[0]]]
	switch {
	case part.Quoted:
		return asText
	case prev == nil:
		return asName
	case prev.is("values") && (next == nil || !next.is("(")), prev.is("in") && (next == nil || !next.is("(")):
		return asRow
	case prev.is(",") && r.region == "values" && len(r.regions) == 0:
		return asRow
	case prev.is("set", "local") && r.region == "set", prev.is(",") && r.region == "set" && len(r.regions) == 0:
		if next != nil && (next.kind == kOp || next.kind == kPunct || next.is("to")) {
			return asName
		}
		return asAssign
	case prev.is("(") && next != nil && next.is(")", "union") && r.opens("from", "join", "as", "exists", "lateral", "materialized"):
		return asQuery
	case prev.is("is"):
		if r.command == "comment" || r.command == "security" {
			return asText
		}
		return asNull
	case prev.is("password", "interval"), r.command == "notify" && prev.is(","), r.command == "copy" && prev.is("from", "to"):
		return asText
	case ends && begins && !next.is("(") || ends && begins && r.region != "from" && r.region != "into":
		if r.region == "order" || r.region == "from" || r.region == "into" {
			return asEmpty
		}
		return asOperator
	case ends:
		return asEmpty
	case begins && !next.is("(") && next.kind != kHole && prev.is("where", "and", "or", "select", "on", "having", "("):
		return asEmpty
	}
	return asName
}

// opens reports whether the parenthesis before the hole stands behind one of
// the words, where only a query can be.
func (r *renderer) opens(words ...string) bool {
	n := len(r.out)
	return n > 1 && r.out[n-2].tok.is(words...)
}

// holeText returns what stands for a hole.
func holeText(m mode, name string) string {
	switch m {
	case asEmpty:
		return ""
	case asText:
		return "'" + name + "'"
	case asOperator:
		return "="
	case asRow:
		return "(" + name + ")"
	case asAssign:
		return name + " = NULL"
	case asNull:
		return "NULL"
	case asQuery:
		return "SELECT " + name
	}
	return name
}

// holeName returns the stand-in of a token that is a hole.
func (a *analysis) holeName(t *tok) string { return marker(t.holes[0]) }

// tokenText renders names with holes, strings, numbers and parameters.
func (a *analysis) tokenText(idx int) string {
	t := &a.toks[idx]
	switch t.kind {
	case kString:
		return "'" + strMark + strconv.Itoa(idx) + "z" + a.marksOf(t) + "'"
	case kQuoted:
		body := a.withMarks(t.bodyStart, t.bodyEnd)
		if body == "" {
			body = someName
		}
		if a.f.text[t.bodyStart-1] == '`' {
			body = strings.ReplaceAll(body, `"`, "")
		}
		return `"` + body + `"`
	case kParam:
		switch {
		case t.ident || t.style == StyleNone || len(t.holes) > 0 && t.style == StyleNone:
			return someName
		case len(t.holes) > 0 && t.style == Question: // ?<hole>: a list of placeholders
			return a.holeName(t)
		}
		return "$" + strconv.Itoa(a.paramOf[idx]+1)
	case kNumber:
		if len(t.holes) > 0 {
			return a.holeName(t)
		}
	}
	return a.withMarks(t.start, t.end)
}

// marksOf returns the stand-ins of a string's holes. Its other text is left
// out: the grammar does not look into strings, and a broken escape would end it.
func (a *analysis) marksOf(t *tok) string {
	var b strings.Builder
	for _, h := range t.holes {
		b.WriteString(marker(h))
	}
	return b.String()
}

// withMarks returns a piece of the text with stand-ins for its holes.
func (a *analysis) withMarks(start, end int) string {
	s := a.f.text[start:end]
	holes := a.f.within(start, end)
	if len(holes) == 0 {
		return s
	}
	var b strings.Builder
	at := start
	for _, h := range holes {
		b.WriteString(a.f.text[at:a.f.at[h]])
		b.WriteString(marker(h))
		at = a.f.at[h] + 1
	}
	b.WriteString(a.f.text[at:end])
	return b.String()
}

// wordText renders a word, and drops what would stand loose.
func (r *renderer) wordText(t, next *tok) string {
	if len(t.holes) > 0 {
		return r.a.withMarks(t.start, t.end)
	}
	text := r.a.f.text[t.start:t.end]
	prev := r.last()
	stop := next == nil || next.is(")", ";") || next.kind == kWord && next.is("order", "group", "limit", "offset", "returning", "union")
	switch {
	case t.is("and", "or") && prev != nil && prev.is("and", "or"):
		return ""
	case t.is("and", "or") && prev != nil && prev.is("where", "on", "having", "("):
		return "true " + text
	case t.is("and", "or") && (stop || next.is("having")):
		return ""
	case t.is("where", "having") && stop:
		return ""
	case t.is("where") && prev != nil && prev.is("where"):
		return ""
	case t.is("values") && (next == nil || next.is("on", "returning")):
		return text + " (NULL)"
	case t.is("duplicate") && prev != nil && prev.is("on"): // MySQL's ON DUPLICATE KEY UPDATE
		return "CONFLICT"
	case t.is("key") && prev != nil && prev.is("duplicate"):
		return "DO"
	case t.is("update") && prev != nil && prev.is("key"):
		return "UPDATE SET"
	case t.is("regexp", "rlike") && prev != nil && prev.ends():
		return "~"
	case t.is("ignore") && prev != nil && prev.is("insert"):
		return ""
	case t.is("or") && prev != nil && prev.is("insert"): // INSERT OR REPLACE INTO
		return ""
	case t.is("replace") && (len(r.out) == 0 || r.region == "or" || r.command == "insert" && r.region != "values") && next != nil && next.is("into"):
		if len(r.out) == 0 {
			r.command = "insert"
			return "INSERT"
		}
		return ""
	}
	return text
}

// markText renders an operator or punctuation, and drops what would stand loose.
func (r *renderer) markText(t, next *tok) string {
	prev := r.last()
	switch {
	case t.is("=="):
		return "="
	case t.is(","):
		return r.comma(prev, next)
	case t.is(")") && prev != nil && prev.is("("):
		if n := len(r.out); n > 1 && r.out[n-2].tok.is("in", "values", "any") {
			return "NULL )"
		}
	case t.is("(") && prev != nil && prev.is(")") && len(r.regions) == 0 && r.region == "values":
		return ", ("
	}
	return r.a.withMarks(t.start, t.end)
}

// comma drops the commas that loops leave behind the last and before the first
// item.
func (r *renderer) comma(prev, next *tok) string {
	loose := next == nil || next.is(")", ";", ",") || next.kind == kWord && next.is("from", "where", "order", "group", "limit", "returning", "on")
	switch {
	case loose:
		return ""
	case prev != nil && prev.is("(", ",", "set", "select", "values", "by"):
		return ""
	case r.region == "limit" && len(r.regions) == 0:
		return "OFFSET" // MySQL's LIMIT 10, 20
	}
	return ","
}
