package checks

import (
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/dsn"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// checkConnectionTLS reports connections that do not enforce TLS: those that
// applications are configured with, and those that the server itself makes.
func checkConnectionTLS(p *Pass) {
	p.connections(dsn.TLSNotEnforced, false)
	for _, c := range p.conninfos() {
		d, ok := dsn.Parse(dsn.Mask(c.text))
		if !ok {
			continue
		}
		if problem, ok := d.TLS(dsn.AnyDriver); ok {
			p.Report(dsn.TLSNotEnforced, Note{At: c.at, Object: c.what, Severity: problem.Severity}, "%s with %s", c.what, problem.Fact)
		}
	}
}

// checkConnectionPasswords leaves the SQL to PHI602.
func checkConnectionPasswords(p *Pass) { p.connections(dsn.CredentialsInDSN, true) }

// connections reports what the configuration of applications says. Whoever the
// data is about, a connection wants TLS and a password wants a better place.
func (p *Pass) connections(r *rules.Rule, password bool) {
	services := map[string]bool{}
	for _, d := range p.Documents {
		for _, s := range d.Services {
			services[s] = true
		}
	}
	for _, d := range p.Documents {
		for i := range d.Connections {
			c := &d.Connections[i]
			if c.Password != password {
				continue
			}
			severity := d.Severity(c, services)
			if severity == 0 {
				continue
			}
			p.Report(r, Note{At: catalog.Place{File: d.Path, Start: c.Problem.Start, End: c.Problem.End}, Object: c.Origin, Severity: severity}, "%s: %s", c.Name, c.Problem.Fact)
		}
	}
}

// A conninfo is a connection string that the server itself connects with.
type conninfo struct {
	what, text string
	at         catalog.Place
}

// conninfos returns the connection strings of subscriptions, dblink calls,
// foreign servers and standbys.
func (p *Pass) conninfos() []conninfo {
	var out []conninfo
	for _, s := range p.Catalog.Statements {
		switch {
		case s.Node.GetCreateSubscriptionStmt() != nil:
			out = append(out, conninfo{"subscription", s.Node.GetCreateSubscriptionStmt().Conninfo, s.Head()})
		case s.Node.GetAlterSubscriptionStmt() != nil:
			out = append(out, conninfo{"subscription", s.Node.GetAlterSubscriptionStmt().Conninfo, s.Head()})
		case s.Node.GetCreateForeignServerStmt() != nil:
			out = append(out, conninfo{"foreign server", optionsText(s.Node.GetCreateForeignServerStmt().Options), s.Head()})
		case s.Node.GetAlterForeignServerStmt() != nil:
			out = append(out, conninfo{"foreign server", optionsText(s.Node.GetAlterForeignServerStmt().Options), s.Head()})
		}
	}
	for _, c := range p.callsOf() {
		if !strings.HasPrefix(funcName(c.f), "dblink") {
			continue
		}
		for i, a := range c.f.Args {
			if isLiteral(a) && !p.Templated(c.argument(i)) {
				out = append(out, conninfo{funcName(c.f) + " call", literal(a), c.at()})
			}
		}
	}
	for _, c := range p.Configs {
		if a, ok := c.Get("primary_conninfo"); ok {
			out = append(out, conninfo{"primary_conninfo", a.Value, catalog.Place{File: a.File, Start: a.Start, End: a.End}})
		}
	}
	return out
}

// optionsText writes options as a connection string, if they say anything
// about TLS: what they leave out may stand in the user mapping.
func optionsText(options []*pgparse.Node) string {
	var b strings.Builder
	tls := false
	for _, o := range options {
		d := o.GetDefElem()
		tls = tls || d.GetDefname() == "sslmode"
		b.WriteString(d.GetDefname() + "='" + strings.ReplaceAll(d.GetArg().GetString_().GetSval(), "'", `\'`) + "' ")
	}
	if !tls {
		return ""
	}
	return b.String()
}
