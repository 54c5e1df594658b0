package dsn

import (
	"net/url"
	"strings"
)

// schemes are those that reach PostgreSQL: libpq's two, the ones migration
// tools give their drivers, and those of other languages' settings.
var schemes = map[string]bool{
	"postgres": true, "postgresql": true, "pgx": true, "pgx4": true, "pgx5": true, "postgis": true,
	"jdbc:postgresql": true, "postgresql+psycopg2": true, "postgresql+psycopg": true, "postgresql+asyncpg": true,
}

// parseURL takes apart text whose "://" stands at offset at.
func parseURL(text string, at int) (*DSN, bool) {
	scheme := strings.ToLower(text[:at])
	if !schemes[scheme] && !holesOnly(scheme) || strings.ContainsAny(text, " \t\r\n\"'`") {
		return nil, false
	}
	d := &DSN{Form: URL, Scheme: scheme}
	start := at + len("://")
	end := start + indexAny(text[start:], "/?#")
	authority := text[start:end]
	// Have: authority up to the path. A password may hold an unescaped "@", so
	// the last one counts.
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		if j := strings.IndexByte(authority[:i], ':'); j >= 0 {
			d.Password = value(text, start+j+1, start+i)
		}
		authority = authority[i+1:]
	} else if holesOnly(authority) && end == len(text) {
		d.Open = true // "postgres://%s": anything may follow
	}
	for h := range strings.SplitSeq(authority, ",") {
		d.Hosts = append(d.Hosts, unescape(hostOf(h)))
	}
	query := strings.IndexByte(text[end:], '?')
	if query < 0 {
		// A path of unknown text is the database's name; behind a known name
		// unknown text may be a query.
		path := strings.TrimPrefix(text[end:], "/")
		d.Open = d.Open || strings.HasSuffix(path, string(Hole)) && !holesOnly(path)
		return d, schemes[scheme]
	}
	rest, offset := text[end+query+1:], end+query+1
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest = rest[:i]
	}
	d.addQuery(text, rest, offset)
	d.fromSettings()
	// An unknown scheme is PostgreSQL's if the query uses PostgreSQL's word.
	return d, schemes[scheme] || d.Get("sslmode").Set
}

// addQuery reads the settings of rest, which stands at offset in text.
func (d *DSN) addQuery(text, rest string, offset int) {
	for pair := range strings.SplitSeq(rest, "&") {
		key, _, ok := strings.Cut(pair, "=")
		switch {
		case ok && isKey(key):
			d.Settings = append(d.Settings, Setting{key, value(text, offset+len(key)+1, offset+len(pair))})
		case pair != "":
			d.Open = true
		}
		offset += len(pair) + 1
	}
}

// fromSettings lets host and password keywords win over the URL's authority.
func (d *DSN) fromSettings() {
	if v := d.Get("password"); v.Set {
		d.Password = v
	}
	for _, key := range []string{"host", "hostaddr"} {
		if v := d.Get(key); v.Set && v.Text != "" {
			d.Hosts = strings.Split(v.Text, ",")
		}
	}
}

func value(text string, start, end int) Value {
	return Value{Text: unescape(text[start:end]), Start: start, End: end, Set: true}
}

func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s // a stray "%" is text, not an error: only the judgement matters
}

// hostOf cuts the port off one host of an authority.
func hostOf(h string) string {
	if rest, ok := strings.CutPrefix(h, "["); ok {
		inside, _, _ := strings.Cut(rest, "]")
		return inside
	}
	if i := strings.LastIndexByte(h, ':'); i >= 0 {
		return h[:i]
	}
	return h
}

func indexAny(s, chars string) int {
	if i := strings.IndexAny(s, chars); i >= 0 {
		return i
	}
	return len(s)
}

// parseKeyValue reads libpq's keyword form. Two known keywords, one of them of
// the core, are asked for, since "user=… id=…" is also how logs are written.
func parseKeyValue(text string) (*DSN, bool) {
	d := &DSN{Form: KeyValue}
	cores, knowns := d.scan(text)
	if cores < 1 || knowns < 2 || 2*knowns < len(d.Settings) {
		return nil, false
	}
	d.fromSettings()
	return d, true
}

