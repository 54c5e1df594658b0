package auditlog

import (
	"bytes"
	"hash/maphash"
	"maps"
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A template is a statement's text without its literals: what parsing it told.
type template struct {
	id      string // "" until it is needed
	command string
	parsed  bool // all of its statements
	touches []relation
	group   *group // nil until something is seen in it
	// slots are the columns that literals meet, by their order in the text, nil
	// for a literal that meets none; params those of $1 and so on.
	slots  []*columnHit
	params map[int]column
	// sure are columns whose values stand in it somewhere.
	sure []*columnHit
	// inert says that no text of this template can hold anything.
	inert bool
	// secretive says that a password may stand in it.
	secretive bool
	// fixed are values that stand in names and in the bodies of functions,
	// which are part of the template.
	fixed []fixedValue
}

type fixedValue struct {
	where, kind string
	real        bool
}

// A literal is a constant of a statement's text.
type literal struct {
	start, end int
	number     bool
}

// scratch is memory that is used again for each message.
type scratch struct {
	literals []literal
	comments []pgparse.Token
	bodies   []pgparse.Token
	hash     maphash.Hash
	value    []byte
	audit    []byte
	// code says that the last text defines or runs a body in dollar quotes.
	code, secretive bool
}

// statement judges the text of a statement and returns its template; nil if
// there is nothing in it and it was seen before.
func (s *Scanner) statement(text []byte) *template {
	text = bytes.TrimSpace(text)
	if len(text) == 0 {
		return nil
	}
	key := maphash.Bytes(s.seed, text)
	if _, ok := s.clean.get(key); ok {
		return nil
	}
	t := s.template(text)
	if t.inert {
		s.clean.put(key, struct{}{})
		return t
	}
	s.values(text, t)
	return t
}

// values looks at what differs between texts of one template. The scratch
// memory holds its literals.
func (s *Scanner) values(text []byte, t *template) {
	for i, l := range s.scratch.literals {
		var hit *columnHit
		if i < len(t.slots) {
			hit = t.slots[i]
		}
		value := s.value(text, l)
		if hit != nil {
			s.meet(hit, value)
		}
		if !l.number && (hit == nil || !s.certain(hit)) {
			s.shapesIn(t, text, hit, "literal", value)
		}
	}
	for _, hit := range t.sure {
		s.count(&hit.text, true)
		s.count(&hit.digits, true)
	}
	for _, c := range s.scratch.comments {
		s.shapesIn(t, text, nil, "comment", text[c.Start:c.End])
	}
	for _, f := range t.fixed {
		if g := s.groupOf(t, text); g != nil {
			s.shape(g, nil, f.where, f.kind, f.real)
		}
	}
	if t.secretive {
		for _, secret := range secretsIn(string(text)) {
			if g := s.groupOf(t, text); g != nil {
				s.secret(g, secret.what, secret.severity)
			}
		}
	}
}

// meet counts a literal that meets a column.
func (s *Scanner) meet(hit *columnHit, value []byte) {
	text := string(value)
	if !checks.Telling(text, probeText) || strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return
	}
	s.count(&hit.text, hit.text.real || !phi.Placeholder(text))
	if checks.Telling(text, probeDigits) {
		s.count(&hit.digits, hit.digits.real || !phi.Placeholder(text))
	}
}

// enough is how often a literal of a PHI column is looked at for what it is. The
// column is reported anyway; what is left is that its class may still change.
const enough = 8

// guessEvery is how many messages lie between two guesses about tables while
// they are read.
const guessEvery = 4096

// certain reports whether the literals of a slot need no look any more.
func (s *Scanner) certain(hit *columnHit) bool {
	if hit.text.messages < enough || !hit.text.real {
		return false
	}
	if !hit.certain && hit.text.messages%enough == 0 {
		// A log that names new tables all the time must not have all of them
		// classified again for each.
		if s.tables.stale() {
			if s.number < s.nextGuess {
				return false
			}
			s.nextGuess = s.number + guessEvery
		}
		_, class := s.tables.resolve(hit.column)
		hit.certain = hit.of(class) != nil
	}
	return hit.certain
}

// shapesIn looks for values that tell by themselves what they are.
func (s *Scanner) shapesIn(t *template, text []byte, hit *columnHit, where string, value []byte) {
	if !plausible(value) {
		return
	}
	for _, d := range s.lexicon.Detect(string(value), "") {
		if g := s.groupOf(t, text); g != nil {
			s.shape(g, hit, where, d.Kind, !d.Placeholder)
		}
	}
}

