package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
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
	for _, s := range p.Catalog.Statements {
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
			if d.GetDefname() != "password" || p.Templated(quoted(s, d.Location)) {
				continue
			}
			if severity, what := judgePassword(d.GetArg().GetString_().GetSval()); severity > 0 {
				p.Report(plaintextRolePassword, Note{At: s.Head(), Object: "role " + role, Severity: severity}, "%s of role %s stands in the SQL text", what, role)
			}
		}
	}
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
	case phi.Placeholder(secret):
		return plaintextRolePassword.Severity.Lower(), "placeholder password"
	}
	return plaintextRolePassword.Severity, "password"
}

// substituted reports whether a tool or psql puts the value in.
func substituted(s string) bool {
	return strings.HasPrefix(s, "${") || strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "<%") ||
		strings.HasPrefix(s, "$(") || strings.HasPrefix(s, ":") && !strings.ContainsAny(s, " \t") || strings.HasPrefix(s, "%(")
}
