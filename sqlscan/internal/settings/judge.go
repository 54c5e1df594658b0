package settings

import (
	"slices"
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
	if filled(value) {
		return nil
	}
	if name == "pgaudit.log" {
		return judgeClasses(value, scope, other)
	}
	var out []Problem
	for _, j := range table[name] {
		if fact := j.wrong(strings.TrimSpace(value), scope, other); fact != "" {
			out = append(out, Problem{j.rule, j.severity, fact})
		}
	}
	return out
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
func judgeClasses(value string, scope Scope, other Lookup) []Problem {
	has := Classes(value)
	var missing []string
	wanted := auditClasses[:4]
	role, _ := other("pgaudit.role")
	if role != "" { // what is read and written is audited by that role's grants
		wanted = []string{"role", "ddl"}
	}
	for _, c := range wanted {
		if !has[c] {
			missing = append(missing, c)
		}
	}
	rule := "PHI702"
	if scope != Server {
		rule = "PHI705"
	}
	switch {
	case len(missing) == len(wanted) && role == "" && !has["function"] && !has["misc"] && !has["misc_set"]:
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
	if names := c.unset(has, "log_connections", "log_disconnections"); names != "" {
		out = append(out, Problem{"PHI708", rules.Low, names + " not set (default off)"})
	}
	if d, ok := c.Get("log_destination"); !has("log_line_prefix") && (!ok || prefixed(d.Value)) {
		out = append(out, Problem{"PHI708", rules.Low, "log_line_prefix is not set: lines lack user, database, host"})
	}
	if a, ok := c.Get("listen_addresses"); ok && !has("ssl") && !localOnly(a.Value) {
		out = append(out, Problem{"PHI710", rules.High, "ssl is not set: connections are not encrypted"})
	}
	if names := c.unset(has, "idle_session_timeout", "idle_in_transaction_session_timeout"); names != "" {
		out = append(out, Problem{"PHI715", rules.Medium, names + " not set (default 0)"})
	}
	return out
}

// unset joins those of the names that the server knows and nothing sets.
func (c *Config) unset(has func(string) bool, names ...string) string {
	return strings.Join(slices.DeleteFunc(names, func(name string) bool { return has(name) || !Exists(name, c.Major) }), " and ")
}

func localOnly(v string) bool {
	return !slices.ContainsFunc(list(v), func(s string) bool { return s != "localhost" && s != "127.0.0.1" && s != "::1" })
}
