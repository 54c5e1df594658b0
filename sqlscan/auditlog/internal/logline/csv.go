package logline

import (
	"bytes"
	"errors"
)

var quote = []byte{'"'}

// csvTime returns the length of "2006-01-02 15:04:05.000 UTC" at the start of a
// line if a comma follows it, or 0.
func csvTime(line []byte) int {
	n := timestamp(line)
	if n == 0 || n >= len(line) || line[n] != ',' {
		return 0
	}
	return n
}

// timestamp returns the length of a time at the start of text, with its
// fraction and zone, or 0.
func timestamp(b []byte) int {
	const pattern = "0000-00-00 00:00:00"
	if len(b) < len(pattern) {
		return 0
	}
	for i := range len(pattern) {
		switch c := pattern[i]; {
		case c == '0':
			if b[i] < '0' || b[i] > '9' {
				return 0
			}
		case c == ' ':
			if b[i] != ' ' && b[i] != 'T' {
				return 0
			}
		case b[i] != c:
			return 0
		}
	}
	n := len(pattern)
	if n < len(b) && b[n] == '.' {
		for n++; n < len(b) && b[n] >= '0' && b[n] <= '9'; n++ {
		}
	}
	return n + zone(b[n:])
}

// zone returns the length of " UTC", " +02", "+05:30" or "Z" at the start of b,
// or 0.
func zone(b []byte) int {
	i := 0
	if i < len(b) && b[i] == ' ' {
		i++
	}
	start := i
	if i < len(b) && (b[i] == '+' || b[i] == '-') {
		for i++; i < len(b) && i-start <= len("+05:30") && (b[i] >= '0' && b[i] <= '9' || b[i] == ':' && i+1 < len(b) && b[i+1] >= '0' && b[i+1] <= '5'); i++ {
		}
		if i == start+1 { // "-", as a separator
			return 0
		}
		return i
	}
	for i < len(b) && i-start < 6 && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
		i++
	}
	if i == start {
		return 0
	}
	return i
}

// startsCSV reports whether a record of csvlog or pgauditlogtofile starts with
// this line: a time, and a session ID as the sixth field.
func startsCSV(line []byte) bool {
	n := csvTime(line)
	if n == 0 {
		return false
	}
	rest := line[n+1:]
	for range 4 { // role, database, process, address
		_, after, ok := Field(rest)
		if !ok || after == nil {
			return false
		}
		rest = after
	}
	session, _, _ := Field(rest)
	return sessionID(session)
}

func sessionID(b []byte) bool {
	dot := bytes.IndexByte(b, '.')
	if dot < 1 || dot == len(b)-1 {
		return false
	}
	for i, c := range b {
		if i != dot && !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

// Field returns the first field of a line of comma-separated values, with its
// quotes, and the text behind its comma, nil if it is the last. It is false if
// a quote is never closed; the field then reaches to the end.
func Field(b []byte) (field, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		i := bytes.IndexByte(b, ',')
		if i < 0 {
			return b, nil, true
		}
		return b[:i], b[i+1:], true
	}
	for i := 1; ; i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return b, nil, false
		}
		i += n
		if i+1 < len(b) && b[i+1] == '"' {
			i++
			continue
		}
		i++
		n = bytes.IndexByte(b[i:], ',')
		if n < 0 {
			return b, nil, true
		}
		return b[:i+n], b[i+n+1:], true
	}
}

// Unquote appends to dst the text of a field without its quotes, and returns
// dst and the text. A field without quotes is returned as it is.
func Unquote(dst, field []byte) (buffer, text []byte) {
	if len(field) == 0 || field[0] != '"' {
		return dst, field
	}
	field = field[1:]
	if n := len(field); n > 0 && field[n-1] == '"' {
		field = field[:n-1]
	}
	if bytes.IndexByte(field, '"') < 0 {
		return dst, field
	}
	start := len(dst)
	for {
		i := bytes.IndexByte(field, '"')
		if i < 0 || i+1 >= len(field) {
			dst = append(dst, field...)
			return dst, dst[start:]
		}
		dst = append(dst, field[:i+1]...)
		if field[i+1] == '"' {
			i++
		}
		field = field[i+1:]
	}
}

// Indexes of the fields of csvlog, and of how many there are: 23 in PostgreSQL
// 12, one more in 13, two more in 14.
const (
	csvRole, csvDatabase, csvSeverity, csvState  = 1, 2, 11, 12
	csvMessage, csvDetail, csvHint, csvInternal  = 13, 14, 15, 16
	csvContext, csvStatement, csvLeast, csvMost  = 18, 19, 23, 26
	flatState, flatMessage, maxFields, flatAudit = 11, 12, 64, 9
)

