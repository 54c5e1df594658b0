package deploy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/internal/settings"
)

// servers finds settings in YAML and JSON. What counts is the shape, not the
// product: a container that runs PostgreSQL, a mapping of parameters, a text
// that is a postgresql.conf or a pg_hba.conf.
func (r *reader) servers(root *node) {
	composeFile := root.get("services") != nil
	root.walk(func(n *node, above []*node) {
		if composeFile && len(above) == 2 && above[1].key == "services" {
			r.doc.Services = append(r.doc.Services, n.key)
		}
		switch {
		case n.kind == mapping:
			r.container(n, above)
			r.parameters(n, above)
		case n.kind == scalar && n.lines():
			r.text(n, above)
		}
		r.records(n, above)
	})
}

// image matches the images that are PostgreSQL, with its release in the tag.
var image = lazyregexp.New(`(^|/)[\w.-]*(postgres|postgis|timescaledb|pgvector|citus|spilo|paradedb|cloudnative-pg)[\w.-]*(:(pg)?v?(\d+))?`)

// notServer are images around PostgreSQL that are none.
var notServer = lazyregexp.New(`exporter|pgadmin|adminer|postgrest|pgbouncer|backup|operator|postgres-?ui|migrat|client|backrest`)

// server reports whether a container runs PostgreSQL, and which release.
func server(n *node) (major int, ok bool) {
	text := n.child("image").text
	m := image.FindStringSubmatch(text)
	if m == nil || notServer.MatchString(text) {
		return 0, strings.HasPrefix(firstWord(n.child("command")), "postgres")
	}
	major, _ = strconv.Atoi(m[5])
	return major, true
}

func firstWord(n *node) string {
	if len(n.items) > 0 {
		n = n.items[0]
	}
	word, _, _ := strings.Cut(strings.TrimSpace(n.text), " ")
	return word[strings.LastIndexByte(word, '/')+1:]
}

// container reads the command line and the environment of a container. An
// image of a name of its own is known by settings that only PostgreSQL has.
func (r *reader) container(n *node, above []*node) {
	major, known := server(n)
	var all []settings.Assignment
	for _, key := range []string{"entrypoint", "command", "args"} {
		all = append(all, r.commandLine(n.child(key))...)
	}
	for _, e := range environment(n) {
		if name, ok := bitnami[e.key]; ok && e.known() && known {
			all = append(all, r.assignment(name, e))
		}
		r.authMethod(e)
	}
	known = known || n.get("image") != nil && !notServer.MatchString(n.get("image").text) &&
		slices.ContainsFunc(all, func(a settings.Assignment) bool { return settings.Telling(a.Name) })
	if known {
		r.server(all, pathOf(n, above), major)
	}
}

// bitnami are the variables by which that image's users set what matters here.
var bitnami = map[string]string{
	"POSTGRESQL_SHARED_PRELOAD_LIBRARIES": "shared_preload_libraries", "POSTGRESQL_PGAUDIT_LOG": "pgaudit.log",
	"POSTGRESQL_LOG_CONNECTIONS": "log_connections", "POSTGRESQL_LOG_DISCONNECTIONS": "log_disconnections", "POSTGRESQL_LOG_LINE_PREFIX": "log_line_prefix",
}

// environment returns the variables of a container, in any of the three forms
// that Compose and Kubernetes have.
func environment(n *node) []*node {
	var out []*node
	for _, key := range []string{"environment", "env", "extraEnv", "extraEnvVars"} {
		e := n.child(key)
		for _, item := range e.items {
			switch {
			case e.kind == mapping:
				out = append(out, item)
			case item.kind == scalar:
				if v, ok := variable(item); ok {
					out = append(out, v)
				}
			case item.get("name") != nil && item.get("value") != nil:
				v := *item.get("value")
				v.key = item.get("name").text
				out = append(out, &v)
			}
		}
	}
	return out
}

// variable takes "NAME=value" apart.
func variable(n *node) (*node, bool) {
	key, value, ok := strings.Cut(n.text, "=")
	if !ok || key == "" || strings.ContainsAny(key, " \t:/") {
		return nil, false
	}
	v := *n
	v.key, v.text = key, value
	if n.exact {
		v.start = n.end - len(value)
	}
	return &v, true
}

