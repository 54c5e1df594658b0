package logline

import (
	"bytes"
	"strconv"
)

// A syslogLine is a line without what syslog put before it.
type syslogLine struct {
	process []byte // "postgres[1405]", or the host and what follows it
	number  int    // of the message, 0 if there is none
	part    int    // of the message, from 1
	payload []byte
}

var months = []byte("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ")

// isSyslog reports whether a line starts as one of syslog does: a priority in
// angle brackets, a time such as "May  6 00:23:01", or an ISO time that a host
// and a program follow. Some collectors put their own time before it.
func isSyslog(line []byte) bool {
	_, ok := syslogTime(line)
	return ok
}

// syslogTime returns what follows the priority and the time.
func syslogTime(line []byte) ([]byte, bool) {
	if n := timestamp(line); n > 0 && n+2 < len(line) && line[n] == ' ' && line[n+1] == '<' {
		if rest, ok := priority(line[n+1:]); ok {
			return afterTime(rest, true)
		}
	}
	if rest, ok := priority(line); ok {
		return afterTime(rest, true)
	}
	return afterTime(line, false)
}

// priority takes "<134>" away, and the version "1 " of RFC 5424 behind it.
func priority(line []byte) ([]byte, bool) {
	if len(line) < 4 || line[0] != '<' {
		return nil, false
	}
	i := 1
	for i < len(line) && i < 4 && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	if i == 1 || i >= len(line) || line[i] != '>' {
		return nil, false
	}
	return bytes.TrimPrefix(line[i+1:], []byte("1 ")), true
}

// afterTime takes the time away. Without a priority before it an ISO time
// makes a line of syslog only with "host program[123]: " behind it.
func afterTime(line []byte, sure bool) ([]byte, bool) {
	if len(line) > 15 && line[3] == ' ' && bytes.Contains(months, line[:4]) && line[9] == ':' && line[12] == ':' {
		return bytes.TrimLeft(line[15:], " "), true
	}
	if len(line) > 14 && line[3] == ' ' && bytes.Contains(months, line[:4]) && line[8] == ':' && line[11] == ':' { // "May 6 "
		return bytes.TrimLeft(line[14:], " "), true
	}
	n := timestamp(line)
	if n == 0 || n >= len(line) || line[n] != ' ' || !sure && line[10] != 'T' {
		return nil, false
	}
	rest := line[n+1:]
	if sure {
		return rest, true
	}
	end := bytes.Index(rest, []byte("]: "))
	return rest, end > 0 && end < 200 && bytes.Count(rest[:end], []byte(" ")) == 1
}

// syslogHeader takes apart what stands before the message.
func syslogHeader(line []byte) (h syslogLine, ok bool) {
	rest, ok := syslogTime(line)
	if !ok {
		return h, false
	}
	// A record of pgauditlogtofile behind host and names of the service.
	head := rest[:min(len(rest), 512)]
	for i := range head {
		if (i == 0 || head[i-1] == ' ') && csvTime(rest[i:]) > 0 {
			h.process, h.payload, h.part = head[:i], rest[i:], 1
			return h, true
		}
	}
	end := bytes.Index(head, []byte("]: "))
	if end < 0 {
		if end = bytes.Index(head, []byte(" - ")); end < 0 { // RFC 5424 without a message ID
			h.payload = rest
			return h, true
		}
	}
	h.process, h.payload = head[:end+1], rest[end+3:]
	h.payload = bytes.TrimPrefix(h.payload, []byte("- "))
	h.number, h.part, h.payload = sequence(h.payload)
	return h, true
}

// sequence reads "[5-1] ", the number of the message and of its part.
func sequence(b []byte) (number, part int, rest []byte) {
	if len(b) < 6 || b[0] != '[' {
		return 0, 0, b
	}
	end := bytes.IndexByte(b[:min(len(b), 32)], ']')
	if end < 0 {
		return 0, 0, b
	}
	first, second, ok := bytes.Cut(b[1:end], []byte{'-'})
	n, err1 := strconv.Atoi(string(first))
	m, err2 := strconv.Atoi(string(second))
	if !ok || err1 != nil || err2 != nil || end+2 > len(b) {
		return 0, 0, b
	}
	return n, m, b[end+2:]
}

// syslog adds a line to the message of its process. Lines of different
// processes come mixed.
func (r *Reader) syslog(line []byte, cut bool) {
	h, _ := syslogHeader(line)
	number := r.src.number
	if startsCSV(h.payload) {
		r.wrapped(number, h.payload, cut)
		return
	}
	payload := unescape(h.payload)
	start, text, k := label(payload)
	p := r.pending.of(h.process)
	switch {
	case k == main && h.part <= 1:
		p = r.pending.start(h.process)
		p.begin(number, payload[:start], payload[start:text], bytes.TrimLeft(payload[text:], " "))
		r.head(&p.head, p.prefix)
		p.keepHead()
	case p == nil:
		r.unknown(number)
		return
	case k != 0 && k != main && sameShape(p.prefix, payload[:start]):
		p.section(k, nil, payload[text:])
	case len(payload) > 0 && payload[0] == '\t':
		p.more(payload[1:], cut)
	default: // syslog has a limit, and the server cuts its lines to fit
		p.add(payload)
	}
	p.cut = p.cut || cut
}

