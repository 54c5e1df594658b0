package config

import (
	"strings"

	"github.com/BurntSushi/toml"
)

// keyLine returns the line on which a key is set, or the line of its table's
// header, or 1. The decoder tells which keys are unknown but not where they
// are, so the text is searched; multi-line strings and arrays may mislead it,
// which costs a wrong line in an error message and nothing else.
func keyLine(content []byte, key toml.Key) int {
	want := strings.Join(key, ".")
	table, header := "", 0
	for i, line := range strings.Split(string(content), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && strings.Contains(line, "]") && !strings.Contains(line, "=") {
			table = plain(strings.Trim(line[:strings.LastIndex(line, "]")], "[] "))
			if table == want {
				return i + 1
			}
			if header == 0 && (strings.HasPrefix(want, table+".") || strings.HasPrefix(table, want+".")) {
				header = i + 1
			}
			continue
		}
		name, _, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		full := plain(name)
		if table != "" {
			full = table + "." + full
		}
		if full == want || strings.HasPrefix(full, want+".") {
			return i + 1
		}
	}
	return max(header, 1)
}

// plain strips the quotes and blanks of a dotted key.
func plain(key string) string {
	parts := strings.Split(key, ".")
	for i, p := range parts {
		parts[i] = strings.Trim(strings.TrimSpace(p), `"'`)
	}
	return strings.Join(parts, ".")
}