func (r *reader) assignment(name string, n *node) settings.Assignment {
	return settings.Assignment{Name: strings.ToLower(name), Value: n.text, Start: n.start, End: n.end, File: r.doc.Path}
}

// server adds a server; one that sets nothing is none.
func (r *reader) server(all []settings.Assignment, origin string, major int) {
	if len(all) == 0 {
		return
	}
	r.doc.Servers = append(r.doc.Servers, &settings.Config{
		File: &settings.File{Path: r.doc.Path, Content: r.doc.Content}, Settings: settings.Last(all), Origin: origin, Major: major,
	})
}

// commandLine reads "-c name=value" and "--name=value" of a list of words or
// of a command as a shell takes it.
func (r *reader) commandLine(n *node) []settings.Assignment {
	var ws []*node
	if n.kind == scalar {
		ws = words(r.doc.Content, n)
	}
	for _, item := range n.items {
		if strings.ContainsAny(item.text, " \n") && strings.Contains(item.text, "-c") && len(n.items) < 4 { // sh -c "exec postgres -c …"
			ws = append(ws, words(r.doc.Content, item)...)
		} else {
			ws = append(ws, item)
		}
	}
	var out []settings.Assignment
	for i, w := range ws {
		text, ok := strings.CutPrefix(w.text, "--")
		switch {
		case ok:
		case w.text == "-c" && i+1 < len(ws):
			w = ws[i+1]
			text = w.text
		case strings.HasPrefix(w.text, "-c") && len(w.text) > 2:
			text = w.text[2:]
		default:
			continue
		}
		name, value, ok := strings.Cut(text, "=")
		if !ok || !isName(name) {
			continue
		}
		v := *w
		v.text = strings.Trim(value, `'"`)
		if v.known() || value == "" {
			out = append(out, r.assignment(strings.ReplaceAll(name, "-", "_"), &v))
		}
	}
	return out
}

func isName(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789_.-") == ""
}

// authMethod reads the variable by which the official image writes its last
// record, and the options that initdb writes all of them with.
func (r *reader) authMethod(e *node) {
	method := ""
	switch {
	case !e.known():
	case e.key == "POSTGRES_HOST_AUTH_METHOD":
		method = e.text
	case e.key == "POSTGRES_INITDB_ARGS":
		for _, w := range words(r.doc.Content, e) {
			for _, flag := range []string{"--auth-host=", "--auth=", "-A"} {
				if m, ok := strings.CutPrefix(w.text, flag); ok && method == "" {
					method = m
				}
			}
		}
		if method == "" {
			return
		}
	}
	if method != "" {
		r.doc.Records = append(r.doc.Records, []settings.Record{{
			Type: "host", Databases: "all", Users: "all", Address: "all", Method: strings.ToLower(method),
			Start: e.start, End: e.end, File: r.doc.Path, Variable: e.key,
		}})
	}
}

// parameterKeys are keys whose mapping holds settings by name: Bitnami's chart,
// the operators of CloudNativePG, Zalando and Crunchy, Patroni, StackGres.
var parameterKeys = []string{"parameters", "postgresqlextendedconf", "extendedconf", "postgresqlconfiguration", "postgresql.conf", "postgresqlparameters"}

func (r *reader) parameters(n *node, above []*node) {
	if len(above) == 0 || n.key == "" {
		return
	}
	key, parent := strings.ToLower(n.key), above[len(above)-1]
	fits := slices.Contains(parameterKeys, key)
	if key == "parameters" {
		family := parent.child("family").text // of CloudFormation's AWS::RDS::DBParameterGroup
		fits = parent.key == "postgresql" || strings.Contains(family, "postgres")
	}
	if !fits {
		return
	}
	var all []settings.Assignment
	for _, item := range n.items {
		if item.known() {
			all = append(all, r.assignment(snake(item.key), item))
		}
	}
	if libraries := parent.child("shared_preload_libraries"); libraries.kind == sequence && !loadsAudit(all) {
		var names []string
		for _, item := range libraries.items {
			names = append(names, item.text)
		}
		all = append(all, settings.Assignment{Name: "shared_preload_libraries", Value: strings.Join(names, ","), Start: libraries.keyStart, End: libraries.keyEnd, File: r.doc.Path})
	}
	r.server(all, pathOf(n, above), majorIn(parent))
}

