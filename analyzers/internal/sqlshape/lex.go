package sqlshape

import (
	"sort"
	"strings"
)

// holeByte stands for a hole in the flat text. Constant text cannot hold it:
// PostgreSQL takes no NUL, and flatten replaces it.
const holeByte = 0

// A flat is the parts joined to one text, with a byte for each hole. Holes
// with Choices are replaced by their first choice, for they are constants.
type flat struct {
	parts  []Part
	text   string
	starts []int // offset in text where each part starts
	holes  []int // part of each hole byte, in order
	at     []int // offset of each hole byte
}

// flatten joins the parts.
func flatten(parts []Part) *flat {
	f := &flat{parts: parts, starts: make([]int, len(parts))}
	var b strings.Builder
	for i, p := range parts {
		f.starts[i] = b.Len()
		switch {
		case !p.Hole:
			b.WriteString(strings.ReplaceAll(p.Text, "\x00", " "))
		case len(p.Choices) > 0:
			b.WriteString(strings.ReplaceAll(p.Choices[0], "\x00", " "))
		default:
			f.holes = append(f.holes, i)
			f.at = append(f.at, b.Len())
			b.WriteByte(holeByte)
		}
	}
	f.text = b.String()
	return f
}

// locate converts an offset of the flat text to a part and an offset in it.
func (f *flat) locate(offset int) (part, off int) {
	i := sort.Search(len(f.starts), func(i int) bool { return f.starts[i] > offset }) - 1
	if i < 0 {
		return 0, 0
	}
	if f.parts[i].Hole { // a choice: the hole is the place
		return i, 0
	}
	return i, offset - f.starts[i]
}

// chosen reports whether a hole with choices stands between start and end.
func (f *flat) chosen(start, end int) bool {
	first, _ := f.locate(start)
	for i := first; i < len(f.parts) && f.starts[i] < end; i++ {
		if f.parts[i].Hole && len(f.parts[i].Choices) > 0 {
			return true
		}
	}
	return false
}

// span returns where part i stands in the text.
func (f *flat) span(i int) (start, end int) {
	if i+1 < len(f.starts) {
		return f.starts[i], f.starts[i+1]
	}
	return f.starts[i], len(f.text)
}

// within returns the numbers of the holes from start to end.
func (f *flat) within(start, end int) []int {
	lo := sort.SearchInts(f.at, start)
	hi := lo
	for hi < len(f.at) && f.at[hi] < end {
		hi++
	}
	if lo == hi {
		return nil
	}
	out := make([]int, 0, hi-lo)
	for k := lo; k < hi; k++ {
		out = append(out, k)
	}
	return out
}

type kind uint8

const (
	kWord    kind = iota + 1 // name or keyword, also with holes glued to it
	kQuoted                  // "name", `name`
	kString                  // 'text', E'text', $tag$text$tag$
	kNumber                  // 1, 1.5
	kParam                   // $1, ?, :name, @name, a %s that nobody filled
	kOp                      // + <= ->> and the like
	kPunct                   // ( ) [ ] , ; .
	kComment                 // -- and /* */
	kHole                    // a hole that stands alone
)

// A tok is a token of the flat text.
type tok struct {
	kind       kind
	start, end int
	word       string // lower case, for kWord without holes; the text of kOp and kPunct
	holes      []int  // numbers of the holes inside
	style      Style  // of kParam; StyleNone for %s and {x} that are left over
	open       bool   // never closed
	bodyStart  int    // where the text of kString and kQuoted starts and ends
	bodyEnd    int
	ident      bool // a kParam that names a table or columns: bun's ?TableAlias
}

// is reports whether the token is one of the words, operators or marks.
func (t *tok) is(words ...string) bool {
	if t.word == "" {
		return false
	}
	for _, w := range words {
		if t.word == w {
			return true
		}
	}
	return false
}

