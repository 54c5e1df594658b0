package run

import (
	_ "embed" // the rule's page
	"slices"
	"strings"

	"github.com/phivet/phivet/analyzers"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/suppress"
	"github.com/phivet/phivet/sqlscan"
	"github.com/phivet/phivet/sqlscan/auditlog"
)

//go:embed package_not_analysed.md
var notAnalysedHelp string

// notAnalysed is reported on a Go package that the compiler refuses. It stands
// here and not with the analyzers, because no analyzer runs on such a package.
var notAnalysed = &rules.Rule{
	ID:        "PHI906",
	Slug:      "package-not-analysed",
	Title:     "Go package that does not type-check and was not judged",
	Severity:  rules.High,
	Since:     "unreleased",
	Citations: []hipaa.Citation{hipaa.ActivityReview},
	CWE:       []int{1053},
	Help:      notAnalysedHelp,
}

// Rules returns every rule that a run can report, in the order of their IDs.
func Rules() []*rules.Rule {
	all := slices.Concat(analyzers.Rules(), sqlscan.Rules(), auditlog.Rules(), suppress.Rules(), []*rules.Rule{notAnalysed})
	slices.SortFunc(all, func(a, b *rules.Rule) int { return strings.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b *rules.Rule) bool { return a.ID == b.ID })
}

// Rule returns the rule of that ID or slug, or nil.
func Rule(name string) *rules.Rule {
	for _, r := range Rules() {
		if strings.EqualFold(r.ID, name) || r.Slug == name {
			return r
		}
	}
	return nil
}

// Known reports whether a rule of that ID exists.
func Known(id string) bool {
	r := Rule(id)
	return r != nil && r.ID == id
}
