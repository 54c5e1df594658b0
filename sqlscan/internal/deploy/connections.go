package deploy

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
)

// A Connection is one thing that is wrong with how an application connects.
type Connection struct {
	Name       string // of the variable or setting; no value
	Origin     string // the keys down to it
	Password   bool   // the fault is a password in clear text, else it is TLS
	Absent     bool   // nothing says how to connect, and the default is the fault
	Hosts      []string
	Lower      bool        // it is for development only, by the keys down to it
	Problem    dsn.Problem // its offsets are those of the file
	PlainLocal bool        // on the same machine, by the string itself
}

// connections finds connection strings anywhere in a tree, and settings of a
// connection that stand apart.
func (r *reader) connections(root *node) {
	secret := root.child("kind").is("Secret")
	root.walk(func(n *node, above []*node) {
		switch {
		case slices.ContainsFunc(above, func(a *node) bool { return described(a.key) }) || described(n.key):
		case n.kind == mapping:
			r.apart(n, above, secret && n.key == "data")
			for _, e := range [][]*node{environment(n)} {
				r.apart(&node{kind: mapping, items: listed(n, e)}, append(above, n), false)
			}
		case n.kind == scalar:
			r.strings(n, above)
		}
	})
}

// listed returns the variables of an environment that is a list; one that is a
// mapping is met on the way down.
func listed(n *node, variables []*node) []*node {
	for _, key := range []string{"environment", "env", "extraEnv", "extraEnvVars"} {
		if n.child(key).kind == sequence {
			return variables
		}
	}
	return nil
}

// described are keys of prose and of examples.
func described(key string) bool {
	return slices.Contains([]string{"description", "example", "examples", "title", "doc", "docs", "help", "comment", "summary", "message", "usage", "note", "notes"}, strings.ToLower(key))
}

// address finds a connection URL inside a text such as a command line.
var address = lazyregexp.New(`(?i)\b(?:jdbc:)?(?:postgres(?:ql)?|pgx[45]?|postgis)(?:\+[a-z0-9]+)?://[^\s'"<>` + "`" + `\\,;|]+`)

// maxText bounds the texts that are searched; a connection string is shorter.
const maxText = 64 << 10

func (r *reader) strings(n *node, above []*node) {
	if len(n.text) < len("sslmode=x") || len(n.text) > maxText {
		return
	}
	if strings.Contains(n.text, ".apirest.") && strings.Contains(n.text, ".neon.") {
		r.project(n.start, n.end, nameOf(n, above), "Neon's Data API is not covered by its HIPAA support")
	}
	text := mask(n.text)
	value, shift := text, 0
	if key, rest, ok := strings.Cut(text, "="); ok && isName(key) && !strings.Contains(key, "sslmode") && strings.Contains(rest, "=") {
		if _, whole := dsn.Parse(text); !whole { // NAME=host=… sslmode=…
			value, shift = rest, len(key)+1
		}
	}
	name := nameOf(n, above)
	if d, ok := dsn.Parse(value); ok && d.Form != dsn.URL {
		if head, _, query := strings.Cut(value, "?"); query && d.Form == dsn.Piece && head != "" && len(d.Hosts) == 0 {
			host, _, _ := strings.Cut(strings.TrimSuffix(head, "/"), ":") // "host:5432/?sslmode=…", as some exporters take it
			d.Hosts = []string{cmp.Or(host, "localhost")}
		}
		if host := hostBeside(above); d.Form == dsn.Piece && len(d.Hosts) == 0 && host != "" {
			d.Hosts = []string{host}
		}
		r.judge(n, above, name, d, n.place(shift, len(n.text)))
		return
	}
	for _, m := range address.FindAllStringIndex(holesAsText(text), -1) {
		if d, ok := dsn.Parse(text[m[0]:m[1]]); ok {
			r.judge(n, above, name, d, r.locate(n, m[0], m[1]))
		}
	}
}

