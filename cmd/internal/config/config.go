// Package config reads .phivet.toml.
//
// Reading is strict, because a typing error in a compliance tool's
// configuration must not switch off a check in silence: a key that does not
// exist is an error that names the key, its line and the keys that do exist.
package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan"
)

// FileName is the name of the configuration file; it is looked for upward from
// the working directory.
const FileName = ".phivet.toml"

// Config is the content of a configuration file. Its zero value is the
// configuration of a project that has none.
type Config struct {
	// Exclude lists globs of paths, relative to the root, that no half looks at.
	Exclude    []string   `toml:"exclude"`
	Migrations Migrations `toml:"migrations"`
	PHI        PHI        `toml:"phi"`
	Go         Go         `toml:"go"`
	// Severity maps a rule's ID to a severity or to "off".
	Severity map[string]string `toml:"severity"`

	// Path is the file that was read, or "".
	Path string `toml:"-"`
	// Content is the file's bytes: the build ID covers them.
	Content []byte `toml:"-"`

	overrides map[string]rules.Severity // 0: off
	exclude   []matcher
	serves    map[string][]matcher // by the keys of Migrations.Serves
	lexicon   *phi.Lexicon
}

// Migrations says where the SQL history is.
type Migrations struct {
	Paths []string          `toml:"paths"`
	Tool  string            `toml:"tool"`
	Vars  map[string]string `toml:"vars"`
	// Serves maps a folder of migrations to the folders whose Go packages use
	// its database: globs as in Exclude, with commas between.
	Serves map[string]string `toml:"serves"`
}

// PHI changes what counts as PHI; see phi.Config.
type PHI struct {
	Health      string            `toml:"health"`
	Terms       []string          `toml:"terms"`
	Ignore      []string          `toml:"ignore"`
	PatientKeys []string          `toml:"patient_keys"`
	Tables      map[string]string `toml:"tables"`
	Columns     map[string]string `toml:"columns"`
	Types       map[string]string `toml:"types"`
}

// Go configures the Go half.
type Go struct {
	Sources    []string `toml:"sources"`
	Sinks      []string `toml:"sinks"`
	Sanitizers []string `toml:"sanitizers"`
	// Tests says to report findings in _test.go files too. They are dropped by
	// default, because fixtures are full of invented people.
	Tests bool `toml:"tests"`
}

// Default returns the configuration of a project without a file.
func Default() *Config {
	return &Config{}
}

// Load reads the configuration of the project at root: the file of that
// directory, or the defaults if it has none. known reports whether a rule of
// that ID exists.
func Load(root string, known func(id string) bool) (*Config, error) {
	path := filepath.Join(root, FileName)
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Default(), nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading configuration: %w", err)
	}
	c, err := Parse(content, known)
	if err != nil {
		return nil, fmt.Errorf("%s%w", path, err)
	}
	c.Path = path
	return c, nil
}

// Parse reads the text of a configuration file. Errors start with ":line: " or
// ": ", so that the caller can put the file's name in front.
func Parse(content []byte, known func(id string) bool) (*Config, error) {
	c := &Config{Content: content}
	meta, err := toml.Decode(string(content), c)
	if err != nil {
		return nil, Masked(syntaxError(err))
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, Masked(unknownKey(content, unknown[0]))
	}
	if err := c.check(content, known); err != nil {
		return nil, Masked(err)
	}
	return c, nil
}

// syntaxError keeps the line and drops the excerpt that the decoder's error
// carries: the file may hold what nobody wants in a CI log.
func syntaxError(err error) error {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return fmt.Errorf(":%d: %s", parse.Position.Line, parse.Message)
	}
	return fmt.Errorf(": %w", err)
}

func unknownKey(content []byte, key toml.Key) error {
	table := strings.Join(key[:len(key)-1], ".")
	valid, where := keys(table), "at the top level"
	if len(valid) == 0 { // a table that does not exist itself
		valid = keys("")
	} else if table != "" {
		where = "in [" + table + "]"
	}
	return fmt.Errorf(":%d: unknown key %q: the keys %s are %s",
		keyLine(content, key), key.String(), where, strings.Join(valid, ", "))
}

