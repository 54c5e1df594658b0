package logline

import (
	"bytes"
	"errors"
	"io"
)

// Options say what is known of a log beforehand.
type Options struct {
	// Prefix is the log_line_prefix of stderr and syslog lines. Without it the
	// one of Candidates and of the widespread ones is taken that fits most of
	// the first lines.
	Prefix     string
	Candidates []string
}

// ErrIdle is what Next returns when the stream has no more messages for now: a
// Read of it gave no byte and no error. Next may be called again.
var ErrIdle = errIdle

// A Reader reads the messages of one log.
type Reader struct {
	src     source
	o       Options
	prefix  *prefix
	chosen  bool // the prefix is settled
	stats   Stats
	own     sections // of the message that is being put together
	unquote []byte   // scratch for fields of csv and json
	fields  [][]byte
	audit   jsonAudit
	pending syslogTable
}

// NewReader returns a Reader of r. A Read that gives no byte and no error says
// that nothing has come yet, as in a file that grows.
func NewReader(r io.Reader, o Options) *Reader {
	return &Reader{src: source{r: r}, o: o}
}

// Stats returns what was read up to now.
func (r *Reader) Stats() Stats {
	s := r.stats
	s.Lines = r.src.number
	return s
}

// Next fills rec with the next message. It returns io.EOF at the end, ErrIdle
// if there is nothing more for now, and the errors of the stream.
func (r *Reader) Next(rec *Record) error {
	for {
		*rec = Record{}
		if r.pending.pop(rec) {
			return r.done(rec)
		}
		text, cut, err := r.src.peekAt(0)
		if err != nil {
			return r.atRest(rec, err)
		}
		if len(text) == 0 {
			_, _, _ = r.src.line()
			continue
		}
		if n := wrapper(text); n > 0 {
			r.src.take(n)
			continue
		}
		found := false
		switch {
		case text[0] == '{':
			found = r.json(rec)
		case text[0] == '"' && timestamp(text[1:]) > 0:
			found = r.quotedFields(rec)
		case !cut && startsCSV(text) || cut && csvTime(text) > 0:
			if found, err = r.csv(rec); err != nil {
				return r.atRest(rec, err)
			}
		default:
			found = r.plain(rec, text)
		}
		if found {
			return r.done(rec)
		}
	}
}

func (r *Reader) done(rec *Record) error {
	r.stats.Records++
	if rec.Cut {
		r.stats.CutOff++
		if r.stats.FirstCut == 0 {
			r.stats.FirstCut = rec.Line
		}
	}
	return nil
}

// atRest gives out what waits for more lines when there are none.
func (r *Reader) atRest(rec *Record, err error) error {
	r.pending.flush()
	if r.pending.pop(rec) {
		return r.done(rec)
	}
	if errors.Is(err, io.EOF) && r.src.err != nil {
		return r.src.err
	}
	return err
}

// unknown counts a line that belongs to no format.
func (r *Reader) unknown(line int) {
	r.stats.Unknown++
	if r.stats.FirstUnknown == 0 {
		r.stats.FirstUnknown = line
	}
}

// wrapper returns the length of what Kubernetes puts before each line of a
// container: "2026-03-02T08:15:01.120Z stderr F ".
func wrapper(line []byte) int {
	if len(line) < 30 || line[10] != 'T' {
		return 0
	}
	n := timestamp(line)
	if n == 0 {
		return 0
	}
	for _, mark := range []string{" stderr F ", " stdout F "} {
		if bytes.HasPrefix(line[n:], []byte(mark)) {
			return n + len(mark)
		}
	}
	return 0
}

// plain reads a line that is neither csv nor json: one of syslog or stderr.
func (r *Reader) plain(rec *Record, text []byte) bool {
	if isSyslog(text) {
		line, cut, _ := r.src.line()
		r.syslog(line, cut)
		return false // it comes through pending
	}
	return r.stderr(rec)
}

// stderr reads a message as the server writes it to its standard error, with
// the lines that belong to it: those that start with a tab, and those with a
// label such as DETAIL.
func (r *Reader) stderr(rec *Record) bool {
	text, cut, _ := r.src.line()
	number := r.src.number
	start, rest, kind := label(text)
	if kind != main {
		r.unknown(number)
		return false
	}
	r.own.begin(number, text[:start], text[start:rest], bytes.TrimLeft(text[rest:], " "))
	r.own.cut = cut
	for {
		next, _, err := r.src.peekAt(0)
		if err != nil || len(next) == 0 && !r.own.open() {
			break
		}
		if n := wrapper(next); n > 0 {
			r.src.take(n)
			continue
		}
		if len(next) > 0 && next[0] == '\t' {
			line, cut, _ := r.src.line()
			r.own.more(line[1:], cut)
			continue
		}
		s, after, k := label(next)
		if k == main || k == 0 && !r.own.open() || len(next) > 0 && (next[0] == '{' || startsCSV(next)) {
			break
		}
		line, cut, _ := r.src.line()
		if k == 0 { // a statement's line that lost its tab
			r.own.more(line, cut)
			continue
		}
		r.own.section(k, line[:s], line[after:])
		r.own.cut = r.own.cut || cut
	}
	r.own.fill(rec)
	r.head(rec, r.own.prefix)
	return true
}

// head reads time, role and database from what stands before the severity.
func (r *Reader) head(rec *Record, text []byte) {
	if !r.chosen {
		r.chosen = true
		r.prefix = r.choose(text)
	}
	if r.prefix != nil && r.prefix.match(text, rec) {
		return
	}
	guessHead(text, rec)
}

// choose settles the prefix by the first lines.
func (r *Reader) choose(first []byte) *prefix {
	if r.o.Prefix != "" {
		return compile(r.o.Prefix)
	}
	heads := [][]byte{first}
	for rest := r.src.window(); len(heads) < 200; {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			break
		}
		line := rest[:i]
		rest = rest[i+1:]
		if h, ok := syslogHeader(line); ok {
			line = h.payload
		}
		if start, _, kind := label(line); kind == main {
			heads = append(heads, line[:start])
		}
	}
	var best *prefix
	most := 0
	for _, text := range append(append([]string(nil), r.o.Candidates...), widespread...) {
		p, hits := compile(text), 0
		for _, h := range heads {
			if p.match(h, new(Record)) {
				hits++
			}
		}
		if hits > most {
			best, most = p, hits
		}
	}
	return best
}