// hostBeside returns the host that stands beside parameters such as
// DB_PARAMS=sslmode=disable, if it is the only one.
func hostBeside(above []*node) string {
	if len(above) == 0 {
		return ""
	}
	found := ""
	for _, item := range above[len(above)-1].items {
		if v, ok := variable(item); ok && item.key == "" {
			item = v
		}
		key := plain(item.key)
		if item.kind != scalar || !strings.HasSuffix(key, "host") && !strings.HasSuffix(key, "hostname") {
			continue
		}
		if found != "" || !item.known() {
			return ""
		}
		found = item.text
	}
	return found
}

// A place is where a connection string stands in the file. Exact says that
// offsets in the string count from start.
type place struct {
	start, end int
	exact      bool
}

// place is the one of a part of a scalar's text.
func (n *node) place(from, to int) place {
	if n.exact {
		return place{n.start + from, n.start + to, true}
	}
	return place{n.start, n.end, false}
}

// locate finds an address in a scalar whose text is not what the file has: the
// lines of a block are the same but for their indentation.
func (r *reader) locate(n *node, from, to int) place {
	head, _, open := strings.Cut(n.text[from:to], string(dsn.Hole))
	raw := r.doc.Content[n.start:n.end]
	if i := strings.Index(string(raw), head); !n.exact && i >= 0 && len(head) > len("pgx://") {
		return place{n.start + i, n.start + i + len(head), !open}
	}
	return n.place(from, to)
}

// mask makes holes of what variables and templates fill in, Terraform's and
// systemd's %i included.
func mask(text string) string { return dsn.Mask(text) }

// holesAsText lets the search for an address go over holes.
func holesAsText(s string) string { return strings.ReplaceAll(s, string(dsn.Hole), "\x7f") }

// nameOf is the variable's name of a "NAME=value" item, the key, or the key
// of the list that the value stands in.
func nameOf(n *node, above []*node) string {
	if n.key != "" {
		if n.key == "value" && len(above) > 0 {
			if name := above[len(above)-1].get("name"); name.known() {
				return name.text
			}
		}
		return n.key
	}
	if v, ok := variable(n); ok && isName(v.key) && !strings.HasPrefix(v.key, "-") {
		return v.key
	}
	for _, a := range slices.Backward(above) {
		if a.key != "" {
			return a.key
		}
	}
	return "value"
}

// judge adds what is wrong with a connection string.
func (r *reader) judge(n *node, above []*node, name string, d *dsn.DSN, at place) {
	add := func(p dsn.Problem, password bool) {
		absent := p.End <= p.Start
		if at.exact && !absent {
			p.Start, p.End = at.start+p.Start, at.start+p.End
		} else {
			p.Start, p.End = at.start, at.end
		}
		r.connect(Connection{Name: name, Origin: pathOf(n, above), Password: password, Absent: absent, Hosts: d.Hosts, Problem: p, PlainLocal: d.Reach() == dsn.Local})
	}
	if p, ok := d.TLS(dsn.AnyDriver); ok {
		add(p, false)
	}
	if p, ok := d.Credential(); ok {
		add(p, true)
	}
}

// connect adds a connection. Files with a part for each stage, such as
// database.yml, name the stage in a key: what is for tests is left out.
func (r *reader) connect(c Connection) {
	for _, key := range strings.FieldsFunc(strings.ToLower(c.Origin), func(c rune) bool { return c == '.' || c == ' ' }) {
		if slices.Contains(testFolders, key) {
			return
		}
		c.Lower = c.Lower || slices.Contains(stageWords, key)
	}
	r.doc.Connections = append(r.doc.Connections, c)
}

// plain reduces a key to its letters: sslMode, SSL_MODE and ssl-mode are one.
func plain(key string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			return c + 'a' - 'A'
		}
		if c == '_' || c == '-' || c == '.' {
			return -1
		}
		return c
	}, key)
}

