package deploy

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// Templates are masked by characters that YAML allows and nobody writes: they
// keep the length in bytes, and what they stand for is known to be unknown.
const (
	mask3 = "\ue000" // 3 bytes
	mask2 = "\u00ad" // 2 bytes
)

// parseYAML reads all documents of a stream into one sequence. What stood
// before an error is returned with it.
func parseYAML(content []byte) (root *node, err error) {
	masked := maskTemplates(content)
	templated := len(content) > 0 && &masked[0] != &content[0]
	y := &yamlReader{content: masked, starts: yamlLines(masked)}
	root = &node{kind: sequence}
	defer func() {
		// The parser is known to panic on some broken input; one file less is
		// no reason to stop.
		if recover() != nil {
			err = errors.New("not understood as YAML")
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(masked))
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
			break
		} else if err != nil && templated {
			// Without its values a template need not be YAML. What stands on one
			// line is read all the same.
			return parseLines(masked, ':'), nil
		} else if err != nil {
			return root, yamlError(err)
		}
		if len(doc.Content) == 1 {
			root.items = append(root.items, y.node(doc.Content[0], 0))
		}
	}
	if len(root.items) == 1 {
		return root.items[0], nil
	}
	return root, nil
}

var yamlLine = lazyregexp.New(`line (\d+)`)

// yamlError keeps the line of an error, and none of its words: they may repeat
// the file's text.
func yamlError(err error) error {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		return fmt.Errorf("not understood as YAML at line %s", m[1])
	}
	return errors.New("not understood as YAML")
}

// A yamlReader turns positions into offsets.
type yamlReader struct {
	content []byte
	starts  []int // of lines, as the parser counts them
	// last is where the offset was that was asked for last: nodes come in the
	// order of the file, and a file may be one line.
	last struct{ line, column, offset int }
}

// yamlLines returns where lines start; YAML breaks them at more than "\n".
func yamlLines(content []byte) []int {
	starts := []int{0}
	if bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) {
		starts[0] = 3
	}
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		i += size
		switch {
		case r == '\r' && i < len(content) && content[i] == '\n':
		case r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			starts = append(starts, i)
		}
	}
	return starts
}

// offset converts a line and a column, counted in characters, both from 1.
func (y *yamlReader) offset(line, column int) int {
	if line < 1 || line > len(y.starts) {
		return len(y.content)
	}
	i, at := y.starts[line-1], 1
	if y.last.line == line && y.last.column <= column {
		i, at = y.last.offset, y.last.column
	}
	for ; at < column && i < len(y.content); at++ {
		_, size := utf8.DecodeRune(y.content[i:])
		i += size
	}
	y.last.line, y.last.column, y.last.offset = line, at, i
	return i
}

func (y *yamlReader) node(n *yaml.Node, depth int) *node {
	out := &node{start: y.offset(n.Line, n.Column)}
	out.end = out.start
	if depth > maxDepth {
		return out
	}
	switch n.Kind {
	case yaml.ScalarNode:
		y.scalar(out, n)
	case yaml.SequenceNode:
		out.kind = sequence
		for _, item := range n.Content {
			out.items = append(out.items, y.node(item, depth+1))
		}
	case yaml.MappingNode:
		out.kind = mapping
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := y.node(n.Content[i], depth+1)
			item := y.node(n.Content[i+1], depth+1)
			item.key, item.keyStart, item.keyEnd = key.text, key.start, key.end
			out.items = append(out.items, item)
		}
	}
	return out
}

// scalar finds the bytes of a scalar: the parser tells only where it starts.
func (y *yamlReader) scalar(out *node, n *yaml.Node) {
	out.text = holes(n.Value)
	start := out.start
	for start < len(y.content) && (y.content[start] == '!' || y.content[start] == '&') { // a tag or an anchor comes first
		for start < len(y.content) && !blank(y.content[start]) {
			start++
		}
		for start < len(y.content) && blank(y.content[start]) {
			start++
		}
	}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		out.start, out.end = y.block(start, n.Line)
		return
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 && start < len(y.content):
		quote := y.content[start]
		start++
		end := start
		for end < len(y.content) && y.content[end] != quote {
			if y.content[end] == '\\' && quote == '"' {
				end++
			}
			end++
			if quote == '\'' && end+1 < len(y.content) && y.content[end] == quote && y.content[end+1] == quote {
				end += 2
			}
		}
		out.start, out.end = start, min(end, len(y.content))
	default:
		out.start, out.end = start, start+folded(y.content[start:], n.Value)
	}
	out.exact = string(y.content[out.start:out.end]) == n.Value
}

