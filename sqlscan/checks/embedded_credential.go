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

//go:embed embedded_credential.md
var embeddedCredentialPage string

var embeddedCredential = &rules.Rule{
	ID: "PHI602", Slug: "embedded-credential", Title: "credential stands in a definition",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.PasswordManagement, hipaa.Authentication},
	CWE:       []int{798, 532}, Help: embeddedCredentialPage,
}

func checkEmbeddedCredentials(p *Pass) {
	for _, s := range p.Catalog.Statements {
		switch {
		case s.Node.GetCreateUserMappingStmt() != nil:
			p.checkSecretOptions(s, "user mapping", s.Node.GetCreateUserMappingStmt().Options)
		case s.Node.GetAlterUserMappingStmt() != nil:
			p.checkSecretOptions(s, "user mapping", s.Node.GetAlterUserMappingStmt().Options)
		case s.Node.GetCreateForeignServerStmt() != nil:
			p.checkSecretOptions(s, "foreign server", s.Node.GetCreateForeignServerStmt().Options)
		case s.Node.GetAlterForeignServerStmt() != nil:
			p.checkSecretOptions(s, "foreign server", s.Node.GetAlterForeignServerStmt().Options)
		case s.Node.GetCreateSubscriptionStmt() != nil:
			p.reportCredential(s, s.Head(), "subscription", connectionPassword(s.Node.GetCreateSubscriptionStmt().Conninfo))
		case s.Node.GetAlterSubscriptionStmt() != nil:
			p.reportCredential(s, s.Head(), "subscription", connectionPassword(s.Node.GetAlterSubscriptionStmt().Conninfo))
		}
	}
	for _, c := range p.callsOf() {
		if !strings.HasPrefix(funcName(c.f), "dblink") {
			continue
		}
		for i, a := range c.f.Args {
			if isLiteral(a) && !p.Templated(c.argument(i)) {
				p.reportCredential(c.s, c.at(), funcName(c.f)+" call", connectionPassword(literal(a)))
			}
		}
	}
}

func (p *Pass) checkSecretOptions(s *catalog.Statement, what string, options []*pgparse.Node) {
	for _, o := range options {
		d := o.GetDefElem()
		switch strings.ToLower(d.GetDefname()) {
		case "password", "passwd", "secret", "secret_access_key", "aws_secret_access_key", "api_key", "token":
			if !p.Templated(quoted(s, d.GetLocation())) {
				p.reportCredential(s, s.Head(), what, d.GetArg().GetString_().GetSval())
			}
		}
	}
}

func (p *Pass) reportCredential(s *catalog.Statement, at catalog.Place, what, secret string) {
	if secret == "" || substituted(secret) || p.Templated(s.Head()) {
		return
	}
	n := Note{At: at, Object: what}
	if phi.Placeholder(secret) {
		n.Severity = embeddedCredential.Severity.Lower()
	}
	p.Report(embeddedCredential, n, "credential of a %s stands in the SQL text", what)
}

// connectionPassword returns the password of a connection string or URL.
func connectionPassword(dsn string) string {
	if _, rest, ok := strings.Cut(dsn, "://"); ok {
		user, _, ok := strings.Cut(rest, "@")
		if !ok {
			return ""
		}
		_, password, _ := strings.Cut(user, ":")
		return password
	}
	i := strings.Index(strings.ToLower(dsn), "password")
	if i < 0 {
		return ""
	}
	rest := strings.TrimLeft(dsn[i+len("password"):], " ")
	if !strings.HasPrefix(rest, "=") {
		return ""
	}
	rest = strings.TrimLeft(rest[1:], " ")
	if quote, ok := strings.CutPrefix(rest, "'"); ok {
		password, _, _ := strings.Cut(quote, "'")
		return password
	}
	password, _, _ := strings.Cut(rest, " ")
	return password
}
