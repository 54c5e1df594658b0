package auditlog

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// message judges the record at hand.
func (s *Scanner) message() {
	r := &s.rec
	if s.outside(r.Time) {
		s.file.Skipped++
		return
	}
	if len(r.Time) > 0 {
		if s.file.First == "" {
			s.file.First = clock(r.Time)
		}
		s.file.last = append(s.file.last[:0], r.Time...)
	}
	switch {
	case r.Bare:
		s.audit(r.Message)
	case bytes.HasPrefix(r.Message, auditWord):
		s.audit(r.Message[len(auditWord):])
	case string(r.Severity) == "LOG":
		s.serverLine()
	default:
		s.failure()
		return
	}
	if r.Statement != nil {
		s.statement(r.Statement)
	}
	s.contextStatement(r.Context)
}

var auditWord = []byte("AUDIT: ")

// audit judges a line of pgAudit.
func (s *Scanner) audit(text []byte) {
	var a auditLine
	var ok bool
	if a, s.scratch.audit, ok = parseAudit(s.scratch.audit, text); !ok {
		return
	}
	s.file.Audit++
	if absent(a.statement) {
		if string(a.statement) == "<not logged>" {
			s.file.Silent++
		}
		if logged(a.parameters) {
			if g := s.group("audit:"+auditedCommand(a.command), auditedCommand(a.command)); g != nil {
				s.count(&g.params, true)
			} else {
				s.lose()
			}
		}
		return
	}
	s.statement(a.statement)
	if logged(a.parameters) {
		s.parameters(a.statement)
	}
}

// auditedCommand returns the first word of pgAudit's command tag.
func auditedCommand(tag []byte) string {
	word, _, _ := bytes.Cut(tag, []byte{' '})
	if commands[string(word)] {
		return string(word)
	}
	return "statement"
}

// parameters counts a message that repeats the parameters of a statement.
func (s *Scanner) parameters(statement []byte) {
	text := bytes.TrimSpace(statement)
	if g := s.groupOf(s.template(text), text); g != nil {
		s.count(&g.params, true)
	}
}

var (
	// statementLine is what log_statement and log_min_duration_statement write.
	statementLine = lazyregexp.New(`^(?:duration: [0-9.]+ ms  )?(?:statement|(?:parse|bind|execute|execute fetch from) [^\n]{0,200}?): `)
	planLine      = lazyregexp.New(`^duration: [0-9.]+ ms  plan:\n`)
	// parameterList is a list of parameters that holds a value. The server
	// writes NULL without quotes.
	parameterList = lazyregexp.New(`\$[0-9]+ = '`)
)

// quiet are the starts of messages that repeat nothing of a statement.
var quiet = [][]byte{
	[]byte("connection "), []byte("disconnection"), []byte("checkpoint"), []byte("restartpoint"), []byte("automatic "), []byte("temporary file"), []byte("process "),
	[]byte("received "), []byte("listening"), []byte("database system"), []byte("starting "), []byte("pgaudit "), []byte("redirecting"), []byte("parameter "),
	[]byte("background worker"), []byte("could not receive data"), []byte("unexpected EOF"), []byte("duration: "), []byte("redo "), []byte("replication "),
}

// serverLine judges a message of level LOG that is not pgAudit's.
func (s *Scanner) serverLine() {
	r := &s.rec
	if m := statementLine.FindIndex(r.Message[:min(len(r.Message), 512)]); m != nil {
		text := r.Message[m[1]:]
		switch {
		case bytes.HasPrefix(r.Detail, []byte("prepare: ")):
			s.executed(text, r.Detail[len("prepare: "):])
		default:
			s.statement(text)
		}
		if parameterList.Match(r.Detail) {
			s.parameters(text)
		}
		return
	}
	if m := planLine.FindIndex(r.Message[:min(len(r.Message), 64)]); m != nil {
		s.plan(r.Message[m[1]:])
		return
	}
	for _, q := range quiet {
		if bytes.HasPrefix(r.Message, q) {
			return
		}
	}
	s.lookAt("message", r.Message)
	s.lookAt("DETAIL", r.Detail)
}