// folded returns the length of the raw text that gives a plain scalar: where it
// goes over several lines, a blank stands for a break with what is around it.
func folded(raw []byte, value string) int {
	i := 0
	for k := 0; k < len(value) && i < len(raw); {
		if blank(value[k]) && blank(raw[i]) {
			for k < len(value) && blank(value[k]) {
				k++
			}
			for i < len(raw) && blank(raw[i]) {
				i++
			}
			continue
		}
		if value[k] != raw[i] {
			break
		}
		k, i = k+1, i+1
	}
	return i
}

// block returns the lines of a block scalar, whose header stands at start.
func (y *yamlReader) block(start, line int) (from, to int) {
	for line < len(y.starts) && y.starts[line] <= start {
		line++
	}
	if line >= len(y.starts) {
		return len(y.content), len(y.content)
	}
	from, to = y.starts[line], y.starts[line]
	indent := -1
	for i := line; i < len(y.starts); i++ {
		end := len(y.content)
		if i+1 < len(y.starts) {
			end = y.starts[i+1]
		}
		text := y.content[y.starts[i]:end]
		n := len(text) - len(bytes.TrimLeft(text, " "))
		switch {
		case len(bytes.TrimSpace(text)) == 0:
			continue
		case indent < 0:
			indent = n
		case n < indent:
			return from, to
		}
		to = end
	}
	return from, to
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// holes puts holes for masked templates, byte for byte.
func holes(s string) string {
	if !strings.Contains(s, mask3) && !strings.Contains(s, mask2) {
		return s
	}
	hole := string(dsn.Hole)
	return strings.NewReplacer(mask3, strings.Repeat(hole, 3), mask2, strings.Repeat(hole, 2)).Replace(s)
}

// maskTemplates masks {{ … }} with text of the same length: blanks where an
// action has its lines to itself or brings lines of its own, else characters
// that become a hole.
func maskTemplates(content []byte) []byte {
	if !bytes.Contains(content, []byte("{{")) {
		return content
	}
	out := bytes.Clone(content)
	for i := 0; i < len(out); {
		start := bytes.Index(out[i:], []byte("{{"))
		if start < 0 {
			break
		}
		start += i
		length := bytes.Index(out[start:], []byte("}}"))
		if length < 0 {
			break
		}
		end := start + length + 2
		for end < len(out) && out[end] == '}' { // "{{ {} }}}" ends at the last one
			end++
		}
		if alone(content, start, end) || bytes.IndexByte(out[start:end], '\n') >= 0 || bytes.Contains(out[start:end], []byte("indent")) {
			for k := start; k < end; k++ {
				if out[k] != '\n' && out[k] != '\r' {
					out[k] = ' '
				}
			}
		} else {
			fillMask(out[start:end])
		}
		i = end
	}
	return out
}

// maxLine bounds how far alone looks: a file may be one line of templates.
const maxLine = 4096

// alone reports whether nothing but templates stands on the lines from start
// to end.
func alone(content []byte, start, end int) bool {
	low, high := max(start-maxLine, 0), min(end+maxLine, len(content))
	from, to := low, high
	if i := bytes.LastIndexByte(content[low:start], '\n'); i >= 0 {
		from = low + i + 1
	} else if low > 0 {
		return false
	}
	if i := bytes.IndexByte(content[end:high], '\n'); i >= 0 {
		to = end + i
	} else if high < len(content) {
		return false
	}
	before, after := bytes.TrimSpace(content[from:start]), bytes.TrimSpace(content[end:to])
	open := len(before) == 0 || bytes.HasPrefix(before, []byte("{{")) && bytes.HasSuffix(before, []byte("}}"))
	return open && (len(after) == 0 || bytes.HasPrefix(after, []byte("{{")) && bytes.HasSuffix(after, []byte("}}")) || after[0] == '#')
}

func fillMask(b []byte) {
	n3 := len(b) / 3
	for (len(b)-3*n3)%2 != 0 {
		n3--
	}
	i := 0
	for ; n3 > 0; n3-- {
		i += copy(b[i:], mask3)
	}
	for i < len(b) {
		i += copy(b[i:], mask2)
	}
}
