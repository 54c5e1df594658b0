package logline

import "bytes"

// widespread are values of log_line_prefix: the default, those of packages and
// of hosting services, and the one that pgBadger asks for.
var widespread = []string{
	"%m [%p] ", "%m [%p] %q%u@%d ", "%m [%p] %q[user=%u,db=%d,app=%a] ", "%t [%p] %q%u@%d ", "%m [%p] %q%u@%d/%a ", "%m [%p] %u@%d ",
	"%t:%r:%u@%d:[%p]:", "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:", "%m: [%p]: [%l-1] db=%d,user=%u ", "%m [%p]: [%l-1] db=%d,user=%u ",
	"%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ", "%t [%p]: user=%u,db=%d,app=%a,client=%h ", "%t [%p]: db=%d,user=%u,app=%a,client=%h ",
	"%m [%p] %r %u@%d ", "%m %p %u %d %r %a ", "%m %p %u %d %h %a ", "%m [%p] %u %d %r %a ", "%t-%c-", "%t [%p-%l] %q%u@%d ", "%m [%p] %q%u@%d %a ",
	"%t %u@%d[%p]: [%l] ", "< %m >", "<%m>", "%t ",
}

// A prefix is a log_line_prefix, taken apart.
type prefix struct {
	segments []segment
}

// A segment is an escape, or 0, and the text behind it.
type segment struct {
	escape byte
	text   string
}

// compile takes a log_line_prefix apart.
func compile(text string) *prefix {
	p := &prefix{segments: []segment{{}}}
	last := func() *segment { return &p.segments[len(p.segments)-1] }
	for i := 0; i < len(text); i++ {
		if text[i] != '%' || i+1 >= len(text) {
			last().text += text[i : i+1]
			continue
		}
		i++
		for i < len(text) && (text[i] == '-' || text[i] >= '0' && text[i] <= '9') { // padding
			i++
		}
		switch {
		case i >= len(text):
		case text[i] == '%':
			last().text += "%"
		default:
			p.segments = append(p.segments, segment{escape: text[i]})
		}
	}
	return p
}

// maxSteps bounds the work of one match: free texts can end in several places.
const maxSteps = 500

// match reads a line's prefix. It fills time, role and database, and reports
// whether the whole text fits.
func (p *prefix) match(b []byte, rec *Record) bool {
	m := matcher{p: p, text: b, steps: maxSteps, rec: rec}
	return m.from(0, 0)
}

type matcher struct {
	p     *prefix
	text  []byte
	steps int
	rec   *Record
}

// from matches the segments from i with the text from at.
func (m *matcher) from(i, at int) bool {
	if m.steps--; m.steps < 0 {
		return false
	}
	if i == len(m.p.segments) {
		return len(bytes.TrimLeft(m.text[at:], " ")) == 0
	}
	s := m.p.segments[i]
	rest := m.text[at:]
	if s.escape == 'q' && len(bytes.TrimLeft(rest, " ")) == 0 {
		return true // a process without a session
	}
	shortest, longest := s.extent(rest)
	for n := shortest; n <= longest; n++ {
		if !bytes.HasPrefix(rest[n:], []byte(s.text)) || !m.from(i+1, at+n+len(s.text)) {
			continue
		}
		value := bytes.TrimSpace(rest[:n])
		switch s.escape {
		case 'm', 't', 'n':
			m.rec.Time = value
		case 'u':
			m.rec.Role = value
		case 'd':
			m.rec.Database = value
		}
		return true
	}
	return false
}

// extent returns how short and how long the value of an escape can be that rest
// starts with.
func (s segment) extent(rest []byte) (shortest, longest int) {
	n := 0
	for n < len(rest) && rest[n] == ' ' && s.escape != 0 && s.escape != 'q' { // padding
		n++
	}
	of := func(set string) int {
		end := n
		for end < len(rest) && bytes.IndexByte([]byte(set), rest[end]) >= 0 {
			end++
		}
		return end
	}
	switch s.escape {
	case 0, 'q':
		return 0, 0
	case 'm', 't', 's':
		end := n + timestamp(rest[n:])
		return end, end
	case 'n':
		end := of("0123456789.")
		return end, end
	case 'p', 'P', 'l', 'x':
		end := of("0123456789")
		return end, end
	case 'c':
		end := of("0123456789abcdef.")
		return end, end
	}
	return 0, min(len(rest), 256)
}

// guessHead finds time, role and database in a prefix that is not known.
func guessHead(b []byte, rec *Record) {
	for i := range min(len(b), 64) {
		if n := timestamp(b[i:]); n > 0 {
			rec.Time = b[i : i+n]
			break
		}
	}
	rec.Role, rec.Database = named(b, "user="), named(b, "db=")
	if at := bytes.IndexByte(b, '@'); rec.Role == nil && at > 0 {
		start, end := at, at+1
		for start > 0 && nameByte(b[start-1]) {
			start--
		}
		for end < len(b) && nameByte(b[end]) {
			end++
		}
		if start < at && end > at+1 {
			rec.Role, rec.Database = b[start:at], b[at+1:end]
		}
	}
}

func named(b []byte, key string) []byte {
	_, after, ok := bytes.Cut(b, []byte(key))
	if !ok {
		return nil
	}
	end := 0
	for end < len(after) && nameByte(after[end]) {
		end++
	}
	return after[:end]
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'
}
