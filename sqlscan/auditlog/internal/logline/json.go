package logline

import (
	"bytes"
	"strconv"
	"unicode/utf8"
)

// json reads a line of jsonlog: one object a line, its values texts and
// numbers. Other objects are counted as unknown.
func (r *Reader) json(rec *Record) bool {
	line, cut, _ := r.src.line()
	rec.Line = r.src.number
	r.unquote = r.unquote[:0]
	whole := r.object(rec, line)
	if rec.Message == nil || kindOf(rec.Severity) != main {
		*rec = Record{}
		r.unknown(r.src.number)
		return false
	}
	rec.Cut = cut || !whole
	return true
}

// object fills rec from the object that b is. It reports whether b ends with
// the object.
func (r *Reader) object(rec *Record, b []byte) bool {
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
			if b = jsonSkip(b); b == nil {
				return false
			}
			continue
		}
		value, after, ok := r.jsonText(b)
		rec.set(key, value)
		if !ok {
			return false
		}
		b = after
	}
}

// set stores a value under its key of jsonlog.
func (rec *Record) set(key, value []byte) {
	switch string(key) {
	case "timestamp":
		rec.Time = value
	case "user":
		rec.Role = value
	case "dbname":
		rec.Database = value
	case "error_severity":
		rec.Severity = value
	case "state_code":
		rec.State = value
	case "message":
		rec.Message = value
	case "detail":
		rec.Detail = value
	case "hint":
		rec.Hint = value
	case "internal_query":
		rec.Internal = value
	case "context":
		rec.Context = value
	case "statement":
		rec.Statement = value
	}
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
