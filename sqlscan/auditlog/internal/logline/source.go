package logline

import (
	"bytes"
	"errors"
	"io"
)

// errIdle says that the stream has nothing more for now.
var errIdle = errors.New("nothing to read for now")

// chunk is how much is read at once.
const chunk = 256 << 10

// A source hands out lines of a stream. A line stays valid until the next call
// of peek or line.
type source struct {
	r          io.Reader
	buf        []byte
	start, end int
	eof        bool
	err        error // of the stream
	number     int   // of the last line handed out
	// skipping says that the rest of a line that was too long is on its way.
	skipping bool
	long     []byte // copy of such a line: what comes next overwrites it
}

// window returns what is read and not yet handed out.
func (s *source) window() []byte { return s.buf[s.start:s.end] }

// fill reads more. It returns errIdle if nothing came, io.EOF at the end, and
// io.ErrShortBuffer if the window holds MaxRecord bytes already.
func (s *source) fill() error {
	if s.eof {
		return io.EOF
	}
	if s.end-s.start >= MaxRecord {
		return io.ErrShortBuffer
	}
	if s.start > 0 && len(s.buf)-s.end < chunk {
		s.end = copy(s.buf, s.buf[s.start:s.end])
		s.start = 0
	}
	if len(s.buf)-s.end < chunk {
		s.buf = append(s.buf, make([]byte, max(chunk, len(s.buf)/2))...)
	}
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	switch {
	case err != nil:
		s.eof = true
		if err != io.EOF {
			s.err = err
		}
	case n == 0:
		return errIdle
	}
	return nil
}

// line takes the next line, without its line end. Cut says that it is too long
// and its rest is thrown away. At the end the last line needs no line end.
func (s *source) line() (text []byte, cut bool, err error) {
	text, cut, err = s.peekAt(0)
	if err != nil {
		return nil, false, err
	}
	s.start += len(text)
	s.number++
	if cut {
		s.long = append(s.long[:0], text...)
		text, s.skipping = s.long, true
		s.skip()
	} else if s.start < s.end { // the line end
		s.start++
	}
	return trimReturn(text), cut, nil
}

// skip throws away the rest of a line.
func (s *source) skip() {
	for s.skipping {
		if i := bytes.IndexByte(s.window(), '\n'); i >= 0 {
			s.start += i + 1
			s.skipping = false
			return
		}
		s.start = s.end
		if s.fill() != nil {
			return // taken up again with the next line
		}
	}
}

// peekAt returns the line that starts at an offset of the window, without
// taking it. The offset is the sum of the lengths of the lines before it, line
// ends included.
func (s *source) peekAt(offset int) (text []byte, cut bool, err error) {
	if s.skipping {
		s.skip()
		if s.skipping && !s.eof {
			return nil, false, errIdle
		}
	}
	seen := offset
	for {
		w := s.window()
		if seen < len(w) {
			if i := bytes.IndexByte(w[seen:], '\n'); i >= 0 {
				return w[offset : seen+i], false, nil
			}
		}
		seen = max(len(w), offset)
		switch err := s.fill(); {
		case err == io.EOF && offset < len(w):
			return w[offset:], false, nil
		case err == io.ErrShortBuffer:
			return w[min(offset, len(w)):], true, nil
		case err != nil:
			return nil, false, err
		}
	}
}

// take counts n bytes of the window as handed out.
func (s *source) take(n int) {
	n = min(n, s.end-s.start)
	s.number += bytes.Count(s.buf[s.start:s.start+n], newline)
	s.start += n
}

var newline = []byte{'\n'}

func trimReturn(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}