// apart judges the settings of one connection that stand side by side, such as
// DB_HOST, DB_SSLMODE and DB_PASSWORD. encoded says that values are base64.
func (r *reader) apart(n *node, above []*node, encoded bool) {
	groups := map[string][]*node{} // by what comes before the word
	var order []string
	for _, item := range n.items {
		if item.kind != scalar {
			continue
		}
		key := plain(item.key)
		for _, word := range []string{"sslmode", "password", "passwd", "pass", "hostname", "host", "port", "driver", "dialect", "type", "connection", "engine", "adapter", "client", "database", "dbname", "name", "url", "uri"} {
			if prefix, ok := strings.CutSuffix(key, word); ok {
				if groups[prefix] == nil {
					order = append(order, prefix)
				}
				x := *item
				x.keyEnd = item.keyEnd
				groups[prefix] = append(groups[prefix], &x)
				break
			}
		}
	}
	for _, prefix := range order {
		r.group(prefix, groups[prefix], append(above[:len(above):len(above)], n), encoded)
	}
}

func (r *reader) group(prefix string, items []*node, above []*node, encoded bool) {
	find := func(words ...string) *node {
		for _, item := range items {
			if slices.Contains(words, strings.TrimPrefix(plain(item.key), prefix)) {
				return item
			}
		}
		return &node{}
	}
	hosts := []string{}
	reach := dsn.Unknown
	if h := find("host", "hostname"); h.known() {
		hosts = append(hosts, h.text)
		reach = dsn.HostReach(h.text)
	}
	beside, isURL := urlBeside(items, prefix)
	if isURL && len(hosts) == 0 {
		hosts, reach = beside.Hosts, beside.Reach()
	}
	mode := find("sslmode")
	fallback := orDefault(mode.text)
	if text := mask(fallback); !otherDatabase(items, prefix) && strings.IndexByte(text, dsn.Hole) < 0 {
		if p, ok := dsn.Mode(text, reach); ok {
			p.Start, p.End = mode.start, mode.end
			if fallback != mode.text {
				p.Severity = p.Severity.Lower()
			}
			r.connect(Connection{Name: mode.key, Origin: pathOf(mode, above), Hosts: hosts, Problem: p, PlainLocal: reach == dsn.Local})
		}
	}
	if pw := find("password", "passwd", "pass"); pw.text != "" && (isURL || postgresGroup(prefix, items, above, mode, find("port"))) {
		x := *pw
		if encoded {
			if b, err := base64.StdEncoding.DecodeString(pw.text); err == nil && utf8.Valid(b) {
				x.text = strings.TrimSpace(string(b))
			}
		}
		r.secret(&x, pathOf(pw, above), hosts, reach)
	}
}

// ownDefault is a value that a variable replaces: ${DB_SSLMODE:-disable}, as
// shells and Compose have it, and ${DB_SSLMODE:disable} of Spring.
var ownDefault = lazyregexp.New(`^\$\{[A-Za-z_][\w.]*(?::-?|-)([a-z-]+)\}$`)

// orDefault returns what counts where nothing is set: a mode of TLS is no
// secret, and few set it.
func orDefault(text string) string {
	if m := ownDefault.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return text
}

// urlBeside returns the address of a server that stands beside a password, as
// Spring has it: datasource.url and datasource.password.
func urlBeside(items []*node, prefix string) (*dsn.DSN, bool) {
	for _, item := range items {
		if word := strings.TrimPrefix(plain(item.key), prefix); word != "url" && word != "uri" {
			continue
		}
		text := mask(item.text)
		if m := address.FindAllStringIndex(holesAsText(text), 1); len(m) > 0 && m[0][0] == 0 {
			return dsn.Parse(text[:m[0][1]])
		}
	}
	return nil, false
}