// ends reports whether an operand can end with the token.
func (t *tok) ends() bool {
	switch t.kind {
	case kWord:
		return len(t.holes) > 0 || !reserved[t.word] && !expects[t.word] || t.is("null", "true", "false", "end", "current_date", "current_timestamp", "current_user", "default")
	case kQuoted, kString, kNumber, kParam, kHole:
		return true
	case kPunct:
		return t.is(")", "]")
	case kOp:
		return t.is("*")
	}
	return false
}

// begins reports whether an operand can begin with the token.
func (t *tok) begins() bool {
	switch t.kind {
	case kWord:
		return len(t.holes) > 0 || !reserved[t.word] || t.is("null", "true", "false", "not", "case", "exists", "array", "cast", "any", "all", "select", "interval")
	case kQuoted, kString, kNumber, kParam, kHole:
		return true
	case kPunct:
		return t.is("(")
	}
	return false
}

// lexer splits the flat text into tokens. Every byte gives progress, so it is
// total and linear; dialects are taken as they come.
type lexer struct {
	f      *flat
	src    string
	pos    int
	toks   []tok
	noTags int // behind this offset no dollar quote is closed
}

// lex returns the tokens of the text, comments included.
func lex(f *flat) []tok {
	l := &lexer{f: f, src: f.text, noTags: len(f.text) + 1}
	l.toks = make([]tok, 0, len(f.text)/4+4)
	for l.pos < len(l.src) {
		l.next()
	}
	return l.toks
}

// at returns the byte at i; behind the end is a space.
func (l *lexer) at(i int) byte {
	if i < len(l.src) {
		return l.src[i]
	}
	return ' '
}

// add ends a token at end. Words and marks get their text in lower case.
func (l *lexer) add(k kind, end int) *tok {
	t := tok{kind: k, start: l.pos, end: end, holes: l.f.within(l.pos, end)}
	if (k == kWord || k == kOp || k == kPunct) && len(t.holes) == 0 {
		t.word = strings.ToLower(l.src[l.pos:end])
	}
	l.toks = append(l.toks, t)
	l.pos = end
	return &l.toks[len(l.toks)-1]
}

// prev returns the last token that is no comment.
func (l *lexer) prev() *tok {
	for i := len(l.toks) - 1; i >= 0; i-- {
		if l.toks[i].kind != kComment {
			return &l.toks[i]
		}
	}
	return nil
}

