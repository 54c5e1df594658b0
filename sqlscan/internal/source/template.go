package source

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// maxAction bounds the length of a template action, so that a lone "{{" does
// not look for its end through the whole file.
const maxAction = 4096

// template masks the template expression at i, if there is one outside of
// literals, and returns its length or 0. These are known:
//
//	${name} #{name} $NAME     Flyway, Liquibase, goose, envsubst, MyBatis
//	{{ action }} {% tag %}    Go templates, Jinja
//	@name                     SqlRender, sqlc
//	:name :'name' :"name"     psql and named parameters
//	:{?name}                  psql
func (m *masker) template(i int) int {
	rest := m.sql[i:]
	if len(rest) < 2 {
		return 0
	}
	switch c, n := rest[0], rest[1]; {
	case (c == '$' || c == '#') && n == '{':
		return m.action(i, "${", "}")
	case c == '{' && n == '{':
		return m.action(i, "{{", "}}")
	case c == '"' && bytes.HasPrefix(rest[1:], []byte("{{")):
		return m.quotedAction(i)
	case c == '{' && (n == '%' || n == '#'):
		return m.action(i, "{%", string([]byte{n, '}'}))
	case c == '$' && isNameStart(n):
		if t, _ := pgparse.NextToken(m.sql, i); t.Kind == pgparse.PunctToken {
			return m.named(i, 1)
		}
	case c == '@' && isNameStart(n):
		if i == 0 || !strings.ContainsRune("@<>&|~!#?", rune(m.sql[i-1])) {
			return m.named(i, 1)
		}
	case c == ':':
		return m.psqlVariable(i)
	}
	return 0
}

// named masks a sign followed by a name.
func (m *masker) named(i, sign int) int {
	n := sign
	for i+n < len(m.sql) && isName(m.sql[i+n]) {
		n++
	}
	m.write(i, n, string(m.sql[i+sign:i+n]))
	return n
}

// psqlVariable masks a variable of psql. A colon behind a name, a number or a
// bracket is the bound of an array slice, and :: and := are operators. Between
// a closing parenthesis and the end of a statement, no name can stand; the
// variable holds further clauses there.
func (m *masker) psqlVariable(i int) int {
	if i > 0 && m.sql[i-1] == ')' && isNameStart(m.sql[i+1]) {
		n := 1
		for i+n < len(m.sql) && isName(m.sql[i+n]) {
			n++
		}
		if i+n < len(m.sql) && m.sql[i+n] == ';' {
			blank(m.sql[i : i+n])
			return n
		}
	}
	if i > 0 && (isName(m.sql[i-1]) || bytes.IndexByte([]byte(":[])'\"$"), m.sql[i-1]) >= 0) {
		return 0
	}
	switch c := m.sql[i+1]; {
	case isNameStart(c):
		return m.named(i, 1)
	case c == '\'' || c == '"':
		n := 2
		for i+n < len(m.sql) && isName(m.sql[i+n]) {
			n++
		}
		if n == 2 || i+n >= len(m.sql) || m.sql[i+n] != c {
			return 0
		}
		m.sql[i], m.sql[i+1] = c, '_' // :'x' becomes '_x'
		return n + 1
	case c == '{':
		end := bytes.IndexByte(m.sql[i:min(i+maxAction, len(m.sql))], '}')
		if end < 4 {
			return 0
		}
		blank(m.sql[i : i+end+1])
		copy(m.sql[i:], "true")
		return end + 1
	}
	return 0
}

// controls are the first words of actions that print nothing.
var controls = map[string]bool{
	"if": true, "else": true, "elif": true, "elsif": true, "end": true, "endif": true, "range": true, "for": true, "endfor": true,
	"with": true, "endwith": true, "define": true, "block": true, "endblock": true, "template": true, "set": true, "include": true,
	"import": true, "extends": true, "macro": true, "endmacro": true, "raw": true, "endraw": true, "break": true, "continue": true,
}

// action masks an expression between brackets: control actions and actions
// that stand where a statement would become blank, others a name.
func (m *masker) action(i int, open, closing string) int {
	limit := min(i+maxAction, len(m.sql))
	n := bytes.Index(m.sql[i+2:limit], []byte(closing))
	if n < 0 {
		return 0
	}
	n += 2 + len(closing)
	inside := strings.Trim(string(m.sql[i+2:i+n-len(closing)]), "- \t\r\n")
	word, _, _ := strings.Cut(inside, " ")
	if open == "{{" && word == "if" {
		if skipped := m.choose(i, n, inside); skipped > 0 {
			return skipped
		}
	}
	alone := len(m.statement) == 0 && len(bytes.TrimSpace(m.sql[i+n:m.lineEnd(i+n)])) == 0 &&
		len(bytes.TrimSpace(m.sql[m.lineStart(i):i])) == 0
	if open == "{%" || strings.HasPrefix(inside, "/*") || controls[word] || strings.Contains(inside, ":=") || alone && open == "{{" {
		blank(m.sql[i : i+n])
		return n
	}
	m.write(i, n, strings.TrimLeft(inside, ".$"))
	return n
}

