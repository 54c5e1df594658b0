package lsp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
)

// maxMessage bounds the size of one message; what is larger is passed over.
const maxMessage = 64 << 20

// maxHeader bounds one header line.
const maxHeader = 4 << 10

// Codes of JSON-RPC and of the Language Server Protocol.
const (
	codeParseError       = -32700
	codeInvalidRequest   = -32600
	codeMethodNotFound   = -32601
	codeInvalidParams    = -32602
	codeInternalError    = -32603
	codeNotInitialized   = -32002
	codeRequestCancelled = -32800
	codeContentModified  = -32801
)

// A stream reads and writes messages with a Content-Length in front. Unlike
// the one of the JSON-RPC library it outlives what it cannot read: it answers
// with an error and goes on with the next message.
type stream struct {
	in *bufio.Reader

	mu  sync.Mutex
	out io.Writer
}

func newStream(in io.Reader, out io.Writer) *stream {
	return &stream{in: bufio.NewReader(in), out: out}
}

// WriteObject writes one message, in one call of Write.
func (s *stream) WriteObject(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n", len(body))
	b.Write(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err = s.out.Write(b.Bytes())
	return err
}

// ReadObject reads the next message that can be read. The error is that of the
// connection, io.EOF at its end.
func (s *stream) ReadObject(v any) error {
	for {
		body, err := s.readBody()
		if err != nil {
			return err
		}
		switch {
		case body == nil:
			err = s.complain(codeInvalidRequest, "message is too large")
		case !json.Valid(body):
			err = s.complain(codeParseError, "message is not JSON")
		case json.Unmarshal(body, v) != nil:
			err = s.complain(codeInvalidRequest, "message is neither a request nor a response")
		default:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// complain answers a message that has no ID that could be read. The text never
// quotes the message.
func (s *stream) complain(code int, text string) error {
	type problem struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	return s.WriteObject(struct {
		JSONRPC string  `json:"jsonrpc"`
		ID      *int    `json:"id"`
		Error   problem `json:"error"`
	}{"2.0", nil, problem{code, text}})
}

// readBody returns the next body, or nil for one that is too large. Lines that
// are no header are skipped until one says how long the body is.
func (s *stream) readBody() ([]byte, error) {
	length := -1
	for {
		line, err := s.readLine()
		if err != nil {
			return nil, err
		}
		name, value, ok := strings.Cut(line, ":")
		switch {
		case line == "" && length >= 0:
			return s.readBytes(length)
		case ok && strings.EqualFold(strings.TrimSpace(name), "Content-Length"):
			n, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
			if err != nil {
				length = -1
				continue
			}
			length = int(n)
		}
	}
}

// readLine returns a line without its end. Of one that is too long for a header
// it returns nothing of use.
func (s *stream) readLine() (string, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
		if len(line)+len(part) <= maxHeader {
			line = append(line, part...)
		}
		switch {
		case err == nil:
			return strings.TrimRight(string(line), "\r\n"), nil
		case errors.Is(err, bufio.ErrBufferFull):
		default:
			return "", err
		}
	}
}

func (s *stream) readBytes(n int) ([]byte, error) {
	if n > maxMessage {
		_, err := io.CopyN(io.Discard, s.in, int64(n))
		return nil, err
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(s.in, body); err != nil {
		return nil, err
	}
	return body, nil
}

// Close does nothing: standard input and output are not ours to close.
func (s *stream) Close() error { return nil }
