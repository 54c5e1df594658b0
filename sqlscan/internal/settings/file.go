// Package settings knows the server settings that matter for health data: how
// postgresql.conf and pg_hba.conf are read, and which values are wrong.
//
// One table, [Judge], serves every place where a setting can stand: a file,
// SET, ALTER SYSTEM, ALTER ROLE or DATABASE, and the SET clause of a function.
package settings

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
)

// An Assignment is one line of a configuration file.
type Assignment struct {
	Name  string // lower case
	Value string // without quotes
	// Start and End are byte offsets of name and value in File.
	Start, End int
	File       string
}

// A File is a configuration file that was read.
type File struct {
	Path    string // slash path
	Content []byte
	// Assignments are in the order of the file, with the include directives.
	Assignments []Assignment
	Records     []Record // of a pg_hba.conf, with its include directives
	HBA         bool
}

// Parse reads a file. Lines that are not understood are left out: the server
// refuses them.
func Parse(name string, content []byte) *File {
	f := &File{Path: name, Content: content}
	if looksLikeHBA(name, content) {
		f.HBA, f.Records = true, parseHBA(name, content)
		return f
	}
	for start := 0; start < len(content); {
		end := start
		for end < len(content) && content[end] != '\n' {
			end++
		}
		if a, ok := parseLine(string(content[start:end])); ok {
			a.Start, a.End, a.File = a.Start+start, a.End+start, name
			f.Assignments = append(f.Assignments, a)
		}
		start = end + 1
	}
	return f
}

// parseLine reads "name = value" or "name value", with offsets in the line.
func parseLine(line string) (Assignment, bool) {
	i := skipBlank(line, 0)
	start := i
	for i < len(line) && nameByte(line[i]) {
		i++
	}
	name := strings.ToLower(line[start:i])
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return Assignment{}, false
	}
	behind := i
	i = skipBlank(line, i)
	if i < len(line) && line[i] == '=' {
		i = skipBlank(line, i+1)
	} else if i == behind {
		return Assignment{}, false
	}
	if i < len(line) && filled(line[i:min(i+2, len(line))]) { // of a template: not known, and set all the same
		end := len(strings.TrimRight(line, " \t\r"))
		return Assignment{Name: name, Value: line[i:end], Start: start, End: end}, true
	}
	value, end, ok := parseValue(line, i)
	if !ok {
		return Assignment{}, false
	}
	if rest := line[skipBlank(line, end):]; rest != "" && rest[0] != '#' {
		return Assignment{}, false
	}
	return Assignment{Name: name, Value: value, Start: start, End: end}, true
}

// parseValue reads a quoted or a plain value from i, and returns its end.
func parseValue(line string, i int) (string, int, bool) {
	if i >= len(line) || line[i] == '#' {
		return "", i, false
	}
	if line[i] != '\'' {
		end := i
		for end < len(line) && !strings.ContainsRune(" \t\r#'", rune(line[end])) {
			end++
		}
		return line[i:end], end, end > i
	}
	var b strings.Builder
	for i++; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line):
			i++
			b.WriteByte(unescape(line[i]))
		case line[i] == '\'' && i+1 < len(line) && line[i+1] == '\'':
			i++
			b.WriteByte('\'')
		case line[i] == '\'':
			return b.String(), i + 1, true
		default:
			b.WriteByte(line[i])
		}
	}
	return "", i, false // the quote is never closed
}

func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	}
	return c
}

