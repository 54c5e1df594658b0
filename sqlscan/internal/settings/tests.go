package settings

import (
	"slices"
	"strconv"
	"strings"
)

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

// filled reports whether a template or a variable gives a value.
func filled(v string) bool {
	return strings.Contains(v, "{{") || strings.Contains(v, "${") || strings.Contains(v, "<%") || strings.Contains(v, "{%")
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

// passwordsOnly is for values that log no more than DDL, or for which
// unlessParameters is silent.
func passwordsOnly(fact string) test {
	return func(v string, s Scope, o Lookup) string {
		if unlessParameters(oneOf("%s", "all", "mod"))(v, s, o) != "" {
			return ""
		}
		return oneOf(fact, "ddl", "mod", "all")(v, s, o)
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

// LoadsAudit reports whether a list of libraries has pgaudit.
func LoadsAudit(libraries string) bool {
	return slices.ContainsFunc(list(libraries), func(library string) bool {
		return strings.TrimSuffix(library[strings.LastIndexByte(library, '/')+1:], ".so") == "pgaudit"
	})
}

func withoutAudit(v string, s Scope, _ Lookup) string {
	return when(s == Server && !LoadsAudit(v), "shared_preload_libraries does not have pgaudit")
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

// sampled is notNegative unless the rate is 0, with which nothing is logged.
func sampled(fact string) test {
	return func(v string, s Scope, o Lookup) string {
		if rate, ok := o("log_statement_sample_rate"); ok {
			if n, isNumber := number(rate); isNumber && n == 0 {
				return ""
			}
		}
		return notNegative(fact)(v, s, o)
	}
}

func positive(fact string) test {
	return func(v string, _ Scope, _ Lookup) string {
		n, ok := number(v)
		return when(ok && n > 0, fact)
	}
}

// explained is silent where auto_explain logs nothing.
func explained(t test) test {
	return func(v string, s Scope, o Lookup) string {
		d, ok := o("auto_explain.log_min_duration")
		if n, isNumber := number(d); !ok || !isNumber || n < 0 {
			return ""
		}
		return t(v, s, o)
	}
}

// poorPrefix asks for who, when and from where in front of each line. The
// formats with fields have them whatever the prefix is.
func poorPrefix(v string, s Scope, o Lookup) string {
	if d, ok := o("log_destination"); s != Server || ok && !prefixed(d) {
		return ""
	}
	var lacks []string
	for _, x := range []struct{ what, escapes string }{{"time", "mtn"}, {"user", "u"}, {"database", "d"}, {"host", "rh"}} {
		if !hasEscape(v, x.escapes) {
			lacks = append(lacks, x.what)
		}
	}
	return when(len(lacks) > 0, "log_line_prefix lacks "+strings.Join(lacks, ", "))
}

// prefixed reports whether a log_destination has a format without fields.
func prefixed(v string) bool {
	return slices.ContainsFunc(list(v), func(d string) bool { return d != "csvlog" && d != "jsonlog" })
}

// hasEscape looks for one of the escapes %x, which may carry a width.
func hasEscape(prefix, letters string) bool {
	for i := 0; i+1 < len(prefix); i++ {
		if prefix[i] != '%' {
			continue
		}
		for i++; i < len(prefix)-1 && (prefix[i] == '-' || prefix[i] >= '0' && prefix[i] <= '9'); {
			i++
		}
		if strings.IndexByte(letters, prefix[i]) >= 0 {
			return true
		}
	}
	return false
}

// overwrites reports a log whose files get the same names again after a week
// or less, so that the server writes over what it has logged.
func overwrites(v string, _ Scope, o Lookup) string {
	name, ok := o("log_filename")
	if !ok || !on(v) || strings.Contains(name, "%Y") || strings.Contains(name, "%y") || strings.Contains(name, "%s") {
		return ""
	}
	for _, x := range []struct{ escape, after string }{{"%j", "a year"}, {"%m", "a year"}, {"%d", "a month"}, {"%a", "a week"}, {"%u", "a week"}, {"%w", "a week"}, {"%H", "a day"}} {
		if strings.Contains(name, x.escape) {
			return "log_truncate_on_rotation writes over the log after " + x.after
		}
	}
	return "log_truncate_on_rotation writes over the log at every rotation"
}