// secret adds a password in clear text.
func (r *reader) secret(pw *node, origin string, hosts []string, reach dsn.Reach) {
	severity, ok := dsn.Secret(mask(pw.text))
	if !ok || strings.HasPrefix(pw.text, "SCRAM-SHA-256$") || fileOrReference(pw.text) {
		return
	}
	if reach == dsn.Local || reach == dsn.Socket {
		severity = severity.Lower()
	}
	r.connect(Connection{Name: pw.key, Origin: origin, Password: true, Hosts: hosts,
		Problem: dsn.Problem{Severity: severity, Fact: "the password is a literal", Start: pw.start, End: pw.end}, PlainLocal: reach == dsn.Local})
}

// fileOrReference reports whether a value names the secret and is not it.
func fileOrReference(text string) bool {
	lower := strings.ToLower(text)
	if lower == "true" || lower == "false" || lower == "null" || lower == "none" {
		return true
	}
	return strings.HasPrefix(text, "/") || strings.Contains(lower, "://") || strings.HasPrefix(lower, "enc[") || strings.HasPrefix(lower, "vault:") ||
		strings.HasPrefix(lower, "arn:") || strings.HasPrefix(lower, "ref+") || strings.HasPrefix(text, "!") || strings.HasPrefix(text, "@")
}

func (r *reader) password(n *node, origin string) {
	if n.known() {
		r.secret(n, origin+"."+n.key, nil, dsn.Unknown)
	}
}

// otherDatabase reports whether what stands beside a setting tells of another
// kind of database.
func otherDatabase(items []*node, prefix string) bool {
	if strings.Contains(prefix, "mysql") || strings.Contains(prefix, "maria") || strings.Contains(prefix, "mongo") || strings.Contains(prefix, "redis") {
		return true
	}
	return slices.ContainsFunc(items, func(n *node) bool {
		lower := strings.ToLower(n.text)
		return slices.Contains([]string{"mysql", "mariadb", "sqlite", "sqlite3", "mongodb", "mssql", "oracle", "cockroach", "cockroachdb"}, lower) ||
			strings.HasSuffix(plain(n.key), "port") && lower == "3306"
	})
}

// postgresGroup reports whether a password is PostgreSQL's: by the name of its
// variable, or by what stands beside it.
func postgresGroup(prefix string, items, above []*node, mode, port *node) bool {
	if otherDatabase(items, prefix) {
		return false
	}
	if prefix == "pg" || strings.HasSuffix(prefix, "postgres") || strings.HasSuffix(prefix, "postgresql") || strings.HasSuffix(prefix, "postgresuser") {
		return true
	}
	if mode.text != "" || port.is("5432") {
		return true
	}
	for _, a := range above[max(len(above)-2, 0):] { // postgresql: {auth: {password: …}}
		if strings.Contains(plain(a.key), "postgres") && !strings.Contains(a.key, " ") {
			return true
		}
	}
	return slices.ContainsFunc(items, func(n *node) bool {
		lower := strings.ToLower(n.text)
		return slices.Contains([]string{"postgres", "postgresql", "pgsql", "pgx", "pg"}, lower) && !strings.HasSuffix(plain(n.key), "password") && !strings.HasSuffix(plain(n.key), "host")
	})
}

// Severity lowers the severity of a connection whose hosts are all containers
// of a Compose project, for it stays on one machine, and of everything in an
// example. It is 0 for a default that does not matter there.
func (d *Document) Severity(c *Connection, services map[string]bool) rules.Severity {
	s := c.Problem.Severity
	inside := len(c.Hosts) > 0 || c.Password && len(d.Services) > 0
	for _, h := range c.Hosts {
		inside = inside && services[h]
	}
	switch {
	case c.PlainLocal || !inside:
	case c.Password:
		s = s.Lower()
	case c.Absent:
		return 0
	default:
		s = min(s, rules.Low)
	}
	if d.Lower || c.Lower {
		s = s.Lower()
	}
	return s
}
