package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed effect_not_modelled.md
var effectNotModelledPage string

var effectNotModelled = &rules.Rule{
	ID: "PHI907", Slug: "effect-not-modelled", Title: "effect of a statement is not part of the replay",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{754}, Help: effectNotModelledPage,
}

// checkUnmodelled says each kind of effect once, with how often it occurs.
func checkUnmodelled(p *Pass) {
	count := map[string]int{}
	first := map[string]catalog.Place{}
	var order []string
	for _, s := range p.Catalog.Unmodelled {
		if count[s.What]++; count[s.What] == 1 {
			order = append(order, s.What)
			first[s.What] = s.At
		}
	}
	for _, what := range order {
		p.Report(effectNotModelled, Note{At: first[what], Object: what}, "effect of %s is not modelled (%d in this history)", what, count[what])
	}
}
