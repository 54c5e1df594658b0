package checks

import (
	"strings"

	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// statements returns the statements of the history, and those that are known
// in part.
func (p *Pass) statements() []*catalog.Statement {
	return append(p.Catalog.Statements[:len(p.Catalog.Statements):len(p.Catalog.Statements)], p.Catalog.Sketches...)
}

// secret returns the text of an option that holds a secret. It reports false
// if there is none, or if something outside the files fills it in.
func (p *Pass) secret(s *catalog.Statement, d *pgparse.DefElem) (string, bool) {
	text := d.GetArg().GetString_().GetSval()
	if at := quoted(s, d.GetLocation()); p.Templated(at) {
		return p.setVariable(at.File, strings.Trim(p.original(at), ":'\""))
	}
	return p.given(s.Place.File, text)
}

// given tells a secret that stands in a file from one that does not: a hole of
// a template, what a body computes, or a psql variable that a call passed on.
func (p *Pass) given(file, text string) (string, bool) {
	if text == "" || substituted(text) || strings.Contains(text, catalog.Unknown) {
		return "", false
	}
	if name, ok := strings.CutPrefix(text, "_"); ok && strings.Contains(string(p.text(file)), ":'"+name+"'") {
		return p.setVariable(file, name)
	}
	return text, true
}

// setVariable returns the text that a script gives to a psql variable. What a
// shell, the environment or another variable gives is not in the file.
func (p *Pass) setVariable(file, name string) (string, bool) {
	if name == "" || strings.Trim(strings.ToLower(name), "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return "", false
	}
	m := lazyregexp.New(`(?m)^\\set[ \t]+` + name + `[ \t]+([^ \t\r\n][^\r\n]*)`).FindSubmatch(p.text(file))
	if m == nil {
		return "", false
	}
	value := strings.TrimRight(string(m[1]), " \t")
	if strings.ContainsAny(value, "`:$") {
		return "", false
	}
	return strings.Trim(value, "'"), true
}

// text returns a file as it is, nil if it is not known.
func (p *Pass) text(file string) []byte {
	if p.Text == nil {
		return nil
	}
	return p.Text(file)
}

func (p *Pass) original(at catalog.Place) string {
	text := p.text(at.File)
	if at.Start < 0 || at.Start >= at.End || at.End > len(text) {
		return ""
	}
	return string(text[at.Start:at.End])
}

// placeholder reports whether a secret stands for one that is put in later.
func placeholder(secret string) bool {
	if phi.Placeholder(secret) {
		return true
	}
	lower := strings.ToLower(secret)
	for _, mark := range []string{"changeme", "change_me", "change-me", "change_this", "your_", "your-", "placeholder", "insert_"} {
		if strings.Contains(lower, mark) {
			return true
		}
	}
	return dsn.Templated(secret)
}

// computed takes what is not known out of a name.
func computed(role string) string {
	if strings.Contains(role, catalog.Unknown) {
		return "that is computed"
	}
	return role
}

// passwordsIn finds PASSWORD 'text' in SQL that could not be parsed, in the
// bodies that stand in it too.
func passwordsIn(text []byte, offset, depth int, found func(secret string, start, end int)) {
	tokens, _ := pgparse.Scan(text) // what is never closed ends the search, and nothing else
	for i, t := range tokens {
		switch {
		case t.Kind == pgparse.DollarToken && depth < 3:
			body := text[t.Start:t.End]
			tag := strings.Index(string(body[1:]), "$") + 2
			if tag < 2 || len(body) < 2*tag {
				continue
			}
			passwordsIn(body[tag:len(body)-tag], offset+t.Start+tag, depth+1, found)
		case t.Kind == pgparse.IdentToken && strings.EqualFold(string(text[t.Start:t.End]), "password") && i+1 < len(tokens) && tokens[i+1].Kind == pgparse.StringToken && !tokens[i+1].Open:
			s := tokens[i+1]
			if raw := string(text[s.Start:s.End]); len(raw) > 2 && raw[0] == '\'' {
				found(strings.ReplaceAll(raw[1:len(raw)-1], "''", "'"), offset+t.Start, offset+s.End)
			}
		}
	}
}