// csv reads a record of csvlog or pgauditlogtofile. A quote that is not closed
// swallows what follows; so a record that does not come out right ends before
// the first line in it that looks like the start of one.
func (r *Reader) csv(rec *Record) (bool, error) {
	length, whole, err := r.csvLength()
	if err != nil {
		return false, err
	}
	text := trimReturn(r.src.window()[:length])
	number := r.src.number + 1
	r.split(text)
	flat := len(r.fields) > flatMessage && len(r.fields[flatState]) == 5 && kindOf(r.fields[flatState]) != main
	switch {
	case flat:
		text, length = r.flatRest(length)
	case !whole || len(r.fields) < csvLeast || len(r.fields) > csvMost || kindOf(r.fields[csvSeverity]) != main:
		if i := bytes.IndexByte(text, '\n'); i >= 0 {
			if at := nextStart(text); at > 0 {
				text, length = text[:at-1], at-1
			}
			r.split(text)
		}
		rec.Cut = true
	}
	r.src.take(length)
	r.src.take(min(1, len(r.src.window()))) // the line end
	if len(r.fields) <= flatMessage {
		r.unknown(number)
		rec.Cut = false
		return false, nil
	}
	rec.Line, rec.Time = number, r.fields[0]
	r.unquote = r.unquote[:0]
	rec.Role, rec.Database = r.text(csvRole), r.text(csvDatabase)
	if flat {
		r.flat(rec, text)
		return true, nil
	}
	rec.Severity, rec.State = r.text(csvSeverity), r.text(csvState)
	rec.Message, rec.Detail, rec.Hint = r.text(csvMessage), part(r.text(csvDetail)), part(r.text(csvHint))
	rec.Internal, rec.Context, rec.Statement = part(r.text(csvInternal)), part(r.text(csvContext)), part(r.text(csvStatement))
	return true, nil
}

// csvLength returns the length of the record that the window starts with: up to
// the first line end with an even number of quotes before it. The error is
// errIdle if that has not come yet.
func (r *Reader) csvLength() (length int, whole bool, err error) {
	quotes := 0
	for {
		line, cut, err := r.src.peekAt(length)
		switch {
		case errors.Is(err, errIdle):
			return 0, false, err
		case err != nil:
			return max(length-1, 0), false, nil
		}
		quotes += bytes.Count(line, quote)
		length += len(line)
		if quotes%2 == 0 || cut {
			return length, !cut, nil
		}
		length++ // the line end
		if length > len(r.src.window()) {
			return length - 1, false, nil
		}
	}
}

// nextStart returns the offset of the first line, but not the first of all,
// that looks like the start of a message, or 0.
func nextStart(text []byte) int {
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return 0
		}
		at += i + 1
		line := text[at:min(len(text), at+maxHead)]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		if startsCSV(line) {
			return at
		}
		if _, _, k := label(line); k == main && timestamp(line) > 0 {
			return at
		}
	}
}

func (r *Reader) split(text []byte) {
	r.fields = r.fields[:0]
	for rest := text; rest != nil && len(r.fields) < maxFields; {
		var field []byte
		field, rest, _ = Field(rest)
		r.fields = append(r.fields, field)
	}
}

// text returns a field without its quotes, valid until the next record.
func (r *Reader) text(i int) (out []byte) {
	if i >= len(r.fields) {
		return nil
	}
	r.unquote, out = Unquote(r.unquote, r.fields[i])
	return out
}

// flatRest returns the text of a record of pgauditlogtofile, which starts at
// the window's start and has a first line of that length. The extension writes
// the context of a message without quotes, line ends and all.
func (r *Reader) flatRest(length int) ([]byte, int) {
	for {
		w := r.src.window()
		if length >= len(w) || w[length] != '\n' {
			break
		}
		next, cut, err := r.src.peekAt(length + 1)
		if err != nil || cut || len(next) == 0 || csvTime(next) > 0 || isSyslog(next) {
			break
		}
		length += 1 + len(next)
	}
	text := trimReturn(r.src.window()[:length])
	r.split(text)
	if at := nextStart(text); at > 0 { // a quote of the context had no twin
		text, length = text[:at-1], at-1
		r.split(text)
	}
	return text, length
}

// flat fills a record of pgauditlogtofile: pgAudit's fields stand among those
// of the server, and the context behind them.
func (r *Reader) flat(rec *Record, text []byte) {
	rest := text
	for range flatMessage {
		_, rest, _ = Field(rest)
	}
	rec.Severity, rec.State = []byte("LOG"), r.fields[flatState]
	if !bytes.HasPrefix(rest, []byte("SESSION,")) && !bytes.HasPrefix(rest, []byte("OBJECT,")) {
		rec.Message = r.text(flatMessage)
		return
	}
	tail := rest
	for range flatAudit {
		var ok bool
		_, tail, ok = Field(tail)
		rec.Cut = rec.Cut || !ok
	}
	rec.Bare = true
	rec.Message = rest[:len(rest)-len(tail)]
	if tail != nil {
		rec.Message = rec.Message[:len(rec.Message)-1]
	}
	if len(bytes.Trim(tail, ",")) > 0 {
		rec.Context = tail
	}
}
