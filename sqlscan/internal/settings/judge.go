package settings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules"
)

// Scope says whom a value is for.
type Scope int

// Scopes: a file and ALTER SYSTEM are for the server, ALTER ROLE, ALTER
// DATABASE and CREATE FUNCTION for a part of what it does, SET for a session.
const (
	Server Scope = iota
	Part
	Session
)

// A Problem is what is wrong with a value.
type Problem struct {
	Rule     string // ID
	Severity rules.Severity
	Fact     string
}

// A Lookup returns the value that another setting has in the same place.
type Lookup func(name string) (string, bool)

// A judgement is one row of the table.
type judgement struct {
	rule     string
	severity rules.Severity
	// wrong returns the fact, or "".
	wrong func(value string, scope Scope, other Lookup) string
}

// Judge returns what is wrong with a value of a setting.
func Judge(name, value string, scope Scope, other Lookup) []Problem {
	name = strings.ToLower(name)
	if name == "pgaudit.log" {
		return judgeClasses(value, scope)
	}
	var out []Problem
	for _, j := range table[name] {
		if fact := j.wrong(strings.TrimSpace(value), scope, other); fact != "" {
			out = append(out, Problem{j.rule, j.severity, fact})
		}
	}
	return out
}

// table lists per setting what is wrong. Severities are those of the rules
// where a value does the whole damage, lower where it does less.
var table = map[string][]judgement{
	"shared_preload_libraries": {{"PHI701", rules.High, withoutAudit}},
	"pgaudit.log_parameter":    {{"PHI703", rules.Critical, isOn("pgaudit.log_parameter is on: values of parameters go to the log")}},
	"pgaudit.log_client":       {{"PHI705", rules.High, isOn("pgaudit.log_client is on: audit lines go to clients")}},
	"pgaudit.log_statement":    {{"PHI702", rules.Medium, isOff("pgaudit.log_statement is off: audit lines lack the statement")}},
	"pgaudit.log_relation":     {{"PHI718", rules.Info, noNames}},

	"log_statement": {
		{"PHI706", rules.High, unlessParameters(oneOf("log_statement is %s: values in statements go to the log", "all", "mod"))},
		{"PHI707", rules.Medium, oneOf("log_statement is %s: statements that set passwords go to the log", "ddl")},
	},
	"log_min_duration_statement":        {{"PHI706", rules.High, unlessParameters(notNegative("log_min_duration_statement logs slow statements with their values"))}},
	"log_min_duration_sample":           {{"PHI706", rules.High, unlessParameters(notNegative("log_min_duration_sample logs statements with their values"))}},
	"auto_explain.log_min_duration":     {{"PHI706", rules.High, notNegative("auto_explain.log_min_duration logs statements with their values")}},
	"log_parameter_max_length_on_error": {{"PHI706", rules.High, notZero("log_parameter_max_length_on_error logs parameters of failed statements")}},
	"debug_print_parse":                 {{"PHI706", rules.High, isOn("debug_print_parse is on: parse trees with values go to the log")}},
	"debug_print_rewritten":             {{"PHI706", rules.High, isOn("debug_print_rewritten is on: parse trees with values go to the log")}},
	"debug_print_plan":                  {{"PHI706", rules.High, isOn("debug_print_plan is on: plans with values go to the log")}},
	"log_destination":                   {{"PHI720", rules.Info, carriesDetail}},

	"log_connections":    {{"PHI708", rules.Low, logsOff("log_connections is off")}},
	"log_disconnections": {{"PHI708", rules.Low, logsOff("log_disconnections is off")}},
	"log_file_mode":      {{"PHI709", rules.Medium, wideMode}},
	"log_directory":      {{"PHI709", rules.Medium, publicDirectory}},

	"ssl":                      {{"PHI710", rules.High, serverOnly(isOff("ssl is off: connections are not encrypted"))}},
	"ssl_min_protocol_version": {{"PHI711", rules.High, oneOf("ssl_min_protocol_version allows TLS before 1.2", "", "tlsv1", "tlsv1.1")}},
	"ssl_max_protocol_version": {{"PHI711", rules.High, oneOf("ssl_max_protocol_version allows no TLS from 1.2 on", "tlsv1", "tlsv1.1")}},
	"ssl_ciphers":              {{"PHI711", rules.High, weakCiphers}},

	"idle_session_timeout":                {{"PHI715", rules.Medium, kept(zero("idle_session_timeout is 0: idle sessions never end"))}},
	"idle_in_transaction_session_timeout": {{"PHI715", rules.Medium, kept(zero("idle_in_transaction_session_timeout is 0: idle transactions never end"))}},
	"archive_command":                     {{"PHI716", rules.Medium, plainArchive}},
}

func off(v string) bool {
	switch strings.ToLower(v) {
	case "off", "false", "no", "0", "of", "f", "n", "fa", "fal", "fals":
		return true
	}
	return false
}

