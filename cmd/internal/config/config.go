// Package config reads .phivet.toml.
//
// [Find] looks for the file from a directory upward and [Load] reads one. The
// reading is strict: a key that phivet does not know is an error that names
// the key, its line and the keys there are, because a misspelt setting of a
// compliance tool would silently check less.
package config

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/phi"
)

// FileName is the name of phivet's configuration file.
const FileName = ".phivet.toml"

// A Config is the content of .phivet.toml; the zero value is the default.
type Config struct {
	// Exclude are glob patterns of paths, relative to the file's directory,
	// that are not looked at. "**" stands for any number of directories.
	Exclude    []string   `toml:"exclude"`
	Migrations Migrations `toml:"migrations"`
	PHI        PHI        `toml:"phi"`
	Go         Go         `toml:"go"`
	// Severity maps the ID of a rule to the severity its findings get, or to
	// "off".
	Severity map[string]string `toml:"severity"`

	// File is the path of the file that was read, "" for the default.
	File string `toml:"-"`
	// Text is the file as it was read.
	Text []byte `toml:"-"`
}

// Migrations says where the SQL stands.
type Migrations struct {
	// Paths are the files and directories to read, relative to the file's
	// directory. Empty: they are searched for.
	Paths []string `toml:"paths"`
	// Tool is the migration tool, such as "goose". Empty: it is recognised.
	Tool string `toml:"tool"`
	// Vars are the values of template variables in migrations.
	Vars map[string]string `toml:"vars"`
}

// PHI says what is PHI beyond the lexicon; see phi.Config.
type PHI struct {
	Health      string            `toml:"health"`
	Terms       []string          `toml:"terms"`
	Ignore      []string          `toml:"ignore"`
	PatientKeys []string          `toml:"patient_keys"`
	Tables      map[string]string `toml:"tables"`
	Columns     map[string]string `toml:"columns"`
	Types       map[string]string `toml:"types"`
}

// Go extends what the analyzers know, in the grammar of their data files.
type Go struct {
	Sources    []string `toml:"sources"`
	Sinks      []string `toml:"sinks"`
	Sanitizers []string `toml:"sanitizers"`
	// Tests says whether findings in _test.go files are reported.
	Tests bool `toml:"tests"`
}

// Find returns the path of the nearest .phivet.toml in dir or above it, or "".
func Find(dir string) string {
	for {
		name := filepath.Join(dir, FileName)
		if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
			return name
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}

// Load reads the file. Known are the IDs and slugs of the rules that a
// severity may be set for. Every error names the file and, where there is
// one, the line.
func Load(file string, known []*rules.Rule) (*Config, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	c := &Config{File: file, Text: text}
	meta, err := toml.Decode(string(text), c)
	if err != nil {
		return nil, decodeError(file, err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, unknownKey(file, text, unknown[0])
	}
	return c, c.validate(known)
}

// decodeError leaves out the excerpt of the file that the library adds to its
// long form: a configuration may hold what must not be printed.
func decodeError(file string, err error) error {
	var syntax toml.ParseError
	if errors.As(err, &syntax) {
		return fmt.Errorf("%s:%d: %s", file, syntax.Position.Line, syntax.Message)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// keys lists what a table of the file may hold; "" is the file itself.
var keys = map[string][]string{
	"":           {"exclude", "migrations", "phi", "go", "severity"},
	"migrations": {"paths", "tool", "vars"},
	"phi":        {"health", "terms", "ignore", "patient_keys", "tables", "columns", "types"},
	"go":         {"sources", "sinks", "sanitizers", "tests"},
}

func unknownKey(file string, text []byte, key toml.Key) error {
	table, name := strings.Join(key[:len(key)-1], "."), key[len(key)-1]
	where := "the file"
	if table != "" {
		where = "[" + table + "]"
	}
	valid, ok := keys[table]
	if !ok {
		// The parent itself is unknown: name that, it is the first mistake.
		return unknownKey(file, text, key[:len(key)-1])
	}
	return fmt.Errorf("%s:%d: unknown key %q in %s: it has %s", file, lineOf(text, table, name), name, where, strings.Join(valid, ", "))
}

// lineOf finds the line of a key by reading the file as lines, which is as
// exact as one-key-a-line files need; 1 if it is not found.
func lineOf(text []byte, table, name string) int {
	current := ""
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			current = strings.Trim(line, "[] \t")
			if current == strings.TrimPrefix(table+"."+name, ".") {
				return i + 1
			}
			continue
		}
		before, _, ok := strings.Cut(line, "=")
		if ok && current == table && strings.Trim(before, "\"' \t") == name {
			return i + 1
		}
	}
	return 1
}

func (c *Config) validate(known []*rules.Rule) error {
	fail := func(table, key, format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", c.File, lineOf(c.Text, table, key), fmt.Sprintf(format, args...))
	}
	if h := c.PHI.Health; h != "" && h != "auto" && h != "on" && h != "off" {
		return fail("phi", "health", "health is %q: use auto, on or off", h)
	}
	for _, pattern := range c.Exclude {
		if _, err := path.Match(strings.ReplaceAll(pattern, "**", "*"), "x"); err != nil {
			return fail("", "exclude", "exclude pattern %q: %v", pattern, err)
		}
	}
	for _, id := range sortedKeys(c.Severity) {
		if !slices.ContainsFunc(known, func(r *rules.Rule) bool { return r.ID == id }) {
			return fail("severity", id, "unknown rule %q: see phivet rules for the IDs", id)
		}
		if value := c.Severity[id]; value != "off" {
			if _, err := rules.ParseSeverity(value); err != nil {
				return fail("severity", id, "%v, or off", err)
			}
		}
	}
	if _, err := phi.Load(c.Lexicon()); err != nil {
		return fmt.Errorf("%s:%d: %w", c.File, lineOf(c.Text, "", "phi"), err)
	}
	return nil
}

// Lexicon returns the part of the configuration that package phi reads.
func (c *Config) Lexicon() phi.Config {
	p := c.PHI
	return phi.Config{Health: p.Health, Terms: p.Terms, Ignore: p.Ignore, PatientKeys: p.PatientKeys,
		Tables: p.Tables, Columns: p.Columns, Types: p.Types}
}

// Excluded reports whether a slash path relative to the file's directory is
// matched by one of the exclude patterns, or lies below one that is.
func (c *Config) Excluded(name string) bool {
	for _, pattern := range c.Exclude {
		if matchPath(strings.Split(strings.TrimSuffix(pattern, "/"), "/"), strings.Split(name, "/")) {
			return true
		}
	}
	return false
}

// matchPath reports whether the pattern matches the path or a directory above it.
func matchPath(pattern, name []string) bool {
	if len(pattern) == 0 {
		return true
	}
	if pattern[0] == "**" {
		for i := range len(name) + 1 {
			if matchPath(pattern[1:], name[i:]) {
				return true
			}
		}
		return false
	}
	if len(name) == 0 {
		return false
	}
	ok, err := path.Match(pattern[0], name[0])
	return err == nil && ok && matchPath(pattern[1:], name[1:])
}

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
