package logline

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// json reads a line of jsonlog: one object a line, its values texts and
// numbers. Two others are known, for the fields that they have in common with
// it: what CloudNativePG makes of csvlog, with pgAudit's fields in an object of
// their own, and the lines of pgauditlogtofile. Other objects are counted as
// unknown.
func (r *Reader) json(rec *Record) bool {
	line, cut, _ := r.src.line()
	rec.Line = r.src.number
	r.unquote = r.unquote[:0]
	r.audit = jsonAudit{}
	whole := r.object(rec, line, false)
	r.audited(rec)
	if rec.Message == nil || kindOf(rec.Severity) != main {
		*rec = Record{}
		r.unknown(r.src.number)
		return false
	}
	rec.Cut = cut || !whole
	return true
}

// A jsonAudit is a line of pgAudit that came as the fields of an object.
type jsonAudit struct {
	kind, class, command, statement, parameter []byte
	// rest is statement and parameter as pgAudit writes them.
	rest []byte
}

// audited makes of such fields the line that pgAudit writes.
func (r *Reader) audited(rec *Record) {
	a := &r.audit
	switch {
	case a.kind == nil && a.rest != nil:
		rec.Message = a.rest
		return
	case a.kind == nil:
		return
	case a.rest == nil:
		a.rest = quoted(quoted(nil, a.statement), a.parameter)
	}
	start := len(r.unquote)
	for _, part := range [][]byte{a.kind, []byte(",1,1,"), a.class, []byte(","), a.command, []byte(",,,"), a.rest} {
		r.unquote = append(r.unquote, part...)
	}
	rec.Message, rec.Bare, rec.Severity = r.unquote[start:], true, []byte("LOG")
}

// quoted appends a text as a further field of comma-separated values.
func quoted(dst, text []byte) []byte {
	if len(dst) > 0 {
		dst = append(dst, ',')
	}
	dst = append(dst, '"')
	dst = append(dst, bytes.ReplaceAll(text, quote, []byte(`""`))...)
	return append(dst, '"')
}

// object fills rec from the object that b is. It reports whether b ends with
// the object.
func (r *Reader) object(rec *Record, b []byte, inner bool) bool {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '{' {
		return false
	}
	for b = b[1:]; ; {
		b = bytes.TrimLeft(b, " \t,")
		if len(b) == 0 {
			return false
		}
		if b[0] == '}' {
			return len(b) == 1
		}
		key, rest, ok := r.jsonText(b)
		if !ok {
			return false
		}
		rest = bytes.TrimLeft(rest, " \t")
		if len(rest) == 0 || rest[0] != ':' {
			return false
		}
		b = bytes.TrimLeft(rest[1:], " \t")
		if len(b) == 0 {
			return false
		}
		if b[0] != '"' {
			rest := jsonSkip(b)
			if rest == nil {
				return false
			}
			if b[0] == '{' && (!inner && string(key) == "record" || inner && string(key) == "audit") {
				r.object(rec, b[:len(b)-len(rest)], true)
			}
			b = rest
			continue
		}
		value, after, ok := r.jsonText(b)
		r.set(rec, key, value)
		if !ok {
			return false
		}
		b = after
	}
}

// set stores a value under its key: that of jsonlog, of CloudNativePG, or of
// pgauditlogtofile.
func (r *Reader) set(rec *Record, key, value []byte) {
	switch string(key) {
	case "timestamp", "log_time":
		rec.Time = value
	case "user", "user_name", "db.user":
		rec.Role = value
	case "dbname", "database_name", "db.name":
		rec.Database = value
	case "error_severity":
		rec.Severity = value
	case "severity":
		if string(value) == "audit" {
			rec.Severity = []byte("LOG")
		}
	case "state_code", "sql_state_code", "custom.state_code":
		rec.State = value
	case "message":
		rec.Message = value
	case "detail", "custom.detail_log":
		rec.Detail = value
	case "hint", "custom.err_hint":
		rec.Hint = value
	case "internal_query", "custom.internal_query":
		rec.Internal = value
	case "context", "custom.context":
		rec.Context = value
	case "query":
		rec.Statement = value
	case "statement":
		if r.audit.kind == nil {
			rec.Statement = value
			break
		}
		r.audit.statement = value
	case "audit_type", "custom.audit_type":
		r.audit.kind = value
	case "class", "custom.class":
		r.audit.class = value
	case "command", "custom.command":
		r.audit.command = value
	case "parameter":
		r.audit.parameter = value
	case "content":
		r.audit.rest = value
	}
}