// keys lists the keys of a table, sorted; those of the top level are tables too.
func keys(table string) []string {
	var out []string
	for _, s := range Settings(nil, nil) {
		switch {
		case s.Table == table:
			out = append(out, s.Key)
		case table == "":
			out = append(out, s.Table)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// unquotable are words that an error must not repeat: a value that landed in
// the wrong place may be a number of somebody or a secret. IDs of rules and
// versions in import paths have no run of digits like that.
var unquotable = lazyregexp.New(`[^\s"'=,:]*(?:@|[0-9][^\s"'=,:]*[0-9][^\s"'=,:]*[0-9])[^\s"'=,:]*`)

var ruleID = lazyregexp.New(`^PHI[0-9]{3}$`)

// Masked takes words that may be values out of the text of an error about the
// file, but not the line number ":12: " at its front.
func Masked(err error) error {
	text := err.Error()
	at := 0
	if strings.HasPrefix(text, ":") {
		at = strings.Index(text, ": ") + 1
	}
	rest := unquotable.ReplaceAllStringFunc(text[at:], func(word string) string {
		if ruleID.MatchString(word) {
			return word
		}
		return "***"
	})
	return errors.New(text[:at] + rest)
}

func (c *Config) check(content []byte, known func(id string) bool) error {
	at := func(table, key string) int { return keyLine(content, toml.Key{table, key}) }
	if h := c.PHI.Health; h != "" && !slices.Contains([]string{"auto", "on", "off"}, h) {
		return fmt.Errorf(":%d: phi.health is %q: use auto, on or off", at("phi", "health"), h)
	}
	if tool := c.Migrations.Tool; tool != "" && !slices.Contains(sqlscan.Tools(), tool) {
		return fmt.Errorf(":%d: migrations.tool is %q: use %s", at("migrations", "tool"), tool, strings.Join(sqlscan.Tools(), ", "))
	}
	c.overrides = map[string]rules.Severity{}
	for _, id := range slices.Sorted(maps.Keys(c.Severity)) {
		if !known(id) {
			return fmt.Errorf(":%d: severity names %q, which is no rule: phivet rules lists them", at("severity", id), id)
		}
		if c.Severity[id] == "off" {
			c.overrides[id] = 0
			continue
		}
		s, err := rules.ParseSeverity(c.Severity[id])
		if err != nil {
			return fmt.Errorf(":%d: severity of %s: %w, or off", at("severity", id), id, err)
		}
		c.overrides[id] = s
	}
	for _, pattern := range c.Exclude {
		m, err := compile(pattern)
		if err != nil {
			return fmt.Errorf(":%d: exclude: %w", keyLine(content, toml.Key{"exclude"}), err)
		}
		c.exclude = append(c.exclude, m)
	}
	c.serves = map[string][]matcher{}
	for _, folder := range slices.Sorted(maps.Keys(c.Migrations.Serves)) {
		for pattern := range strings.SplitSeq(c.Migrations.Serves[folder], ",") {
			m, err := compile(strings.TrimSpace(pattern))
			if err != nil {
				return fmt.Errorf(":%d: migrations.serves: %w", at("migrations", "serves"), err)
			}
			c.serves[folder] = append(c.serves[folder], m)
		}
	}
	var err error
	c.lexicon, err = phi.Load(phi.Config{
		Health: c.PHI.Health, Terms: c.PHI.Terms, Ignore: c.PHI.Ignore, PatientKeys: c.PHI.PatientKeys,
		Tables: c.PHI.Tables, Columns: c.PHI.Columns, Types: c.PHI.Types,
	})
	if err != nil {
		return fmt.Errorf(":%d: phi: %w", max(1, keyLine(content, toml.Key{"phi"})), err)
	}
	return nil
}

// Lexicon returns the classifier with the project's terms.
func (c *Config) Lexicon() *phi.Lexicon {
	// Reading the lexicon takes longer than a package that needs none.
	if c.lexicon == nil {
		return phi.Default()
	}
	return c.lexicon
}

// Rate returns the severity under which a finding of that rule is reported; off
// says that the rule is switched off. A configured severity replaces the
// rule's default; a finding below the default keeps its distance to it.
func (c *Config) Rate(rule *rules.Rule, found rules.Severity) (s rules.Severity, off bool) {
	set, ok := c.overrides[rule.ID]
	switch {
	case !ok:
		return found, false
	case set == 0:
		return 0, true
	}
	for lower := found; lower < rule.Severity; lower++ {
		set = set.Lower()
	}
	return set, false
}

// Off reports whether the rule is switched off.
func (c *Config) Off(id string) bool {
	s, ok := c.overrides[id]
	return ok && s == 0
}

// Excluded reports whether a path, slash-separated and relative to the root,
// is excluded.
func (c *Config) Excluded(path string) bool {
	for _, m := range c.exclude {
		if m(path) {
			return true
		}
	}
	return false
}

// Database returns the folder of migrations, as [Migrations.Serves] has it, whose
// database a Go package uses that is in dir, slash-separated and relative to the
// root. It is "" where none or several serve it: then all do.
func (c *Config) Database(dir string) string {
	found := ""
	for _, folder := range slices.Sorted(maps.Keys(c.serves)) {
		if !slices.ContainsFunc(c.serves[folder], func(m matcher) bool { return m(dir) }) {
			continue
		}
		if found != "" {
			return ""
		}
		found = folder
	}
	return found
}
