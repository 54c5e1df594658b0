package report

import (
	"bytes"
	"regexp"
)

// setting matches the name at the beginning of a line of YAML, .env, .tf or
// .properties, with its sign: words of one case joined by underscores, dots or
// dashes. A name with digits or of mixed case may be a value that was broken
// into lines.
var setting = regexp.MustCompile(`^[ \t]*(?:- +)?["']?([a-z]+(?:[_.-][a-z]+)*|[A-Z]+(?:_[A-Z]+)*)["']?(?:[ \t]*=|:(?:[ \t]|\r?$))`)

// secretName matches names whose values are secrets, whatever they look like.
var secretName = regexp.MustCompile(`(?i)pass|pwd|secret|token|key|cred|auth_?file`)

// harmless matches what a value may show: names of parameters inside a line, and
// the words among which a setting of PostgreSQL chooses. Group 1 is kept.
var harmless = regexp.MustCompile(`(?:-c[ "',]+)([a-z]+(?:[_.][a-z]+)+=)|[?& ](sslmode=)|` +
	`(?:^|[ =:'",])(on|off|true|false|yes|no|disable|allow|prefer|require|verify-ca|verify-full|trust|md5|scram-sha-256)(?:[ '",&\r]|$)`)

// maskSettings shows the name that begins a line and hides the rest of it but
// for harmless words.
func maskSettings(content []byte) []byte {
	out := append([]byte(nil), content...)
	for line := range bytes.SplitSeq(out, []byte("\n")) {
		maskSetting(line)
	}
	return out
}

func maskSetting(line []byte) {
	at := setting.FindSubmatchIndex(line)
	if at == nil {
		hide(line)
		return
	}
	if value := line[at[1]:]; secretName.Match(line[at[2]:at[3]]) {
		hide(value)
	} else {
		maskValue(value)
	}
}

// maskConf hides values and comments of "name = value" lines of PostgreSQL;
// pg_hba.conf has no such lines, and no values that are secret.
func maskConf(content []byte) []byte {
	out := append([]byte(nil), content...)
	for line := range bytes.SplitSeq(out, []byte("\n")) {
		if n := bytes.IndexAny(line, "=#'\""); n >= 0 {
			if value := line[n+1:]; line[n] != '=' || secretName.Match(line[:n]) {
				hide(value)
			} else {
				maskValue(value)
			}
		}
	}
	return out
}

// maskValue hides all but harmless words. Each is looked for behind the one
// before, whose closing sign may be its opening one.
func maskValue(value []byte) {
	text := append([]byte(nil), value...)
	hide(value)
	for from := 0; ; {
		at := harmless.FindSubmatchIndex(text[from:])
		if at == nil {
			return
		}
		for g := 2; g < len(at); g += 2 {
			if at[g] >= 0 {
				copy(value[from+at[g]:from+at[g+1]], text[from+at[g]:])
				from += at[g+1]
				break
			}
		}
	}
}