// sameShape reports whether two texts differ in their digits only.
func sameShape(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		digits := a[i] >= '0' && a[i] <= '9' && b[i] >= '0' && b[i] <= '9'
		if a[i] != b[i] && !digits {
			return false
		}
	}
	return true
}

// unescape turns "#011" and "#012", by which syslog daemons write tab and line
// end, into these.
func unescape(b []byte) []byte {
	if !bytes.Contains(b, []byte("#01")) {
		return b
	}
	b = bytes.ReplaceAll(b, []byte("#011"), []byte("\t"))
	return bytes.ReplaceAll(b, []byte("#012"), newline)
}

// wrapped reads a record of csvlog or pgauditlogtofile that came by syslog.
func (r *Reader) wrapped(number int, payload []byte, cut bool) {
	payload = unescape(payload)
	r.split(payload)
	p := r.pending.start(nil)
	if len(r.fields) <= flatMessage {
		r.pending.drop(p)
		r.unknown(number)
		return
	}
	var rec Record
	r.unquote = r.unquote[:0]
	rec.Time, rec.Role, rec.Database = r.fields[0], r.text(csvRole), r.text(csvDatabase)
	if len(r.fields) >= csvLeast && len(r.fields) <= csvMost && kindOf(r.fields[csvSeverity]) == main {
		rec.Severity, rec.Message, rec.Detail = r.text(csvSeverity), r.text(csvMessage), r.text(csvDetail)
		rec.Context, rec.Statement, rec.Internal = r.text(csvContext), r.text(csvStatement), r.text(csvInternal)
	} else {
		r.flat(&rec, payload)
	}
	p.begin(number, nil, rec.Severity, rec.Message)
	p.text[detail], p.text[context] = append(p.text[detail], rec.Detail...), append(p.text[context], rec.Context...)
	p.text[statement], p.text[internal] = append(p.text[statement], rec.Statement...), append(p.text[internal], rec.Internal...)
	p.cut, p.bare = cut || rec.Cut, rec.Bare
	p.head = rec
	p.keepHead()
}

// A syslogMessage is a message whose parts are still coming.
type syslogMessage struct {
	sections
	process string
	bare    bool
	head    Record
	heads   []byte // memory of the texts in head
	ready   bool
}

// keepHead copies the texts of head, which belong to the line.
func (m *syslogMessage) keepHead() {
	m.heads = m.heads[:0]
	keep := func(b []byte) []byte {
		start := len(m.heads)
		m.heads = append(m.heads, b...)
		return m.heads[start:len(m.heads):len(m.heads)]
	}
	m.head = Record{Time: keep(m.head.Time), Role: keep(m.head.Role), Database: keep(m.head.Database)}
}

// maxPending bounds the processes whose last message may still go on.
const maxPending = 256

// A syslogTable holds the unfinished messages, the oldest first, and recycles
// their memory.
type syslogTable struct {
	open []*syslogMessage
	free []*syslogMessage
	last *syslogMessage // handed out, its memory is in use
}

func (t *syslogTable) of(process []byte) *syslogMessage {
	for i := len(t.open) - 1; i >= 0; i-- {
		if m := t.open[i]; !m.ready && m.process == string(process) {
			return m
		}
	}
	return nil
}

// start begins a message; the one before it of the same process is whole. No
// process at all says that the message is whole at once.
func (t *syslogTable) start(process []byte) *syslogMessage {
	if m := t.of(process); m != nil {
		m.ready = true
	}
	if len(t.open) >= maxPending {
		t.open[0].ready = true
	}
	m := &syslogMessage{}
	if n := len(t.free); n > 0 {
		m, t.free = t.free[n-1], t.free[:n-1]
	}
	m.ready, m.bare, m.head = process == nil, false, Record{}
	if m.process != string(process) {
		m.process = string(process)
	}
	t.open = append(t.open, m)
	return m
}

func (t *syslogTable) drop(m *syslogMessage) {
	t.open = t.open[:len(t.open)-1]
	t.free = append(t.free, m)
}

// flush makes all messages whole.
func (t *syslogTable) flush() {
	for _, m := range t.open {
		m.ready = true
	}
}

// pop takes the first message that is whole.
func (t *syslogTable) pop(rec *Record) bool {
	for i, m := range t.open {
		if !m.ready {
			continue
		}
		t.open = append(t.open[:i], t.open[i+1:]...)
		if t.last != nil {
			t.free = append(t.free, t.last)
		}
		t.last = m
		*rec = m.head
		bare := m.bare
		m.fill(rec)
		rec.Bare = bare
		return true
	}
	return false
}
