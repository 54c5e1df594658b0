package dsn

import (
	"net"
	"strings"

	"github.com/phivet/phivet/rules"
)

// A Driver decides what a connection string without sslmode means.
type Driver int

// The drivers that differ in it.
const (
	AnyDriver Driver = iota // not known; libpq's default
	PGX                     // prefer, as libpq
	PQ                      // lib/pq: require
	GoPG                    // go-pg's ParseURL: encrypted, not verified
	Bun                     // pgdriver: encrypted, not verified
)

// Reach says where a connection goes.
type Reach int

// The reaches of a connection.
const (
	Unknown Reach = iota // some host is not known
	Socket               // a Unix socket: nothing crosses a network
	Local                // the same machine
	Remote               // some host is another machine
)

// Reach returns the farthest of the hosts. A string without a host is Unknown:
// PGHOST or a call elsewhere may name one.
func (d *DSN) Reach() Reach {
	reach := Unknown
	for i, h := range d.Hosts {
		r := HostReach(h)
		switch {
		case r == Remote:
			return Remote
		case r == Unknown:
			return Unknown
		case i == 0 || r == Local:
			reach = r
		}
	}
	return reach
}

// HostReach judges one host, without its port.
func HostReach(host string) Reach {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	switch {
	case strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@"):
		return Socket
	case host == "" || strings.IndexByte(host, Hole) >= 0 || Templated(host):
		return Unknown
	case host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "host.docker.internal":
		return Local
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return Local
	}
	return Remote
}

// A Problem is what is wrong with a connection string.
type Problem struct {
	Severity   rules.Severity
	Fact       string // a phrase without values that could be secret
	Start, End int    // byte offsets of the value at fault; equal if it is absent
}

// TLS judges whether the connection is encrypted to a verified server. An
// absent sslmode is judged only if nothing unknown can bring one.
func (d *DSN) TLS(driver Driver) (Problem, bool) {
	reach := d.Reach()
	if reach == Socket {
		return Problem{}, false
	}
	if v := d.Get("sslmode"); v.Set {
		p, ok := Mode(v.Text, reach)
		p.Start, p.End = v.Start, v.End
		return p, ok
	}
	if d.Form == Piece || d.Open || d.Get("service").Set || d.Get("sslrootcert").Text == "system" || reach == Local {
		return Problem{}, false
	}
	p := Problem{Severity: rules.Low}
	switch driver {
	case PQ, GoPG, Bun:
		p.Fact = "no sslmode: the server's certificate is not verified"
	default:
		p.Fact = "no sslmode: plain text is accepted"
		if reach == Remote {
			p.Severity = rules.Medium
		}
	}
	return p, true
}

// Mode judges one value of sslmode. Values that no driver knows are nobody's.
func Mode(mode string, reach Reach) (Problem, bool) {
	switch mode {
	case "disable", "allow", "prefer":
		p := Problem{Severity: rules.High, Fact: "sslmode=" + mode + ": plain text is accepted"}
		if mode == "disable" {
			p.Fact = "sslmode=disable: nothing is encrypted"
		}
		if reach == Local {
			p.Severity = rules.Low
		}
		return p, reach != Socket
	case "require", "verify-ca":
		p := Problem{Severity: rules.Low, Fact: "sslmode=require: the server's certificate is not verified"}
		if mode == "verify-ca" {
			p.Fact = "sslmode=verify-ca: the server's host name is not verified"
		}
		return p, reach != Socket && reach != Local
	}
	return Problem{}, false
}

// Credential judges whether the string carries its password in clear text.
func (d *DSN) Credential() (Problem, bool) {
	v := d.Password
	severity, ok := Secret(v.Text)
	if !v.Known() || !ok {
		return Problem{}, false
	}
	if r := d.Reach(); r == Local || r == Socket {
		severity = severity.Lower()
	}
	return Problem{Severity: severity, Fact: "the password is a literal", Start: v.Start, End: v.End}, true
}

