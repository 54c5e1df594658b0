package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/rules/hipaa"
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
	for _, s := range p.statements() {
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
			p.checkConninfo(s.Head(), "subscription", s.Node.GetCreateSubscriptionStmt().Conninfo)
		case s.Node.GetAlterSubscriptionStmt() != nil:
			p.checkConninfo(s.Head(), "subscription", s.Node.GetAlterSubscriptionStmt().Conninfo)
		}
	}
	for _, c := range p.callsOf() {
		name := funcName(c.f)
		switch {
		case strings.HasPrefix(name, "dblink"):
			for i, a := range c.f.Args {
				if isLiteral(a) && !p.Templated(c.argument(i)) {
					p.checkConninfo(c.at(), name+" call", literal(a))
				}
			}
		case secretArgument[name] > 0 && len(c.f.Args) >= secretArgument[name]:
			i := secretArgument[name] - 1
			if isLiteral(c.f.Args[i]) && !p.Templated(c.argument(i)) {
				p.reportCredential(c.at(), name+" call", literal(c.f.Args[i]))
			}
		}
	}
	for _, x := range p.Catalog.Settings {
		if x.Name == "primary_conninfo" {
			p.checkConninfo(x.Made, "standby", x.Value)
		}
	}
	for _, c := range p.Configs {
		if a, ok := c.Get("primary_conninfo"); ok {
			p.checkConninfo(catalog.Place{File: a.File, Start: a.Start, End: a.End}, "standby", a.Value)
		}
	}
}

// secretArgument counts, from 1, the argument of a function that is a secret:
// those of Supabase's vault and of Amazon's import from S3.
var secretArgument = map[string]int{"create_secret": 1, "update_secret": 2, "create_aws_credentials": 2}

func (p *Pass) checkSecretOptions(s *catalog.Statement, what string, options []*pgparse.Node) {
	for _, o := range options {
		d := o.GetDefElem()
		switch strings.ToLower(d.GetDefname()) {
		case "password", "passwd", "secret", "secret_access_key", "aws_secret_access_key", "api_key", "token":
			if secret, ok := p.secret(s, d); ok {
				p.reportCredential(s.Head(), what, secret)
			}
		}
	}
}

func (p *Pass) reportCredential(at catalog.Place, what, secret string) {
	secret, ok := p.given(at.File, secret)
	if !ok || p.Templated(at) {
		return
	}
	n := Note{At: at, Object: what}
	if placeholder(secret) {
		n.Severity = embeddedCredential.Severity.Lower()
	}
	p.Report(embeddedCredential, n, "credential of a %s stands in clear text", what)
}

// checkConninfo looks for the password of a connection string or URL. One that
// is cut into pieces by what is not known still may hold it whole.
func (p *Pass) checkConninfo(at catalog.Place, what, conninfo string) {
	d, ok := dsn.Parse(dsn.Mask(strings.ReplaceAll(conninfo, catalog.Unknown, string(dsn.Hole))))
	if ok && d.Password.Known() {
		p.reportCredential(at, what, d.Password.Text)
	}
}
