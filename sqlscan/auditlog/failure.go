package auditlog

import (
	"bytes"
	"hash/maphash"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
)

// The forms in which the server's English messages repeat values.
var (
	keyDetail       = lazyregexp.New(`(?s)^(Key|Partition key of the failing row contains) \(([^)]*)\) ?= ?\((.*)\)`)
	rowDetail       = lazyregexp.New(`^Failing row contains \(`)
	quotedValue     = lazyregexp.New(`(?s)^(?:invalid input (?:syntax|value) for (?:type|enum) ([^:\n]{1,80})|date/time field value out of range|time zone displacement out of range|value |invalid byte sequence|malformed [a-z ]{1,30} literal)[^"]{0,80}"(.+)"`)
	namedRelation   = lazyregexp.New(`(?:relation|table) "([^"]{1,128})"`)
	copyColumn      = lazyregexp.New(`(?s)COPY ([^,\n]{1,128}), line \d+, column ([^:\n]{1,63}): "`)
	copyLine        = lazyregexp.New(`(?s)COPY ([^,\n]{1,128}), line \d+: "`)
	jsonContext     = lazyregexp.New(`JSON data, line \d+: `)
	parameterNotice = lazyregexp.New(`(?i)(?:parameters?:?|with parameters:) \$\d+ = '`)
)

// kinds of error, in the words of findings.
const (
	duplicateKey = "key"
	failingRow   = "row"
	badValue     = "value"
)

// failure judges a message of level WARNING and above, or NOTICE: what its text,
// its detail and its context repeat.
func (s *Scanner) failure() {
	r := &s.rec
	f := &failure{s: s}
	for _, text := range [][]byte{r.Statement, r.Internal} {
		if text == nil {
			continue
		}
		s.statement(text)
		if f.t == nil {
			f.text = bytes.TrimSpace(text)
			f.t = s.template(f.text)
			f.relations = f.t.touches
		}
	}
	s.contextStatement(r.Context)
	if m := namedRelation.FindSubmatch(r.Message); m != nil {
		f.relations = []relation{relationOf(string(m[1]))}
	}
	f.message(r.Message)
	f.detail(r.Detail)
	f.context(r.Context)
	s.lookAt("HINT", r.Hint)
}

// A failure is an error message on its way.
type failure struct {
	s         *Scanner
	t         *template  // of the statement that failed, or nil
	text      []byte     // of that statement
	relations []relation // that the error is about, as far as that is known
}

func (f *failure) message(text []byte) {
	m := quotedValue.FindSubmatch(text)
	if m == nil {
		f.s.lookAt("message", text)
		return
	}
	// The context of a COPY names the column, which is better.
	if copyColumn.Match(f.s.rec.Context) || len(bytes.TrimSpace(m[2])) < 2 {
		return
	}
	if f.s.shapesOf("message", m[2]) {
		return
	}
	severity := rules.Medium
	if kind := string(m[1]); kind == "date" || strings.HasPrefix(kind, "timestamp") || bytes.HasPrefix(text, []byte("date")) {
		severity = rules.High
	}
	f.add(errorHit{part: "message", kind: badValue, column: column{relations: f.relations}, tally: tally{severity: severity}}, string(m[2]))
}

func (f *failure) detail(text []byte) {
	switch {
	case text == nil:
	case rowDetail.Match(text):
		f.add(errorHit{part: "DETAIL", kind: failingRow, column: column{relations: f.relations}}, "")
	case parameterList.Match(text):
		if f.t != nil {
			f.s.parameters(f.text)
		}
	default:
		m := keyDetail.FindSubmatch(text)
		if m == nil {
			f.s.lookAt("DETAIL", text)
			return
		}
		names := strings.Split(string(m[2]), ", ")
		values := strings.Split(string(m[3]), ", ")
		for i, name := range names {
			value := string(m[3])
			if len(values) == len(names) {
				value = values[i]
			}
			f.key(keyColumn(name), value)
		}
	}
}

// keyColumn returns the column of an index on ssn, lower(ssn) or (ssn)::text.
func keyColumn(name string) string {
	if i := strings.LastIndexByte(name, '('); i >= 0 {
		name = name[i+1:]
	}
	name, _, _ = strings.Cut(name, ")")
	name, _, _ = strings.Cut(name, "::")
	return strings.Trim(name, `" `)
}

func (f *failure) key(name, value string) {
	for _, r := range f.relations {
		f.s.tables.see(r, name)
	}
	c := column{relations: f.relations, name: name}
	f.add(errorHit{part: "DETAIL", kind: duplicateKey, column: c}, value)
	for _, d := range f.s.lexicon.Detect(value, "") {
		f.add(errorHit{part: "DETAIL", kind: duplicateKey, column: c, shape: d.Kind}, value)
	}
}

func (f *failure) context(text []byte) {
	switch {
	case text == nil:
	case copyColumn.Match(text):
		m := copyColumn.FindSubmatch(text)
		r, name := relationOf(string(m[1])), strings.Trim(string(m[2]), `"`)
		f.s.tables.see(r, name)
		f.add(errorHit{part: "CONTEXT", kind: badValue, column: column{relations: []relation{r}, name: name}}, "")
	case copyLine.Match(text):
		m := copyLine.FindSubmatch(text)
		r := relationOf(string(m[1]))
		f.s.tables.see(r, "")
		f.add(errorHit{part: "CONTEXT", kind: failingRow, column: column{relations: []relation{r}}}, "")
	case jsonContext.Match(text):
		f.add(errorHit{part: "CONTEXT", kind: badValue, column: column{relations: f.relations}}, "")
	case parameterNotice.Match(text) && f.t != nil:
		f.s.parameters(f.text)
	case bytes.Contains(text, []byte("SQL statement \"")): // looked at as a statement
	default:
		f.s.lookAt("CONTEXT", text)
	}
}

// add counts what an error repeats, with the statement that failed.
func (f *failure) add(hit errorHit, value string) {
	var g *group
	if f.t != nil {
		g = f.s.groupOf(f.t, f.text)
	} else {
		g = f.s.errorGroup()
	}
	if g != nil {
		f.s.errorHit(g, hit, value == "" || !phi.Placeholder(value))
	}
}

// errorGroup is the group of messages that come without a statement.
func (s *Scanner) errorGroup() *group {
	g := s.group("message", "")
	if g == nil {
		s.lose()
	}
	return g
}

// lookAt looks for values in the text of a message.
func (s *Scanner) lookAt(part string, text []byte) {
	if text != nil {
		s.shapesOf(part, text)
	}
}

// shapesOf counts the values in a part of a message that tell by themselves
// what they are, and reports whether there is any.
func (s *Scanner) shapesOf(part string, text []byte) bool {
	if !plausible(text) {
		return false
	}
	key := maphash.Bytes(s.seed, text)
	if _, ok := s.clean.get(key); ok {
		return false
	}
	found := s.lexicon.Detect(string(text), "")
	if len(found) == 0 {
		s.clean.put(key, struct{}{})
	}
	for _, d := range found {
		if g := s.errorGroup(); g != nil {
			s.errorHit(g, errorHit{part: part, shape: d.Kind}, !d.Placeholder)
		}
	}
	return len(found) > 0
}