// executed judges EXECUTE: its arguments meet the columns of the statement that
// was prepared, which the server tells with it.
func (s *Scanner) executed(text, prepared []byte) {
	prepare := s.template(bytes.TrimSpace(prepared))
	params := prepare.params
	s.statement(text)
	if len(params) == 0 {
		return
	}
	text = bytes.TrimSpace(text)
	g := s.groupOf(s.template(text), text)
	if g == nil {
		return
	}
	for i, l := range s.scratch.literals {
		c, ok := params[i+1]
		if !ok {
			continue
		}
		if hit := g.columnHit(c); hit != nil {
			s.meet(hit, s.value(text, l))
		}
	}
}

var (
	planNode      = lazyregexp.New(`(?:Scan|Insert|Update|Delete)[^(\n]* on (\S+)(?: (\S+))?  \(`)
	planCondition = lazyregexp.New(`^\s*(?:[A-Z][a-z]+ )?(?:Filter|Cond): (\(.*\))$`)
)

// plan judges what auto_explain writes: the text of the query, its parameters,
// and the conditions, in which the planner has put the values of parameters.
func (s *Scanner) plan(text []byte) {
	query, tree := text[:0], text
	if rest, ok := bytes.CutPrefix(text, []byte("Query Text: ")); ok {
		query, tree = rest, nil
		for _, mark := range []string{"\nQuery Parameters: ", "  (cost="} {
			i := bytes.Index(query, []byte(mark))
			if i < 0 {
				continue
			}
			if mark[0] == ' ' {
				i = max(bytes.LastIndexByte(query[:i], '\n'), 0)
			}
			query, tree = rest[:i], rest[i:]
		}
	}
	s.statement(query)
	if parameters, ok := bytes.CutPrefix(tree, []byte("\nQuery Parameters: ")); ok && parameterList.Match(parameters) {
		s.parameters(query)
	}
	s.template(bytes.TrimSpace(query))
	if slices.ContainsFunc(s.scratch.literals, func(l literal) bool { return !l.number }) {
		return // the plan repeats them
	}
	relation := ""
	for line := range bytes.Lines(tree) {
		line = bytes.TrimRight(line, "\n")
		if m := planNode.FindSubmatch(line); m != nil {
			relation = strings.TrimSpace(string(m[1]) + " " + string(m[2]))
			continue
		}
		if m := planCondition.FindSubmatch(line); m != nil && relation != "" && bytes.IndexByte(m[1], '\'') >= 0 {
			s.as = "a plan"
			s.statement([]byte("SELECT FROM " + relation + " WHERE " + string(m[1])))
			s.as = ""
		}
	}
}

// contextStatement judges the statements that a CONTEXT repeats.
func (s *Scanner) contextStatement(context []byte) {
	for _, mark := range []string{`SQL statement "`, `SQL expression "`} {
		_, rest, ok := bytes.Cut(context, []byte(mark))
		if !ok {
			continue
		}
		end := len(rest)
		if i := bytes.Index(rest, []byte("\"\n")); i >= 0 {
			end = i
		} else if i := bytes.LastIndexByte(rest, '"'); i >= 0 {
			end = i
		}
		s.statement(rest[:end])
	}
}

// outside reports whether a time is not between Since and Until.
func (s *Scanner) outside(text []byte) bool {
	if s.o.Since.IsZero() && s.o.Until.IsZero() {
		return false
	}
	t, ok := parseTime(string(text))
	return ok && (!s.o.Since.IsZero() && t.Before(s.o.Since) || !s.o.Until.IsZero() && !t.Before(s.o.Until))
}

// parseTime reads a time of a log. An abbreviation of a zone that is not the
// machine's own counts as UTC: nothing better is known.
func parseTime(text string) (time.Time, bool) {
	text = longFraction.ReplaceAllString(text, "$1")
	for _, layout := range []string{"2006-01-02 15:04:05.999 -07", "2006-01-02 15:04:05.999 -07:00", "2006-01-02 15:04:05.999 MST", "2006-01-02 15:04:05.999Z07:00", "2006-01-02T15:04:05.999Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// longFraction is what pgauditlogtofile 1.8 writes behind the seconds.
var longFraction = lazyregexp.New(`(\.\d{9})\d+`)

// clock returns a time of a log as text if it looks like one: a log may hold
// anything in that place, and the text is printed.
func clock(text []byte) string {
	if !moment.Match(text) {
		return ""
	}
	return string(text)
}

// moment is a time with a date, or the seconds since 1970 of %n.
var moment = lazyregexp.New(`^(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d{1,14})?(?: ?[A-Za-z]{1,5}| ?[+-]\d\d(?::?\d\d)?)?|1\d{9}\.\d{3})$`)
