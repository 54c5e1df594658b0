package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed function_executable_by_public.md
var functionExecutableByPublicPage string

var functionExecutableByPublic = &rules.Rule{
	ID: "PHI524", Slug: "function-executable-by-public", Title: "every role may call a function that reads PHI",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{276}, Help: functionExecutableByPublicPage,
}

// checkFunctionPublic is about functions that run with the caller's rights;
// for the others there is a rule of its own, and a higher one.
func checkFunctionPublic(p *Pass) {
	for _, f := range p.Catalog.Functions() {
		if f.Definer || f.Returns == "trigger" || f.Returns == "event_trigger" || !publicMayCall(f) {
			continue
		}
		if t := p.readsPHI(f); t != nil {
			n := Note{At: f.Made, Object: f.Name.Full() + "()"}
			p.Report(functionExecutableByPublic, n, "every role (PUBLIC) may call function %s, which reads %s", f.Name, t.Name)
		}
	}
}