// Fields of pgauditlogtofile 1.8 and later: all in quotes, with the escapes of
// JSON, statement and parameters as one.
const (
	textRole, textDatabase, textState, textKind, textClass, textCommand  = 1, 2, 9, 10, 13, 14
	textRest, textDetail, textHint, textInternal, textContext, textQuery = 17, 18, 19, 20, 22, 23
)

// quotedFields reads a line of pgauditlogtofile 1.8 and later.
func (r *Reader) quotedFields(rec *Record) bool {
	line, cut, _ := r.src.line()
	rec.Line, rec.Cut = r.src.number, cut
	r.unquote, r.fields = r.unquote[:0], r.fields[:0]
	for rest := line; rest != nil && len(r.fields) < maxFields; {
		value, after, ok := r.jsonText(rest)
		switch {
		case len(rest) > 0 && rest[0] == '"':
			r.fields = append(r.fields, value)
			rec.Cut = rec.Cut || !ok
			_, rest, _ = Field(after)
		default:
			value, rest, _ = Field(rest)
			r.fields = append(r.fields, value)
		}
	}
	at := func(i int) []byte {
		if i < len(r.fields) {
			return part(r.fields[i])
		}
		return nil
	}
	if len(r.fields) <= textKind {
		r.unknown(rec.Line)
		*rec = Record{}
		return false
	}
	rec.Time, rec.Role, rec.Database, rec.State = at(0), at(textRole), at(textDatabase), at(textState)
	if kind := string(at(textKind)); kind != "SESSION" && kind != "OBJECT" { // a connection
		rec.Message, rec.Severity = at(textKind), []byte("LOG")
		return true
	}
	r.audit = jsonAudit{kind: at(textKind), class: at(textClass), command: at(textCommand), rest: at(textRest)}
	r.audited(rec)
	rec.Detail, rec.Hint, rec.Internal, rec.Context, rec.Statement = at(textDetail), at(textHint), at(textInternal), at(textContext), at(textQuery)
	return true
}

// jsonSkip returns what follows a value that is no text, or nil.
func jsonSkip(b []byte) []byte {
	depth, inText := 0, false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case inText && c == '\\':
			i++
		case c == '"':
			inText = !inText
		case inText:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth == 0 {
				return b[i:]
			}
			depth--
		case c == ',' && depth == 0:
			return b[i:]
		}
	}
	return nil
}

// jsonText reads a text in quotes. It is false if the text does not end; the
// value is then what there is.
func (r *Reader) jsonText(b []byte) (value, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return nil, nil, false
	}
	b = b[1:]
	start, copied := len(r.unquote), false
	for {
		i := bytes.IndexByte(b, '"')
		escape := bytes.IndexByte(b[:max(i, 0)], '\\')
		if i < 0 {
			escape = bytes.IndexByte(b, '\\')
		}
		switch {
		case escape >= 0:
			copied = true
			r.unquote = append(r.unquote, b[:escape]...)
			b = r.escape(b[escape+1:])
		case i < 0:
			r.unquote = append(r.unquote, b...)
			return r.unquote[start:], nil, false
		case copied:
			r.unquote = append(r.unquote, b[:i]...)
			return r.unquote[start:], b[i+1:], true
		default:
			return b[:i], b[i+1:], true
		}
	}
}

// escape appends what stands behind a backslash and returns the rest.
func (r *Reader) escape(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	c := b[0]
	switch c {
	case 'n':
		c = '\n'
	case 't':
		c = '\t'
	case 'r':
		c = '\r'
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'u':
		if len(b) < 5 {
			return nil
		}
		n, err := strconv.ParseUint(string(b[1:5]), 16, 32)
		if err == nil {
			r.unquote = utf8.AppendRune(r.unquote, rune(n)) // jsonlog escapes control characters only
		}
		return b[5:]
	}
	r.unquote = append(r.unquote, c)
	return b[1:]
}
