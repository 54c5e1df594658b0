package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed plaintext_role_password.md
var plaintextRolePasswordPage string

var plaintextRolePassword = &rules.Rule{
	ID: "PHI601", Slug: "plaintext-role-password", Title: "password of a role stands in the SQL text",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.PasswordManagement, hipaa.Authentication},
	CWE:       []int{798, 259, 532}, Help: plaintextRolePasswordPage,
}

// checkRolePassword judges the text, not the final state: a password that was
// changed or rolled back later has still been in the file and in the log.
func checkRolePassword(p *Pass) {
	seen := map[catalog.Place]bool{} // a loop gives one text to many roles
	for _, s := range p.statements() {
		role, options := "", []*pgparse.Node(nil)
		switch {
		case s.Node.GetCreateRoleStmt() != nil:
			role, options = s.Node.GetCreateRoleStmt().Role, s.Node.GetCreateRoleStmt().Options
		case s.Node.GetAlterRoleStmt() != nil:
			role, options = s.Node.GetAlterRoleStmt().GetRole().GetRolename(), s.Node.GetAlterRoleStmt().Options
		default:
			continue
		}
		for _, o := range options {
			d := o.GetDefElem()
			if d.GetDefname() != "password" {
				continue
			}
			secret, ok := p.secret(s, d)
			if severity, what := judgePassword(secret); ok && severity > 0 && !seen[s.Head()] {
				seen[s.Head()] = true
				p.Report(plaintextRolePassword, Note{At: s.Head(), Object: "role " + role, Severity: severity}, "%s of role %s stands in the SQL text", what, computed(role))
			}
		}
	}
	for _, u := range p.Unparsed {
		p.checkPasswordTokens(u.Text, u.At)
	}
	for _, s := range p.Catalog.Opaque {
		if s.Base >= 0 {
			p.checkPasswordTokens(s.Source[s.Place.Start:s.Place.End], s.Place)
		}
	}
}

// checkPasswordTokens looks for what follows the word in text that is no tree.
func (p *Pass) checkPasswordTokens(text []byte, in catalog.Place) {
	passwordsIn(text, in.Start, 0, func(secret string, start, end int) {
		at := catalog.Place{File: in.File, Start: start, End: end}
		secret, ok := p.given(at.File, secret)
		if severity, what := judgePassword(secret); ok && severity > 0 && !p.Templated(at) {
			p.Report(plaintextRolePassword, Note{At: at, Object: "statement that is not parsed", Severity: severity}, "%s stands in a statement that is not parsed", what)
		}
	})
}

// quoted returns the place of the literal behind a keyword.
func quoted(s *catalog.Statement, location int32) catalog.Place {
	at := s.At(location, 1)
	if s.Base < 0 {
		return at
	}
	for at.Start < s.Place.End && s.Source[at.Start] != '\'' {
		at.Start++
	}
	for at.End = at.Start + 1; at.End < s.Place.End && s.Source[at.End] != '\''; {
		at.End++
	}
	return at
}

// judgePassword tells what kind of secret a text is, without repeating it. An
// empty one locks the role, and one that a variable fills in is not in the file.
func judgePassword(secret string) (rules.Severity, string) {
	lower := strings.ToLower(secret)
	switch {
	case secret == "" || substituted(secret):
		return 0, ""
	case strings.HasPrefix(secret, "SCRAM-SHA-256$"):
		return rules.Low, "SCRAM verifier"
	case strings.HasPrefix(lower, "md5") && len(secret) == 35 && strings.Trim(lower[3:], "0123456789abcdef") == "":
		return rules.Medium, "MD5 hash of the password"
	case placeholder(secret):
		return plaintextRolePassword.Severity.Lower(), "placeholder password"
	}
	return plaintextRolePassword.Severity, "password"
}

// substituted reports whether a tool or psql puts the value in.
func substituted(s string) bool {
	return strings.HasPrefix(s, "${") || strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "<%") ||
		strings.HasPrefix(s, "$(") || strings.HasPrefix(s, ":") && !strings.ContainsAny(s, " \t") || strings.HasPrefix(s, "%(")
}
