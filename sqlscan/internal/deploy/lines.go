package deploy

import (
	"strings"
)

// parseLines reads "key = value" lines: environment files, and TOML as far as
// a value stands on its line. In TOML a [header] starts a mapping. Lines of
// other forms are left out: what a setting needs stands on one. The sign
// between key and value tells YAML from the others.
func parseLines(content []byte, sign byte) *node {
	root, toml := &node{kind: mapping}, sign == '['
	if toml {
		sign = '='
	}
	section := root
	text, offset, multiline := string(content), 0, ""
	for line := range strings.Lines(text) {
		at := offset
		offset += len(line)
		trimmed := strings.TrimSpace(line)
		switch {
		case multiline != "":
			if strings.Contains(line, multiline) {
				multiline = ""
			}
		case toml && strings.HasPrefix(trimmed, "["):
			section = root.section(strings.Trim(trimmed, "[] \t"))
		default:
			item, ok := parseKeyLine(line, at, sign)
			if !ok {
				continue
			}
			if quote := openQuote(item.text); quote != "" {
				multiline = quote
				continue
			}
			unquoteLine(item, toml)
			if sign == ':' {
				item.text = holes(item.text)
			}
			section.items = append(section.items, item)
		}
	}
	return root
}

// section returns a new mapping for a header such as "database.primary".
func (n *node) section(header string) *node {
	s := &node{kind: mapping, key: strings.NewReplacer(`"`, "", `'`, "").Replace(header)}
	n.items = append(n.items, s)
	return s
}

// parseKeyLine splits a line at its first "=", or ":" in YAML.
func parseKeyLine(line string, offset int, sign byte) (*node, bool) {
	i := skipBlanks(line, 0)
	if sign == ':' && strings.HasPrefix(line[i:], "- ") {
		i = skipBlanks(line, i+1)
	}
	if rest := line[i:]; strings.HasPrefix(rest, "export ") {
		i = skipBlanks(line, i+len("export "))
	}
	start := i
	for i < len(line) && (line[i] == '_' || line[i] == '.' || line[i] == '-' || line[i] == '"' || line[i] >= '0' && line[i] <= '9' || line[i]|0x20 >= 'a' && line[i]|0x20 <= 'z') {
		i++
	}
	key := strings.Trim(line[start:i], `"`)
	end := i
	i = skipBlanks(line, i)
	if key == "" || i >= len(line) || line[i] != sign {
		return nil, false
	}
	i = skipBlanks(line, i+1)
	value := strings.TrimRight(line[i:], " \t\r\n")
	return &node{key: key, keyStart: offset + start, keyEnd: offset + end, text: value, start: offset + i, end: offset + i + len(value), exact: true}, true
}

// openQuote returns the quotes that a value opens and does not close.
func openQuote(value string) string {
	for _, q := range []string{`"""`, `'''`, `"`, `'`} {
		if rest, ok := strings.CutPrefix(value, q); ok {
			if strings.Contains(rest, q) || len(q) == 1 && rest == "" {
				return ""
			}
			return q
		}
	}
	return ""
}

// unquoteLine takes quotes and a comment off a value.
func unquoteLine(n *node, toml bool) {
	if n.text == "" {
		return
	}
	if q := n.text[0]; q == '"' || q == '\'' {
		end := 1
		for end < len(n.text) && n.text[end] != q {
			if n.text[end] == '\\' && q == '"' {
				end++
			}
			end++
		}
		end = min(end, len(n.text))
		n.text, n.start, n.end = n.text[1:end], n.start+1, n.start+end
		return
	}
	sign := " #"
	if toml {
		sign = "#"
	}
	if i := strings.Index(n.text, sign); i >= 0 && !toml || i >= 0 && !strings.ContainsAny(n.text[:i], `"'`) {
		n.text = strings.TrimRight(n.text[:i], " \t")
		n.end = n.start + len(n.text)
	}
}

func skipBlanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}
