package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed rls_session_variable.md
var rlsSessionVariablePage string

var rlsSessionVariable = &rules.Rule{
	ID: "PHI510", Slug: "rls-session-variable", Title: "policy trusts a session variable",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{807}, Help: rlsSessionVariablePage,
}

// checkSessionVariable says two things: which policies trust a variable that
// every session can set (info), and which calls fail when it is not set.
func checkSessionVariable(p *Pass) {
	for _, t := range p.Tables() {
		if !p.PHI(t) && !p.Unknown(t) {
			continue
		}
		for _, pol := range t.Policies {
			checkVariables(p, pol, pol.Using, pol.UsingStmt)
			checkVariables(p, pol, pol.WithCheck, pol.CheckStmt)
		}
	}
}

func checkVariables(p *Pass, pol *catalog.Policy, expr *pgparse.Node, s *catalog.Statement) {
	said := map[string]bool{}
	for _, call := range settingsRead(expr) {
		name := literal(call.Args[0])
		if said[name] {
			continue
		}
		said[name] = true
		id := object(pol.Table) + " policy " + pol.Name
		if len(call.Args) < 2 || fold(call.Args[1]) == isFalse {
			n := Note{At: s.At(call.Location, len("current_setting")), Object: id + " " + name + " missing"}
			p.Report(rlsSessionVariable, n, "policy %s fails when %s is not set (current_setting without missing_ok)", pol.Name, variable(name))
		}
		n := Note{At: s.Head(), Object: id + " " + name, Severity: rules.Info}
		p.Report(rlsSessionVariable, n, "policy %s trusts %s, which every session can set", pol.Name, variable(name))
	}
}

func variable(name string) string {
	if name == "" {
		return "a session variable"
	}
	return name
}

// settingsRead returns the calls of current_setting for variables of the
// application in an expression.
func settingsRead(n *pgparse.Node) []*pgparse.FuncCall {
	var out []*pgparse.FuncCall
	pgparse.Walk(n, func(m pgparse.Message) bool {
		if f, ok := m.(*pgparse.FuncCall); ok && funcName(f) == "current_setting" && len(f.Args) > 0 {
			out = append(out, f)
		}
		return true
	})
	return out
}
