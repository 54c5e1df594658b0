package auditlog

import (
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/sqlscan/checks"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A secret is a password in the text of a statement; what never repeats it.
type secret struct {
	what     string
	severity rules.Severity
}

// conninfo finds passwords in connection strings of both forms.
var conninfo = lazyregexp.New(`(?i)\bpassword\s*=\s*(?:'([^']+)'|([^\s'"]+))|\b[a-z][a-z0-9+]*://[^\s:/@'"]*:([^\s@/'"]+)@`)

// maxNesting bounds bodies in bodies, and texts in texts.
const maxNesting = 4

// secretsIn finds the passwords of roles, user mappings and connection strings
// in a statement, in the bodies of DO blocks and functions, and in the texts
// that these run. It goes by words, so statements that failed to parse count.
func secretsIn(text string) []secret {
	f := &secretFinder{}
	f.code(text, 0)
	if len(f.found) == 0 {
		f.evaluated(text)
	}
	return f.found
}

type secretFinder struct{ found []secret }

// add judges the text behind PASSWORD.
func (f *secretFinder) add(value, where string) {
	severity, what := checks.JudgePassword(value)
	switch severity {
	case 0:
		return
	case rules.High:
		severity = rules.Critical
	}
	if what == "placeholder password" {
		severity = rules.High
	}
	f.found = append(f.found, secret{what + where, severity})
}

func (f *secretFinder) code(text string, depth int) {
	if depth > maxNesting {
		return
	}
	src := []byte(text)
	password := false
	for pos := 0; ; {
		t, ok := pgparse.NextToken(src, pos)
		if !ok {
			return
		}
		pos = t.End
		word := text[t.Start:t.End]
		switch {
		case t.IsComment():
			continue
		case t.Kind == pgparse.StringToken && password:
			f.add(unquoted(word), "")
		case t.Kind == pgparse.StringToken:
			f.text(unquoted(word), depth)
		case t.Kind == pgparse.DollarToken:
			if i := strings.IndexByte(word[1:], '$') + 2; len(word) >= 2*i {
				f.code(word[i:len(word)-i], depth+1)
			}
		}
		password = t.Kind == pgparse.IdentToken && strings.EqualFold(word, "password")
	}
}

// text looks into a literal: it may be a connection string, or SQL to be run.
func (f *secretFinder) text(value string, depth int) {
	for _, m := range conninfo.FindAllStringSubmatch(value, -1) {
		f.add(m[1]+m[2]+m[3], " in a connection string")
	}
	if containsFold([]byte(value), "password") && strings.Contains(value, "'") {
		f.code(value, depth+1)
	}
}

func unquoted(token string) string {
	_, value, _ := strings.Cut(token, "'")
	return strings.ReplaceAll(strings.TrimSuffix(value, "'"), "''", "'")
}

// evaluated runs a DO block as far as its texts are made of constants:
// EXECUTE format('… PASSWORD %L', 'x').
func (f *secretFinder) evaluated(text string) {
	src := []byte(text)
	statements := pgparse.Parse(src)
	if len(statements) != 1 || statements[0].Node.GetDoStmt() == nil {
		return
	}
	c := catalog.New()
	c.Replay("", src, statements)
	for _, s := range c.Statements {
		options := s.Node.GetCreateRoleStmt().GetOptions()
		options = append(options, s.Node.GetAlterRoleStmt().GetOptions()...)
		for _, o := range options {
			if d := o.GetDefElem(); d.GetDefname() == "password" {
				f.add(d.GetArg().GetString_().GetSval(), "")
			}
		}
	}
}