func on(v string) bool {
	switch strings.ToLower(v) {
	case "on", "true", "yes", "1", "t", "y", "tr", "tru", "ye":
		return true
	}
	return false
}

type test = func(string, Scope, Lookup) string

func isOn(fact string) test {
	return func(v string, _ Scope, _ Lookup) string { return when(on(v), fact) }
}

func isOff(fact string) test {
	return func(v string, _ Scope, _ Lookup) string { return when(off(v), fact) }
}

// logsOff also knows the empty list of PostgreSQL 18.
func logsOff(fact string) test {
	return func(v string, _ Scope, _ Lookup) string { return when(off(v) || v == "", fact) }
}

func oneOf(fact string, values ...string) test {
	return func(v string, _ Scope, _ Lookup) string {
		v = strings.ToLower(v)
		return when(slices.Contains(values, v), strings.Replace(fact, "%s", v, 1))
	}
}

func notNegative(fact string) test {
	return func(v string, _ Scope, _ Lookup) string {
		n, ok := number(v)
		return when(ok && n >= 0, fact)
	}
}

func notZero(fact string) test {
	return func(v string, _ Scope, _ Lookup) string {
		n, ok := number(v)
		return when(ok && n != 0, fact)
	}
}

func zero(fact string) test {
	return func(v string, _ Scope, _ Lookup) string {
		n, ok := number(v)
		return when(ok && n == 0, fact)
	}
}

// kept leaves SET alone: dumps and long jobs set timeouts to 0 for themselves.
func kept(t test) test {
	return func(v string, s Scope, o Lookup) string {
		if s == Session {
			return ""
		}
		return t(v, s, o)
	}
}

func serverOnly(t test) test {
	return func(v string, s Scope, o Lookup) string {
		if s != Server {
			return ""
		}
		return t(v, s, o)
	}
}

// unlessParameters is silent where the lengths of logged parameters are cut to
// nothing: a statement with placeholders then shows no value.
func unlessParameters(t test) test {
	return func(v string, s Scope, o Lookup) string {
		if cut, ok := o("log_parameter_max_length"); ok {
			if n, isNumber := number(cut); isNumber && n == 0 {
				return ""
			}
		}
		return t(v, s, o)
	}
}

func when(wrong bool, fact string) string {
	if wrong {
		return fact
	}
	return ""
}

// number reads a number with or without a unit. The unit does not matter for
// what is asked here: the sign, and whether it is zero.
func number(v string) (float64, bool) {
	end := 0
	for end < len(v) && (v[end] >= '0' && v[end] <= '9' || v[end] == '.' || end == 0 && (v[end] == '-' || v[end] == '+')) {
		end++
	}
	n, err := strconv.ParseFloat(v[:end], 64)
	return n, err == nil
}