// plausible is a cheap test before the detectors, for they take a hundred times
// as long: what they know has an @, five digits in words without small letters,
// or two words that may be a name. The hexadecimal numbers of tracers, which
// stand in the comments of many statements, have none of it.
func plausible(value []byte) bool {
	digits, names := 0, 0
	for i := 0; i < len(value); i++ {
		if value[i] == '@' {
			return true
		}
		start, numbers, small := i, 0, 0
		for ; i < len(value) && isWord(value[i]); i++ {
			switch c := value[i]; {
			case c >= '0' && c <= '9':
				numbers++
			case c >= 'a':
				small++
			}
		}
		word := value[start:i]
		switch {
		case numbers > 0 && small == 0:
			digits += numbers
		case numbers >= 5 && bytes.EqualFold(word[:3], []byte("mrn")):
			return true
		case numbers == 0 && small >= 2 && small == len(word)-1 && word[0] <= 'Z':
			names++
		}
		if i < len(value) && value[i] == '@' {
			return true
		}
	}
	return digits >= 5 || names >= 2
}

func isWord(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// value returns a literal without its quotes, valid until the next call.
func (s *Scanner) value(text []byte, l literal) []byte {
	b := text[l.start:l.end]
	if l.number {
		return b
	}
	if b[0] == '$' {
		if n := bytes.IndexByte(b[1:], '$') + 2; n >= 2 && len(b) >= 2*n {
			return b[n : len(b)-n]
		}
		return b
	}
	if i := bytes.IndexByte(b, '\''); i >= 0 {
		b = b[i+1:]
	}
	b = bytes.TrimSuffix(b, []byte{'\''})
	if bytes.IndexByte(b, '\'') < 0 {
		return b
	}
	s.scratch.value = append(s.scratch.value[:0], b...)
	return bytes.ReplaceAll(s.scratch.value, []byte("''"), []byte("'"))
}

// groupOf returns the group of a template's statement, nil if there is no room.
func (s *Scanner) groupOf(t *template, text []byte) *group {
	if t.group == nil {
		t.identify(text)
		if t.group = s.group(t.id, t.command); t.group == nil {
			s.lose()
			return nil
		}
		if t.group.touches == nil {
			t.group.touches = t.touches
		}
	}
	return t.group
}

// identify gives the template its fingerprint, which costs as much as parsing.
func (t *template) identify(text []byte) {
	if t.id != "" {
		return
	}
	if t.parsed {
		if id, err := Fingerprint(text); err == nil {
			t.id = id
			return
		}
	}
	// The words of a text that does not parse may be values themselves.
	t.id = t.command
	for _, r := range t.touches {
		if name := safeName(display(r)); !strings.Contains(t.id, " "+name) {
			t.id += " " + name
		}
	}
}

// template returns what is known of a text, from its parse if it is a new one,
// and leaves its literals and comments in the scratch memory.
func (s *Scanner) template(text []byte) *template {
	key := s.lex(text)
	if t, ok := s.templates.get(key); ok {
		return t
	}
	t := s.parse(text)
	s.templates.put(key, t)
	return t
}

// lex hashes a text without its literals, comments and spacing, and notes
// where these are.
func (s *Scanner) lex(text []byte) uint64 {
	c := &s.scratch
	c.literals, c.comments, c.bodies, c.code, c.secretive = c.literals[:0], c.comments[:0], c.bodies[:0], false, false
	c.hash.SetSeed(s.seed)
	first := true
	for pos := 0; ; {
		t, ok := pgparse.NextToken(text, pos)
		if !ok {
			return c.hash.Sum64()
		}
		pos = t.End
		body := text[t.Start:t.End]
		if t.Open { // a text that is cut off is another one than the whole
			_ = c.hash.WriteByte(1)
		}
		switch t.Kind {
		case pgparse.LineCommentToken, pgparse.BlockCommentToken:
			c.comments = append(c.comments, t)
			continue
		case pgparse.StringToken, pgparse.NumberToken:
			c.literals = append(c.literals, literal{t.Start, t.End, t.Kind == pgparse.NumberToken})
			c.secretive = c.secretive || containsFold(body, "password") || bytes.Contains(body, []byte("://"))
			_ = c.hash.WriteByte(byte(t.Kind))
		case pgparse.DollarToken:
			if !c.code {
				c.literals = append(c.literals, literal{start: t.Start, end: t.End})
				_ = c.hash.WriteByte(byte(pgparse.StringToken))
				break
			}
			c.bodies = append(c.bodies, t)
			c.secretive = c.secretive || containsFold(body, "password") || bytes.Contains(body, []byte("://"))
			_, _ = c.hash.Write(body)
		case pgparse.IdentToken:
			if first {
				c.code = definesCode(body)
			}
			c.secretive = c.secretive || bytes.EqualFold(body, []byte("password"))
			fallthrough
		default:
			_, _ = c.hash.Write(body)
		}
		_ = c.hash.WriteByte(0)
		first = false
	}
}

// containsFold reports whether b contains a lower-case word in any case.
func containsFold(b []byte, word string) bool {
	for len(b) >= len(word) {
		i := bytes.IndexAny(b, word[:1]+strings.ToUpper(word[:1]))
		if i < 0 || len(b)-i < len(word) {
			return false
		}
		if bytes.EqualFold(b[i:i+len(word)], []byte(word)) {
			return true
		}
		b = b[i+1:]
	}
	return false
}

// redacted is what pgAudit writes in place of everything behind PASSWORD.
var redacted = []byte("<REDACTED>")

// parse makes the template of a text that was not seen before.
func (s *Scanner) parse(text []byte) *template {
	c := &s.scratch
	t := &template{command: s.as, secretive: c.secretive, parsed: true}
	if t.command == "" {
		t.command = commandOf(text)
	}
	if bytes.HasSuffix(text, redacted) {
		t.inert = true
		return t
	}
	w := &statementWalk{s: s, t: t, at: map[int]column{}, params: map[int]column{}}
	for _, st := range pgparse.Parse(text) {
		if st.Err != nil {
			t.parsed = false
			w.broken(st.Start, text[st.Start:st.End])
			continue
		}
		w.statement(st)
	}
	t.touches, t.params = w.touches, w.params
	if !t.parsed {
		s.unparsed++
		t.command = "broken " + t.command
	}
	s.bodyValues(text, t)
	s.nameValues(t, w.names)
	if len(w.at) > 0 || len(w.sure) > 0 {
		s.slots(t, text, w)
	}
	t.inert = len(c.literals) == 0 && len(c.comments) == 0 && len(t.fixed) == 0 && !t.secretive
	return t
}

// slots gives each literal the column that the walk found for its place. A
// sign or a cast may stand between the two.
func (s *Scanner) slots(t *template, text []byte, w *statementWalk) {
	g := s.groupOf(t, text)
	if g == nil {
		return
	}
	literals := s.scratch.literals
	t.slots = make([]*columnHit, len(literals))
	for _, offset := range slices.Sorted(maps.Keys(w.at)) {
		i := sort.Search(len(literals), func(i int) bool { return literals[i].start >= offset })
		if i < len(literals) && literals[i].start-offset <= len("- ") {
			t.slots[i] = g.columnHit(w.at[offset])
		}
	}
	for _, c := range w.sure {
		if hit := g.columnHit(c); hit != nil {
			t.sure = append(t.sure, hit)
		}
	}
}

// bodyValues looks into the bodies of functions and DO blocks.
func (s *Scanner) bodyValues(text []byte, t *template) {
	for _, body := range s.scratch.bodies {
		code := text[body.Start:body.End]
		if i := bytes.IndexByte(code[1:], '$'); i >= 0 {
			code = code[i+2:]
		}
		for pos := 0; ; {
			token, ok := pgparse.NextToken(code, pos)
			if !ok {
				break
			}
			pos = token.End
			if token.IsComment() || token.Kind == pgparse.StringToken {
				for _, d := range s.lexicon.Detect(string(code[token.Start:token.End]), "") {
					t.fixed = append(t.fixed, fixedValue{"body", d.Kind, !d.Placeholder})
				}
			}
		}
	}
}

// nameValues looks for values in the names of relations and columns.
func (s *Scanner) nameValues(t *template, names []string) {
	for _, n := range names {
		if d, ok := s.lexicon.DetectName(n); ok {
			t.fixed = append(t.fixed, fixedValue{"name", d.Kind, !d.Placeholder})
		}
	}
}

// commands are the words that a finding may use for what a statement does.
var commands = map[string]bool{"ALTER": true, "ANALYZE": true, "CALL": true, "COMMENT": true, "COPY": true, "CREATE": true, "DECLARE": true, "DELETE": true,
	"DO": true, "DROP": true, "EXECUTE": true, "EXPLAIN": true, "GRANT": true, "INSERT": true, "LOCK": true, "MERGE": true, "NOTIFY": true, "PREPARE": true,
	"REFRESH": true, "REVOKE": true, "SECURITY": true, "SELECT": true, "SET": true, "TRUNCATE": true, "UPDATE": true, "WITH": true}

// commandOf returns the first word of a statement if it is one of SQL's.
func commandOf(text []byte) string {
	for pos := 0; ; {
		t, ok := pgparse.NextToken(text, pos)
		if !ok {
			return "statement"
		}
		pos = t.End
		if t.IsComment() || text[t.Start] == '(' {
			continue
		}
		if word := strings.ToUpper(string(text[t.Start:t.End])); commands[word] {
			return word
		}
		return "statement"
	}
}