// Secret judges text that stands where a password belongs. Empty, masked and
// templated text is none; words that everybody tries first are one step lower,
// since they may stand for a value that is filled in later.
func Secret(text string) (rules.Severity, bool) {
	if text == "" || strings.IndexByte(text, Hole) >= 0 || Templated(text) || variableName(text) {
		return 0, false
	}
	lower := strings.ToLower(text)
	if strings.Trim(lower, "*x.-_•") == "" || lower == "redacted" || lower == "masked" || lower == "hidden" {
		return 0, false
	}
	if stock[lower] {
		return rules.Medium, true
	}
	for _, mark := range []string{"replace", "change_me", "changeme", "change-me", "change_this", "your_", "your-", "yourpass", "placeholder", "example", "dummy", "todo", "insert_"} {
		if strings.Contains(lower, mark) {
			return rules.Medium, true
		}
	}
	return rules.High, true
}

// variableName reports whether text is spelled as an environment variable that
// is about passwords, such as DB_PASSWORD: it names what is meant.
func variableName(text string) bool {
	return strings.Contains(text, "_") && strings.ToUpper(text) == text && isKey(text) &&
		(strings.Contains(text, "PASS") || strings.Contains(text, "PWD") || strings.Contains(text, "SECRET"))
}

// stock are passwords of images, tutorials and first tries.
var stock = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`password passw0rd pass passwd pwd postgres postgresql pgpassword secret supersecret
		mysecretpassword mypassword admin root test testing tests user username dev develop development local localhost
		example sample foo bar foobar demo default guest 1234 12345 123456 12345678 123 qwerty letmein db database app
		mypass my_password db_password dbpassword secretpassword docker pg`) {
		m[w] = true
	}
	return m
}()

// Templated reports whether the whole text is filled in by something else:
// ${DB_PASSWORD}, $PASS, {{ .Values.pw }}, <password>, [password], {password}.
func Templated(text string) bool {
	if len(text) < 2 {
		return false
	}
	last := text[len(text)-1]
	switch text[0] {
	case '$':
		return isKey(text[1:]) || (text[1] == '{' || text[1] == '(') && (last == '}' || last == ')')
	case '<':
		return last == '>'
	case '[':
		return last == ']'
	case '{':
		return last == '}'
	case '%':
		return last == '%' || len(text) == 2
	case ':':
		return isKey(text[1:])
	}
	return false
}

// Mask returns text of the same length with every ${…}, $NAME, $(…) and {{…}}
// replaced by holes, as environment and compose files need it. A default as in
// ${NAME:-text} is a hole too: what is set elsewhere wins.
func Mask(text string) string {
	b := []byte(text)
	for i := 0; i < len(text); {
		end := i
		switch rest := text[i:]; {
		case strings.HasPrefix(rest, "${"):
			end = closing(text, i, "}")
		case strings.HasPrefix(rest, "$("):
			end = closing(text, i, ")")
		case strings.HasPrefix(rest, "{{"):
			end = closing(text, i, "}}")
		case rest[0] == '$':
			if n := nameLen(rest[1:]); n > 0 {
				end = i + 1 + n
			}
		}
		if end == i {
			i++
			continue
		}
		for ; i < end; i++ {
			b[i] = Hole
		}
	}
	return string(b)
}

// nameLen returns the length of the shell variable's name that s starts with.
func nameLen(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func closing(text string, i int, mark string) int {
	if j := strings.Index(text[i:], mark); j >= 0 {
		return i + j + len(mark)
	}
	return len(text)
}

// OldTLS judges the protocol versions that a string allows by libpq's
// ssl_min_protocol_version and ssl_max_protocol_version.
func (d *DSN) OldTLS() (Problem, bool) {
	for _, key := range []string{"ssl_min_protocol_version", "ssl_max_protocol_version"} {
		v := d.Get(key)
		if s := strings.ToLower(v.Text); s == "tlsv1" || s == "tlsv1.0" || s == "tlsv1.1" {
			return Problem{Severity: rules.High, Fact: "an outdated TLS version (" + key + ")", Start: v.Start, End: v.End}, true
		}
	}
	return Problem{}, false
}

// Complete reports whether the string names a host and who connects, so that
// it is a whole connection string and not the beginning of one.
func (d *DSN) Complete() bool {
	switch d.Form {
	case URL:
		return d.Password.Set && !d.Open && len(d.Hosts) > 0
	case KeyValue:
		return d.Get("host").Set && d.Get("user").Set && d.Get("password").Set && (d.Get("dbname").Set || d.Get("database").Set) && !d.Open
	}
	return false
}
