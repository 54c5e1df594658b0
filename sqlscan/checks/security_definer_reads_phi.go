package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed security_definer_reads_phi.md
var securityDefinerReadsPhiPage string

var securityDefinerReadsPhi = &rules.Rule{
	ID: "PHI509", Slug: "security-definer-reads-phi", Title: "function gives PHI to its callers with the rights of its owner",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AccessControl},
	CWE:       []int{269, 426}, Help: securityDefinerReadsPhiPage,
}

func checkDefiners(p *Pass) {
	for _, f := range p.Catalog.Functions() {
		if !f.Definer || f.Returns == "trigger" || f.Returns == "event_trigger" {
			continue
		}
		t := p.readsPHI(f)
		if t == nil {
			continue
		}
		var faults []string
		if _, ok := f.Config["search_path"]; !ok {
			faults = append(faults, "no fixed search_path")
		}
		if publicMayCall(f) && !answersOnly(f) {
			faults = append(faults, "EXECUTE for PUBLIC")
		}
		if len(faults) == 0 {
			continue
		}
		n := Note{At: f.Made, Object: f.Name.Full() + "(" + strings.Join(f.Args, ",") + ")"}
		if answersOnly(f) {
			n.Severity = rules.Medium
		}
		p.Report(securityDefinerReadsPhi, n, "SECURITY DEFINER function %s reads %s and has %s", f.Name, t.Name, strings.Join(faults, " and "))
	}
}

// readsPHI returns the first PHI table or view that the function's body names.
func (p *Pass) readsPHI(f *catalog.Function) *catalog.Table {
	for _, t := range p.functionReads(f) {
		if p.PHI(t) {
			return t
		}
	}
	return nil
}

// publicMayCall reports whether every role may execute the function, which
// holds until somebody revokes it.
func publicMayCall(f *catalog.Function) bool {
	return f.ACL == nil || f.ACL.Has(catalog.Public, "EXECUTE") != nil
}

// answersOnly reports whether all that a function gives back is yes or no, or
// nothing: the helper that a policy calls.
func answersOnly(f *catalog.Function) bool {
	return slices.Contains([]string{"boolean", "void"}, f.Returns)
}
