package deploy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// parseJSON reads one JSON value. What stood before an error is returned with
// it.
func parseJSON(content []byte) (*node, error) {
	j := &jsonReader{content: content, decoder: json.NewDecoder(bytes.NewReader(content))}
	j.decoder.UseNumber()
	root, err := j.value(0)
	if err != nil {
		line := 1 + bytes.Count(content[:min(int(j.decoder.InputOffset()), len(content))], []byte("\n"))
		return root, fmt.Errorf("not understood as JSON at line %d", line)
	}
	return root, nil
}

type jsonReader struct {
	content []byte
	decoder *json.Decoder
}

var errDeep = errors.New("nested too deeply")

// token returns the next token and the bytes it stands on.
func (j *jsonReader) token() (t json.Token, start, end int, err error) {
	before := int(j.decoder.InputOffset())
	if t, err = j.decoder.Token(); err != nil {
		return nil, before, before, err
	}
	start, end = before, int(j.decoder.InputOffset())
	for start < end && (blank(j.content[start]) || j.content[start] == ',' || j.content[start] == ':') {
		start++
	}
	return t, start, end, nil
}

func (j *jsonReader) value(depth int) (*node, error) {
	n := &node{}
	t, start, end, err := j.token()
	if err != nil {
		return n, err
	}
	n.start, n.end = start, end
	switch t := t.(type) {
	case json.Delim:
		if depth > maxDepth {
			return n, errDeep
		}
		if t == '[' {
			n.kind = sequence
			return n, j.items(n, depth)
		}
		n.kind = mapping
		return n, j.members(n, depth)
	case string:
		n.text = t
		n.start, n.end = start+1, max(end-1, start+1)
	case json.Number:
		n.text = t.String()
	case bool:
		n.text = fmt.Sprint(t)
	}
	n.exact = n.text == string(j.content[n.start:n.end])
	return n, nil
}

func (j *jsonReader) items(n *node, depth int) error {
	for j.decoder.More() {
		item, err := j.value(depth + 1)
		n.items = append(n.items, item)
		if err != nil {
			return err
		}
	}
	_, _, _, err := j.token()
	return err
}

func (j *jsonReader) members(n *node, depth int) error {
	for j.decoder.More() {
		key, start, end, err := j.token()
		if err != nil {
			return err
		}
		item, err := j.value(depth + 1)
		item.key, item.keyStart, item.keyEnd = fmt.Sprint(key), start+1, end-1
		n.items = append(n.items, item)
		if err != nil {
			return err
		}
	}
	_, _, _, err := j.token()
	return err
}