// loadsAudit reports whether parameters of pgaudit are set: CloudNativePG then
// loads the library by itself.
func loadsAudit(all []settings.Assignment) bool {
	return slices.ContainsFunc(all, func(a settings.Assignment) bool { return strings.HasPrefix(a.Name, "pgaudit.") })
}

func majorIn(n *node) int {
	major, _ := strconv.Atoi(n.child("version").text)
	return major
}

// snake turns sharedBuffers into shared_buffers, as Bitnami's chart does.
func snake(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			b.WriteByte('_')
			b.WriteByte(c | 0x20)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// text reads a postgresql.conf or a pg_hba.conf that stands in a block.
func (r *reader) text(n *node, above []*node) {
	key := strings.ToLower(n.key)
	hba := strings.Contains(strings.ReplaceAll(key, "_", ""), "hba")
	named := hba || strings.HasSuffix(key, "postgresql.conf") || slices.Contains([]string{"extendedconfiguration", "extendedconf", "postgresqlextendedconf"}, key)
	name := "postgresql.conf"
	if hba {
		name = "pg_hba.conf"
	}
	f := settings.Parse(name, maskTemplates(r.doc.Content[n.start:n.end]))
	switch {
	case !named && !f.Recognised():
	case f.HBA:
		for i := range f.Records {
			x := &f.Records[i]
			x.Start, x.End, x.File = x.Start+n.start, x.End+n.start, r.doc.Path
		}
		if len(f.Records) > 0 {
			r.doc.Records = append(r.doc.Records, f.Records)
		}
	default:
		for i := range f.Assignments {
			a := &f.Assignments[i]
			a.Start, a.End, a.File = a.Start+n.start, a.End+n.start, r.doc.Path
		}
		f.Assignments = slices.DeleteFunc(f.Assignments, func(a settings.Assignment) bool { return holes(a.Value) != a.Value })
		r.server(f.Assignments, pathOf(n, above), 0)
		if k := len(r.doc.Servers) - 1; key == "postgresql.conf" && k >= 0 && len(f.Assignments) > 0 {
			r.doc.Servers[k].Whole = settings.IsWhole(r.doc.Servers[k], name)
		}
	}
}

// records reads lists of lines of pg_hba.conf, as operators take them.
func (r *reader) records(n *node, above []*node) {
	key := strings.ToLower(strings.ReplaceAll(n.key, "_", ""))
	if n.kind != sequence || key != "pghba" && key != "pghbaconfiguration" {
		return
	}
	var out []settings.Record
	for _, item := range n.items {
		f := settings.Parse("pg_hba.conf", []byte(item.text))
		for _, x := range f.Records {
			if item.exact {
				x.Start, x.End = item.start+x.Start, item.start+x.End
			} else {
				x.Start, x.End = item.start, item.end
			}
			x.File = r.doc.Path
			out = append(out, x)
		}
	}
	if len(out) > 0 {
		r.doc.Records = append(r.doc.Records, out)
	}
}

// words splits the raw text of a scalar as a shell does, with the place of
// each word. What stands between quotes is one word.
func words(content []byte, n *node) []*node {
	raw, offset := holes(string(maskTemplates(content[n.start:n.end]))), n.start
	if n.kind != scalar || n.start >= n.end {
		return nil
	}
	if !n.exact && !n.lines() && !strings.ContainsAny(raw, "\n") {
		raw = n.text // escapes: the places are only about right
	}
	var out []*node
	var b strings.Builder
	quote, start := byte(0), -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, &node{text: b.String(), start: min(offset+start, n.end), end: min(offset+end, n.end)})
		}
		b.Reset()
		start = -1
	}
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			b.WriteByte(c)
		case blank(c) || c == '\\' && i+1 < len(raw) && raw[i+1] == '\n':
			flush(i)
			continue
		case c == '\'' || c == '"':
			quote = c
		default:
			b.WriteByte(c)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(raw))
	return out
}