func identStart(c byte) bool {
	return c == '_' || c >= 0x80 || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
func digit(c byte) bool     { return '0' <= c && c <= '9' }
func identByte(c byte) bool { return identStart(c) || digit(c) || c == '$' }
func space(c byte) bool     { return c == ' ' || '\t' <= c && c <= '\r' }

const operatorBytes = "+-*/<>=~!@#%^&|?:"

// next reads one token, or skips a space.
func (l *lexer) next() {
	c := l.src[l.pos]
	switch {
	case space(c):
		l.pos++
	case c == '-' && l.at(l.pos+1) == '-':
		end := strings.IndexByte(l.src[l.pos:], '\n')
		if end < 0 {
			end = len(l.src) - l.pos
		}
		l.add(kComment, l.pos+end)
	case c == '/' && l.at(l.pos+1) == '*':
		l.blockComment()
	case c == '\'':
		l.quoted(kString, l.pos, '\'', false)
	case c == '"' || c == '`':
		l.quoted(kQuoted, l.pos, c, false)
	case c == '$':
		l.dollar()
	case digit(c) || c == '.' && digit(l.at(l.pos+1)):
		l.number()
	case identStart(c):
		l.word()
	case c == holeByte:
		l.hole()
	case c == '?' || c == ':' || c == '@' || c == '%':
		l.sigil(c)
	case c == '{':
		l.brace(l.pos)
	case strings.IndexByte(operatorBytes, c) >= 0:
		l.operator()
	default:
		l.add(kPunct, l.pos+1)
	}
}

// blockComment reads a comment, which may hold others.
func (l *lexer) blockComment() {
	depth, i := 0, l.pos
	for i < len(l.src) {
		switch {
		case l.src[i] == '/' && l.at(i+1) == '*':
			depth++
			i += 2
		case l.src[i] == '*' && l.at(i+1) == '/':
			depth--
			i += 2
		default:
			i++
		}
		if depth == 0 {
			break
		}
	}
	l.add(kComment, min(i, len(l.src)))
}

// quoted reads from the opening quote at open; the token starts at l.pos,
// which may be a prefix before it.
func (l *lexer) quoted(k kind, open int, q byte, escapes bool) {
	i := open + 1
	for i < len(l.src) {
		if escapes && l.src[i] == '\\' {
			i += 2
			continue
		}
		if l.src[i] == q {
			if l.at(i+1) != q {
				break
			}
			i++
		}
		i++
	}
	i = min(i, len(l.src))
	end := min(i+1, len(l.src))
	t := l.add(k, end)
	t.open, t.bodyStart, t.bodyEnd = i == end, open+1, i
}

// dollar reads $1, $<hole>, $tag$…$tag$ and $name.
func (l *lexer) dollar() {
	i := l.pos + 1
	if c := l.at(i); digit(c) || c == holeByte {
		for digit(l.at(i)) || l.at(i) == holeByte {
			i++
		}
		l.add(kParam, i).style = Dollar
		return
	}
	for i < len(l.src) && identByte(l.src[i]) && l.src[i] != '$' {
		i++
	}
	if l.at(i) == '$' && l.pos < l.noTags {
		tag := l.src[l.pos : i+1]
		if n := strings.Index(l.src[i+1:], tag); n >= 0 {
			t := l.add(kString, i+1+n+len(tag))
			t.bodyStart, t.bodyEnd = i+1, i+1+n
			return
		}
		l.noTags = l.pos // keeps a text full of lone dollars linear
	}
	if l.at(l.pos+1) == '{' {
		l.brace(l.pos + 1)
		return
	}
	if i > l.pos+1 {
		l.add(kParam, i).style = Colon
		return
	}
	l.add(kPunct, l.pos+1)
}

// number reads digits with what is glued to them.
func (l *lexer) number() {
	i := l.pos
	for i < len(l.src) && (identByte(l.src[i]) || l.src[i] == '.' || l.src[i] == holeByte) {
		i++
	}
	l.add(kNumber, i)
}

// word reads a name or keyword with the holes glued to it, and the prefix of
// E”, B”, X”, N” and U&”.
func (l *lexer) word() {
	i := l.pos
	for i < len(l.src) && identByte(l.src[i]) {
		i++
	}
	word := strings.ToLower(l.src[l.pos:i])
	switch l.at(i) {
	case '\'':
		if word == "e" || word == "b" || word == "x" || word == "n" {
			l.quoted(kString, i, '\'', word == "e")
			return
		}
	case '&':
		if q := l.at(i + 1); word == "u" && (q == '\'' || q == '"') {
			k := kString
			if q == '"' {
				k = kQuoted
			}
			l.quoted(k, i+1, q, false)
			return
		}
	case holeByte:
		if !reserved[word] && !clauseWord[word] {
			i = l.glue(i)
		}
	}
	l.add(kWord, i)
}

// glue extends a name over holes and name bytes, up to a keyword: in
// `patients_`+x the hole belongs to the name, in query+`WHERE` it does not.
func (l *lexer) glue(i int) int {
	for i < len(l.src) && (l.src[i] == holeByte || identByte(l.src[i])) {
		if l.src[i] == holeByte {
			i++
			continue
		}
		j := i
		for j < len(l.src) && identByte(l.src[j]) {
			j++
		}
		if w := strings.ToLower(l.src[i:j]); reserved[w] || clauseWord[w] {
			return i
		}
		i = j
	}
	return i
}

// hole reads a hole that stands alone, or the name it starts.
func (l *lexer) hole() {
	i := l.pos + 1
	if c := l.at(i); identByte(c) && c != '$' {
		end := l.glue(i)
		if end > i {
			l.add(kWord, end)
			return
		}
	}
	l.add(kHole, i)
}

// sigil reads what starts with ? : @ or %: placeholders of a dialect, or
// operators, told apart by what stands before and behind.
func (l *lexer) sigil(c byte) {
	next := l.at(l.pos + 1)
	prev := l.prev()
	operand := prev != nil && prev.ends()
	switch {
	case c == '?':
		l.question(operand)
	case c == ':' && (identStart(next) || next == holeByte) && (l.pos == 0 || l.src[l.pos-1] != ':'):
		l.named(Colon)
	case c == '@' && (identStart(next) || next == holeByte):
		l.named(At)
	case c == '%' && l.leftover():
	case c == ':' && next != ':' && next != '=':
		l.add(kPunct, l.pos+1)
	default:
		l.operator()
	}
}

// named reads :name and @name; sqlx allows dots in them.
func (l *lexer) named(s Style) {
	i := l.pos + 1
	for i < len(l.src) && (identByte(l.src[i]) || l.src[i] == '.' && identStart(l.at(i+1)) || l.src[i] == holeByte) {
		i++
	}
	l.add(kParam, i).style = s
}

// question reads ?, ?0, ?name and ?TableAlias. Between two operands ? is the
// jsonb operator.
func (l *lexer) question(operand bool) {
	i := l.pos + 1
	next := l.at(i)
	if next == '|' && l.at(i+1) != '|' || next == '&' || next == '?' {
		l.add(kOp, i+1)
		return
	}
	j := i
	for j < len(l.src) && space(l.src[j]) {
		j++
	}
	follows := l.at(j)
	if operand && j < len(l.src) && (follows == '\'' || follows == '$' || follows == '?' || follows == holeByte) {
		l.add(kOp, i)
		return
	}
	for i < len(l.src) && (identByte(l.src[i]) || l.src[i] == holeByte && i == l.pos+1) {
		i++
	}
	name := l.src[l.pos+1 : i]
	t := l.add(kParam, i)
	t.style = Question
	switch name {
	case "TableName", "TableAlias", "TableColumns", "Columns", "PKs", "TablePKs":
		t.ident = true
	}
}

// leftover reads a formatting verb that is still in the text: %s, %[1]d,
// %(name)s. A modulo has spaces around it or a name behind.
func (l *lexer) leftover() bool {
	i := l.pos + 1
	switch l.at(i) {
	case '[':
		for i++; digit(l.at(i)); i++ {
		}
		if l.at(i) != ']' {
			return false
		}
		i++
	case '(':
		for i++; identByte(l.at(i)); i++ {
		}
		if l.at(i) != ')' {
			return false
		}
		i++
	}
	if strings.IndexByte("sdvqxtfT", l.at(i)) < 0 || identByte(l.at(i+1)) {
		return false
	}
	l.add(kParam, i+1)
	return true
}

// brace reads {{.Table}}, {table} and ${var}, which a template engine of the
// program fills.
func (l *lexer) brace(open int) {
	end := strings.IndexByte(l.src[open:min(len(l.src), open+80)], '}')
	if end < 0 {
		l.add(kPunct, open+1)
		return
	}
	end += open + 1
	if l.at(open+1) == '{' && l.at(end) == '}' {
		end++
	}
	l.add(kParam, min(end, len(l.src)))
}

// operator reads as many operator bytes as belong together. PostgreSQL would
// take more in some cases, such as =@; no code means that.
func (l *lexer) operator() {
	i := l.pos + 1
	for i < len(l.src) && strings.IndexByte(operatorBytes, l.src[i]) >= 0 {
		two := l.src[i:min(i+2, len(l.src))]
		if two == "--" || two == "/*" || l.src[i] == '?' || l.src[i] == ':' && l.src[i-1] != ':' {
			break
		}
		if l.src[i] == '%' && strings.IndexByte("[(", l.at(i+1)) >= 0 || (l.src[i] == '@' || l.src[i] == '%') && identStart(l.at(i+1)) || l.src[i] == '-' && l.src[i-1] != '<' && l.src[i-1] != '#' {
			break // =@name, =%s, =-1
		}
		i++
	}
	l.add(kOp, i)
}