func skipBlank(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

func nameByte(c byte) bool {
	return c == '_' || c == '.' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// telling are settings that no other program has under that name.
var telling = map[string]bool{
	"shared_buffers": true, "listen_addresses": true, "max_connections": true, "wal_level": true, "shared_preload_libraries": true,
	"work_mem": true, "maintenance_work_mem": true, "effective_cache_size": true, "max_wal_size": true, "min_wal_size": true,
	"logging_collector": true, "log_min_duration_statement": true, "log_statement": true, "log_line_prefix": true, "log_destination": true,
	"log_connections": true, "log_file_mode": true, "log_directory": true, "log_filename": true, "log_disconnections": true, "log_lock_waits": true, "ssl_min_protocol_version": true, "ssl_cert_file": true,
	"ssl_key_file": true, "ssl_ca_file": true, "hba_file": true, "ident_file": true, "data_directory": true, "archive_mode": true,
	"archive_command": true, "max_wal_senders": true, "hot_standby": true, "synchronous_commit": true, "random_page_cost": true,
	"checkpoint_completion_target": true, "wal_buffers": true, "password_encryption": true, "idle_session_timeout": true,
	"idle_in_transaction_session_timeout": true, "statement_timeout": true, "max_worker_processes": true, "unix_socket_directories": true,
	"default_text_search_config": true, "dynamic_shared_memory_type": true, "effective_io_concurrency": true,
}

// Telling reports whether no other program has a setting of that name.
func Telling(name string) bool {
	return telling[name] || strings.HasPrefix(name, "pgaudit.") || strings.HasPrefix(name, "auto_explain.")
}

// Recognised reports whether a file is PostgreSQL's by what its first lines set.
func (f *File) Recognised() bool {
	if f.HBA {
		return true
	}
	hits := 0
	for _, a := range f.Assignments[:min(len(f.Assignments), 5)] {
		if Telling(a.Name) {
			hits++
		}
	}
	return hits >= 2 || hits == 1 && len(f.Assignments) == 1
}

// Untemplated takes the suffix of a template or a sample off a file's name.
func Untemplated(name string) string {
	for _, suffix := range []string{".j2", ".jinja2", ".tmpl", ".tpl", ".template", ".erb", ".sample", ".example", ".dist"} {
		if base, ok := strings.CutSuffix(strings.ToLower(name), suffix); ok && strings.HasSuffix(base, ".conf") {
			return name[:len(base)]
		}
	}
	return name
}

// Named reports whether a file is PostgreSQL's by its name.
func Named(name string) bool {
	base := strings.ToLower(path.Base(Untemplated(name)))
	if !strings.HasSuffix(base, ".conf") {
		return false
	}
	return strings.Contains(base, "postgresql") || strings.Contains(base, "pg_hba") || strings.HasPrefix(base, "pgaudit") ||
		strings.HasPrefix(path.Base(path.Dir(name)), "postgres")
}

// groups are the parts that a whole configuration has settings of.
var groups = [][]string{
	{"listen_addresses", "port", "max_connections", "unix_socket_directories", "hba_file", "data_directory"},
	{"ssl", "ssl_cert_file", "ssl_key_file", "ssl_ca_file", "ssl_min_protocol_version"},
	{"shared_buffers", "work_mem", "maintenance_work_mem", "effective_cache_size"},
	{"logging_collector", "log_destination", "log_connections", "log_line_prefix", "log_timezone", "log_statement"},
	{"shared_preload_libraries"},
	{"wal_level", "max_wal_size", "archive_mode"},
}

// A Config is a file with what it includes. Of several lines that set the same
// name the last one holds, and only that one is kept.
type Config struct {
	File     *File
	Settings []Assignment
	// Origin says where in a file that holds more than settings they stand,
	// such as "service db"; "" is the whole file.
	Origin string
	Major  int // release of the server, 0 if nothing tells
	// Whole says that nothing else configures the server, so that what is not
	// set has its default.
	Whole bool
}

// Get returns the value of a setting.
func (c *Config) Get(name string) (Assignment, bool) {
	for _, a := range c.Settings {
		if a.Name == name {
			return a, true
		}
	}
	return Assignment{}, false
}

// Configs resolves includes. A file that another one includes is part of that
// one only, unless they include each other, which the server refuses.
func Configs(files []*File) []*Config {
	var out []*Config
	uses := map[string][]string{}
	for _, f := range files {
		r := resolver{files: files, active: map[string]bool{}}
		r.add(f)
		r.overlay(f)
		c := &Config{File: f, Settings: Last(r.all), Major: majorOf(f.Path)}
		c.Whole = IsWhole(c, f.Path) && !r.missing
		uses[f.Path] = r.used
		out = append(out, c)
	}
	return slices.DeleteFunc(out, func(c *Config) bool {
		part := slices.ContainsFunc(files, func(g *File) bool {
			return slices.Contains(uses[g.Path], c.File.Path) && !slices.Contains(uses[c.File.Path], g.Path)
		})
		return part || c.File.HBA
	})
}

// maxDepth is how deeply the server lets files include each other.
const maxDepth = 10

type resolver struct {
	files   []*File
	active  map[string]bool
	all     []Assignment
	used    []string
	missing bool // an include leads out of the scan
}

func (r *resolver) add(f *File) {
	if r.active[f.Path] || len(r.active) >= maxDepth {
		return
	}
	r.active[f.Path] = true
	for _, a := range f.Assignments {
		switch a.Name {
		case "include", "include_if_exists", "include_dir":
			r.include(f, a)
		default:
			r.all = append(r.all, a)
		}
	}
	delete(r.active, f.Path)
}

// overlay adds what ALTER SYSTEM has written: the server reads it last.
func (r *resolver) overlay(f *File) {
	if path.Base(Untemplated(f.Path)) != "postgresql.conf" {
		return
	}
	for _, x := range r.files {
		if x.Path == path.Join(path.Dir(f.Path), "postgresql.auto.conf") {
			r.used = append(r.used, x.Path)
			r.add(x)
		}
	}
}

// includes reports whether a directive in a file means another one. A folder
// means the files in it whose names end in .conf and do not start with a dot.
func includes(from, directive, value, to string) bool {
	target := value
	if !path.IsAbs(target) {
		target = path.Join(path.Dir(from), target)
	}
	if directive == "include_dir" {
		return path.Dir(to) == target && strings.HasSuffix(to, ".conf") && !strings.HasPrefix(path.Base(to), ".")
	}
	return to == target
}

func (r *resolver) include(f *File, a Assignment) {
	found := a.Name == "include_if_exists" && !path.IsAbs(a.Value) // then it does not exist
	for _, x := range r.files {
		if x.HBA || !includes(f.Path, a.Name, a.Value, x.Path) {
			continue
		}
		found = true
		if x.Path != f.Path {
			r.used = append(r.used, x.Path)
		}
		// One file included over and over is read once: what it says does not change.
		if len(r.all) < maxSettings {
			r.add(x)
		}
	}
	r.missing = r.missing || !found
}

// maxSettings bounds what includes of includes can grow to.
const maxSettings = 10_000

// majorOf reads the release off a path such as /etc/postgresql/15/main.
func majorOf(name string) int {
	parts := strings.Split(strings.ToLower(path.Dir(name)), "/")
	for i, part := range parts {
		if m := versionFolder.FindStringSubmatch(part); m != nil && (m[1] != "" || i > 0 && (strings.HasPrefix(parts[i-1], "pg") || strings.Contains(parts[i-1], "postgres"))) {
			major, err := strconv.Atoi(m[2])
			if err == nil {
				return major
			}
		}
	}
	return 0
}

// versionFolder is a folder named after a release; one of digits alone counts
// below a folder of PostgreSQL's.
var versionFolder = lazyregexp.New(`^(postgresql|postgres|pgsql|pg)?[-_]?v?(9|1[0-9]|2[0-9])(\.[0-9]+)*$`)

// Last keeps the last line of each name, in the order of the lines.
func Last(all []Assignment) []Assignment {
	seen := map[string]bool{}
	var out []Assignment
	for _, a := range slices.Backward(all) {
		if !seen[a.Name] {
			seen[a.Name] = true
			out = append(out, a)
		}
	}
	slices.Reverse(out)
	return out
}

// IsWhole reports whether a file of that name with these settings is all that
// configures a server.
func IsWhole(c *Config, name string) bool {
	base := strings.ToLower(path.Base(Untemplated(name)))
	if strings.HasSuffix(path.Dir(name), ".d") || strings.HasSuffix(base, ".auto.conf") {
		return false
	}
	n := 0
	for _, g := range groups {
		if slices.ContainsFunc(g, func(name string) bool { _, ok := c.Get(name); return ok }) {
			n++
		}
	}
	_, listens := c.Get("listen_addresses")
	return n >= 2 && (listens || strings.Contains(base, "postgresql"))
}