// scan appends the settings of text and counts the core and the known
// keywords; both counts are 0 if text is anything but settings and holes.
func (d *DSN) scan(text string) (cores, knowns int) {
	for i := 0; ; {
		i = skipSpace(text, i)
		if i == len(text) {
			return cores, knowns
		}
		start := i
		for i < len(text) && text[i] != '=' && !space(text[i]) {
			i++
		}
		key := text[start:i]
		if holesOnly(key) && (i == len(text) || space(text[i])) {
			d.Open = true // a token of unknown text may be any setting
			continue
		}
		// A hole directly before a keyword ends in a space or nothing at all.
		if trimmed := strings.TrimLeft(key, string(Hole)); len(trimmed) < len(key) {
			d.Open, key = true, trimmed
		}
		i = skipSpace(text, i)
		if !isKey(key) || i == len(text) || text[i] != '=' {
			return 0, 0
		}
		v, next, ok := scanValue(text, skipBlankValue(text, i+1))
		if !ok {
			return 0, 0
		}
		d.Settings = append(d.Settings, Setting{key, v})
		if known(key) {
			knowns++
		}
		if core[key] {
			cores++
		}
		i = next
	}
}

// skipBlankValue skips the spaces that libpq allows behind "=". One that is
// followed by another keyword means an empty value left by concatenation, as
// in "password= dbname=x": skipping it would swallow that keyword.
func skipBlankValue(text string, i int) int {
	next := skipSpace(text, i)
	if next > i {
		word := text[next:]
		if j := strings.IndexAny(word, "= \t\n\r"); j > 0 && word[j] == '=' && isKey(word[:j]) {
			return i
		}
	}
	return next
}

// scanValue reads the value at i, quoted or not, and returns where it ends.
func scanValue(text string, i int) (v Value, next int, ok bool) {
	var b strings.Builder
	quoted := i < len(text) && text[i] == '\''
	if quoted {
		i++
	}
	v.Start, v.Set = i, true
	for ; i < len(text); i++ {
		c := text[i]
		if c == '\'' && quoted || !quoted && space(c) {
			break
		}
		if c == '\\' && i+1 < len(text) {
			i++
			c = text[i]
		}
		b.WriteByte(c)
	}
	v.Text, v.End = b.String(), i
	if !quoted {
		return v, i, true
	}
	if i == len(text) {
		return v, i, false // the quote is not closed
	}
	return v, i + 1, true
}

// parsePiece reads settings that get appended to a string kept elsewhere, such
// as "?sslmode=disable", "…&sslmode=disable" or " sslmode=disable". Only
// sslmode is PostgreSQL's own word, so a piece without it is nothing.
func parsePiece(text string) (*DSN, bool) {
	if len(text) == 0 || !strings.Contains(text, "sslmode=") {
		return nil, false
	}
	start := 0
	if i := strings.IndexByte(text, '?'); i >= 0 {
		if strings.ContainsAny(text[:i], " \t\r\n=") || foreign(text[:i]) {
			return nil, false
		}
		start = i + 1
	}
	d := &DSN{Form: Piece, Open: true}
	if rest := text[start:]; strings.Contains(rest, "&") || start > 0 {
		body := strings.TrimLeft(rest, string(Hole))
		if strings.ContainsAny(body, " \t\r\n") {
			return nil, false
		}
		d.addQuery(text, body, len(text)-len(body))
	} else if _, n := d.scan(text); n == 0 {
		return nil, false
	}
	for _, s := range d.Settings {
		if !known(s.Key) {
			return nil, false
		}
	}
	d.fromSettings()
	return d, d.Get("sslmode").Set
}

// foreign reports whether the text before "?" names another scheme.
func foreign(head string) bool {
	scheme, _, ok := strings.Cut(head, "://")
	return ok && !holesOnly(scheme) && !schemes[strings.ToLower(scheme)]
}

func space(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func skipSpace(s string, i int) int {
	for i < len(s) && space(s[i]) {
		i++
	}
	return i
}
