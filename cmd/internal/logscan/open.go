package logscan

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// An input is a log that is open. It counts what was read of the file, packed
// or not.
type input struct {
	io.Reader
	file *os.File // nil for standard input
	size int64    // of the file, 0 if it is not known
	at   atomic.Int64
}

// Close closes the file.
func (in *input) Close() error {
	if in.file == nil {
		return nil
	}
	return in.file.Close()
}

// A counter counts what goes through it.
type counter struct {
	r  io.Reader
	at *atomic.Int64
}

func (c counter) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.at.Add(int64(n))
	return n, err
}

// open opens a log. Packed files are known by what they start with.
func (s *state) open(ctx context.Context, name string, follow bool) (*input, error) {
	in := &input{}
	var raw io.Reader = s.Stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		in.file, raw = f, f
		info, err := f.Stat()
		switch {
		case err != nil:
			_ = f.Close()
			return nil, err
		case info.IsDir():
			_ = f.Close()
			return nil, fmt.Errorf("%s is a directory: name the logs in it", name)
		case info.Mode().IsRegular():
			in.size = info.Size()
		}
		if follow && info.Mode().IsRegular() {
			in.Reader = &follower{ctx: ctx, name: name, in: in}
			return in, nil
		}
	}
	buffered := bufio.NewReaderSize(counter{raw, &in.at}, 64<<10)
	in.Reader = buffered
	if magic, _ := buffered.Peek(2); len(magic) == 2 && magic[0] == 0x1f && magic[1] == 0x8b {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			_ = in.Close()
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		in.Reader = z
	}
	return in, nil
}

// poll is how long a follower waits before it looks again.
const poll = 500 * time.Millisecond

// A follower reads a file that grows. When the file is replaced or cut short,
// as rotation does, it goes on with the new one.
type follower struct {
	ctx   context.Context
	name  string
	in    *input
	at    int64
	ended bool // the last read found nothing
}

// Read returns no byte and no error when there is nothing more for now, at most
// every poll.
func (f *follower) Read(b []byte) (int, error) {
	if f.ended {
		select {
		case <-f.ctx.Done():
			return 0, io.EOF
		case <-time.After(poll):
		}
		if err := f.turn(); err != nil {
			return 0, err
		}
	}
	n, err := f.in.file.Read(b)
	f.at += int64(n)
	f.ended = n == 0
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return n, err
}

// turn looks whether the name stands for another file by now.
func (f *follower) turn() error {
	now, err := os.Stat(f.name)
	if err != nil { // between two files
		return nil
	}
	old, err := f.in.file.Stat()
	if err != nil {
		return err
	}
	if os.SameFile(now, old) {
		if now.Size() < f.at {
			f.at = 0
			_, err = f.in.file.Seek(0, io.SeekStart)
		}
		return err
	}
	next, err := os.Open(f.name)
	if err != nil {
		return nil
	}
	_ = f.in.file.Close()
	f.in.file, f.at = next, 0
	return nil
}
