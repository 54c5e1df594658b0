package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed set_not_local.md
var setNotLocalPage string

var setNotLocal = &rules.Rule{
	ID: "PHI511", Slug: "set-not-local", Title: "session variable of a policy outlives its transaction",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl, hipaa.UniqueUserID},
	CWE:       []int{488, 639}, Help: setNotLocalPage,
}

func checkSetNotLocal(p *Pass) {
	if !p.Relevant {
		return
	}
	used := map[string]bool{}
	for _, t := range p.Tables() {
		for _, pol := range t.Policies {
			for _, call := range append(settingsRead(pol.Using), settingsRead(pol.WithCheck)...) {
				used[strings.ToLower(literal(call.Args[0]))] = true
			}
		}
	}
	for _, x := range p.Catalog.Settings {
		if x.Session && !x.Local && strings.Contains(x.Name, ".") && (used[x.Name] || identity(x.Name)) {
			p.Report(setNotLocal, Note{At: x.Made, Object: x.Name}, "%s is set for the session, not for the transaction", x.Name)
		}
	}
	// What a function sets, its callers keep.
	for _, f := range p.Catalog.Functions() {
		for _, s := range f.Body {
			v := s.Node.GetVariableSetStmt()
			if name := strings.ToLower(v.GetName()); v != nil && !v.IsLocal && len(v.Args) > 0 && strings.Contains(name, ".") && (used[name] || identity(name)) {
				p.Report(setNotLocal, Note{At: s.Head(), Object: f.Name.Full() + " " + name}, "function %s sets %s for the session, not for the transaction", f.Name, name)
			}
		}
	}
}

// identity reports whether a variable is named after who somebody is.
func identity(name string) bool {
	_, last, _ := strings.Cut(name, ".")
	if i := strings.LastIndexAny(last, "._"); i >= 0 {
		last = last[i+1:]
	}
	switch last {
	case "id", "uid", "user", "username", "tenant", "customer", "patient", "org", "organization", "organisation", "clinic", "account", "subject":
		return true
	}
	return false
}