// write puts the value of a variable, or a name made of the template's own
// text, in place of the n bytes at i. Equal templates give equal names.
func (m *masker) write(i, n int, name string) {
	if v, ok := m.vars[name]; ok && len(v) <= n && !strings.ContainsAny(v, "\r\n") {
		if len(v) == n || i+n >= len(m.sql) || !isName(m.sql[i+n]) {
			blank(m.sql[i : i+n])
			copy(m.sql[i:], v)
			return
		}
	}
	start, end := i, i+n
	word := placeholder(name)
	gluedLeft := i > 0 && isName(m.sql[i-1])
	gluedRight := i+n < len(m.sql) && isName(m.sql[i+n])
	if gluedRight { // keeps the words of a name apart
		word += "_"
	}
	switch nl := bytes.IndexAny(m.sql[i:i+n], "\r\n"); {
	case nl >= 0:
		// Line ends stay, so a name cannot go on behind one.
		blank(m.sql[i+nl : i+n])
		end = i + nl
	case len(word) <= n && !gluedLeft:
		// However many spaces stand in the braces, the name is the same.
		start = end - len(word)
		blank(m.sql[i:end])
		copy(m.sql[start:], word)
	case len(word) <= n && !gluedRight:
		end = start + len(word)
		blank(m.sql[start : i+n])
		copy(m.sql[start:], word)
	}
	for k := start; k < end; k++ {
		if !isName(m.sql[k]) {
			m.sql[k] = '_'
		}
	}
	m.holes = append(m.holes, hole{m.base + start, m.base + end})
}

// placeholder returns the name that stands for a template: no keyword, and in
// small letters, so that it is the same in quotes.
func placeholder(text string) string {
	var b strings.Builder
	gap := true // starts the name with an underscore
	for i := range len(text) {
		if !isName(text[i]) {
			gap = true
			continue
		}
		if gap {
			b.WriteByte('_')
		}
		gap = false
		b.WriteByte(text[i])
	}
	return cmp.Or(strings.ToLower(b.String()), "_")
}

// quotedAction masks an action that is the whole of a quoted name. The action
// may hold quotes itself.
func (m *masker) quotedAction(i int) int {
	limit := min(i+maxAction, len(m.sql))
	n := bytes.Index(m.sql[i:limit], []byte(`}}"`))
	if n < 0 || bytes.ContainsAny(m.sql[i:i+n], "\r\n") {
		return 0
	}
	n += len(`}}"`)
	word := placeholder(strings.Trim(string(m.sql[i+3:i+n-3]), "- \t.$"))
	if len(word) < 2 {
		return 0
	}
	blank(m.sql[i : i+n])
	start := i + n - len(word) - 2
	copy(m.sql[start:], `"`+word+`"`)
	return n
}

// hole is a template that was replaced by a name.
type hole struct{ start, end int }

// Where a name is no SQL, a template stands for something else.
const maxTries = 400

// refine looks at the statements that do not parse with names in place of
// their templates, and tries a string, a number or nothing instead.
func (m *masker) refine() {
	if len(m.holes) == 0 {
		return
	}
	tries := 0
	next := 0
	for _, s := range pgparse.Parse(m.sql) {
		for next < len(m.holes) && m.holes[next].end <= s.Start {
			next++
		}
		last := next
		for last < len(m.holes) && m.holes[last].start < s.End {
			last++
		}
		if s.Err != nil && last > next && tries < maxTries {
			tries += m.try(m.sql[s.Start:s.End], s.Start, m.holes[next:last])
		}
		next = last
	}
}

// try changes stmt, which starts at base, if that makes it parse. It returns
// the number of attempts. A few holes are tried in all combinations, many only
// all alike.
func (m *masker) try(stmt []byte, base int, holes []hole) (attempts int) {
	const kinds = 4
	total := kinds
	if len(holes) <= 3 {
		for range len(holes) - 1 {
			total *= kinds
		}
	}
	for choice := 1; choice < total; choice++ {
		candidate := bytes.Clone(stmt)
		rest := choice
		for _, h := range holes {
			kind := rest % kinds
			if len(holes) <= 3 {
				rest /= kinds
			}
			fill(candidate[max(h.start-base, 0):min(h.end-base, len(candidate))], kind)
		}
		attempts++
		if _, err := pgparse.ParseOne(string(candidate)); err == nil {
			copy(stmt, candidate)
			return attempts
		}
	}
	return attempts
}

// fill writes something of the given kind: 0 leaves the name.
func fill(b []byte, kind int) {
	switch {
	case kind == 1 && len(b) > 1:
		b[0], b[len(b)-1] = '\'', '\''
	case kind == 2:
		blank(b)
		b[0] = '1'
	case kind == 3:
		blank(b)
	}
}