func list(v string) []string {
	var out []string
	for _, s := range strings.Split(v, ",") {
		if s = strings.ToLower(strings.Trim(strings.TrimSpace(s), `"'`)); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func withoutAudit(v string, s Scope, _ Lookup) string {
	for _, library := range list(v) {
		if strings.TrimSuffix(library[strings.LastIndexByte(library, '/')+1:], ".so") == "pgaudit" {
			return ""
		}
	}
	return when(s == Server, "shared_preload_libraries does not have pgaudit")
}

func noNames(v string, s Scope, o Lookup) string {
	if role, ok := o("pgaudit.role"); ok && role != "" { // lines of object audit have names
		return ""
	}
	return when(off(v), "pgaudit.log_relation is off: audit lines of reads and writes name no table")
}

func carriesDetail(v string, _ Scope, _ Lookup) string {
	for _, d := range list(v) {
		if d == "csvlog" || d == "jsonlog" {
			return "log_destination has " + d + ": errors are logged with their DETAIL, keys included"
		}
	}
	return ""
}

// wideMode reports rights beyond reading by the group. A mode without a
// leading 0 is decimal, as the server reads it.
func wideMode(v string, _ Scope, _ Lookup) string {
	mode, err := strconv.ParseInt(v, 0, 32)
	return when(err == nil && mode&^0o640 != 0, "log_file_mode gives more rights than 0640")
}

func publicDirectory(v string, _ Scope, _ Lookup) string {
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev/shm"} {
		if v == dir || strings.HasPrefix(v, dir+"/") {
			return "log_directory is below " + dir + ", which everybody can reach"
		}
	}
	return ""
}

// weakCiphers looks at what an OpenSSL list adds. "!x" and "-x" take away, and
// "+x" only changes the order.
func weakCiphers(v string, _ Scope, _ Lookup) string {
	for _, c := range strings.FieldsFunc(v, func(r rune) bool { return r == ':' || r == ',' || r == ' ' }) {
		if c == "" || strings.ContainsRune("!-+@", rune(c[0])) {
			continue
		}
		for _, weak := range []string{"RC4", "RC2", "DES", "NULL", "EXP", "MD5", "LOW", "ADH", "IDEA", "SEED"} {
			if strings.Contains(strings.ToUpper(c), weak) {
				return "ssl_ciphers allows weak ciphers (" + weak + ")"
			}
		}
	}
	return ""
}

// archivers and encrypters are programs that can do more than copy; what they
// do is in their own configuration.
var archivers = []string{"pgbackrest", "wal-g", "walg", "wal-e", "wal_e", "barman", "gpg", "openssl", "age ", "restic", "borg", "sse", "kms", "crypt", "pghoard", "pg_probackup"}

func plainArchive(v string, _ Scope, _ Lookup) string {
	lower := strings.ToLower(v)
	if slices.ContainsFunc(archivers, func(s string) bool { return strings.Contains(lower, s) }) {
		return ""
	}
	for _, word := range strings.FieldsFunc(lower, func(r rune) bool { return strings.ContainsRune(" \t&|;()'\"", r) }) {
		switch word = word[strings.LastIndexByte(word, '/')+1:]; word {
		case "cp", "scp", "rsync", "mv", "dd", "cat", "gzip", "zstd", "lz4", "copy", "s3cmd", "gsutil", "ncftpput":
			return "archive_command writes WAL with " + word + ", not encrypted"
		}
	}
	return ""
}

// auditClasses are the classes of pgaudit.log; misc holds misc_set.
var auditClasses = []string{"read", "write", "role", "ddl", "function", "misc", "misc_set"}

// Classes returns the classes that a value of pgaudit.log switches on.
func Classes(value string) map[string]bool {
	out := map[string]bool{}
	for _, word := range list(value) {
		name, minus := strings.CutPrefix(word, "-")
		name = strings.TrimSpace(name)
		for _, c := range auditClasses {
			if name == "all" || name == c || name == "misc" && c == "misc_set" {
				out[c] = !minus
			}
		}
	}
	return out
}

// judgeClasses judges pgaudit.log. What a role, a database or a session sets
// weakens what the server is set to.
func judgeClasses(value string, scope Scope) []Problem {
	has := Classes(value)
	var missing []string
	for _, c := range auditClasses[:4] {
		if !has[c] {
			missing = append(missing, c)
		}
	}
	rule := "PHI702"
	if scope != Server {
		rule = "PHI705"
	}
	switch {
	case len(missing) == 4 && !has["function"] && !has["misc"] && !has["misc_set"]:
		return []Problem{{rule, rules.High, "pgaudit.log is none: nothing is audited"}}
	case len(missing) > 0:
		return []Problem{{rule, rules.High, "pgaudit.log does not have " + strings.Join(missing, ", ")}}
	}
	var out []Problem
	if !has["function"] {
		out = append(out, Problem{rule, rules.Low, "pgaudit.log does not have function: DO blocks and calls are not audited"})
	}
	if !has["misc_set"] {
		out = append(out, Problem{"PHI704", rules.Medium, "pgaudit.log does not have misc_set: SET ROLE is not audited"})
	}
	return out
}

// Absent returns what is wrong with the defaults that a whole configuration
// leaves in place. Elsewhere reports whether something besides the file, such
// as ALTER SYSTEM or a fragment, sets a name.
func Absent(c *Config, elsewhere func(name string) bool) []Problem {
	has := func(name string) bool { _, ok := c.Get(name); return ok || elsewhere(name) }
	var out []Problem
	if !has("shared_preload_libraries") {
		out = append(out, Problem{"PHI701", rules.High, "shared_preload_libraries is not set: pgaudit is not loaded"})
	}
	if a, ok := c.Get("shared_preload_libraries"); ok && withoutAudit(a.Value, Server, nil) == "" && !has("pgaudit.log") && !has("pgaudit.role") {
		out = append(out, Problem{"PHI702", rules.High, "pgaudit.log is not set: nothing is audited"})
	}
	if !has("log_connections") {
		out = append(out, Problem{"PHI708", rules.Low, "log_connections is not set"})
	}
	if a, ok := c.Get("listen_addresses"); ok && !has("ssl") && !localOnly(a.Value) {
		out = append(out, Problem{"PHI710", rules.High, "ssl is not set: connections are not encrypted"})
	}
	var timeouts []string
	for _, name := range []string{"idle_session_timeout", "idle_in_transaction_session_timeout"} {
		if !has(name) {
			timeouts = append(timeouts, name)
		}
	}
	if len(timeouts) > 0 {
		out = append(out, Problem{"PHI715", rules.Medium, strings.Join(timeouts, " and ") + " not set (default 0)"})
	}
	return out
}

func localOnly(v string) bool {
	return !slices.ContainsFunc(list(v), func(s string) bool { return s != "localhost" && s != "127.0.0.1" && s != "::1" })
}
