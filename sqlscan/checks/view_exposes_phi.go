package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed view_exposes_phi.md
var viewExposesPhiPage string

var viewExposesPhi = &rules.Rule{
	ID: "PHI512", Slug: "view-exposes-phi", Title: "view for analysts shows PHI",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.MinimumUse, hipaa.LimitedDataSet},
	CWE:       []int{200}, Help: viewExposesPhiPage,
}

// checkViewExposes reports each PHI column of a view whose name, or whose
// readers' names, say that it is for work that needs no identities.
func checkViewExposes(p *Pass) {
	for _, v := range p.Views() {
		if v.Ghost || !forAnalysis(v.Name.Name) {
			continue
		}
		// A star shows several columns at one place: one finding.
		var places []catalog.Place
		at := map[catalog.Place][]Exposed{}
		for _, e := range p.Exposed(v) {
			if len(at[e.At]) == 0 {
				places = append(places, e.At)
			}
			if !slices.ContainsFunc(at[e.At], func(x Exposed) bool { return x.Column == e.Column }) {
				at[e.At] = append(at[e.At], e)
			}
		}
		for _, place := range places {
			reportExposed(p, v, at[place])
		}
	}
}

func reportExposed(p *Pass, v *catalog.Table, shown []Exposed) {
	first := shown[0]
	n := Note{At: first.At, Object: object(v) + "." + first.Column, Reason: first.Class.Reason}
	if len(shown) == 1 {
		p.Report(viewExposesPhi, n, "view %s shows %s: %s", v.Name, first.Column, describe(first.Class))
		return
	}
	names := make([]string, 0, len(shown))
	for _, e := range shown {
		names = append(names, e.Column)
	}
	p.Report(viewExposesPhi, n, "view %s shows PHI (%s)", v.Name, Some(names, 3))
}

// forAnalysis reports whether a name speaks of reports or analysis.
func forAnalysis(name string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' || '0' <= r && r <= '9' }) {
		switch strings.TrimSuffix(w, "s") {
		case "analyst", "analytic", "analysi", "report", "reporting", "research", "dashboard", "export", "statistic", "stat", "bi",
			"deidentified", "anonymized", "anonymised", "anonymou", "anon", "summary", "metric", "kpi", "public", "warehouse":
			return true
		}
	}
	return false
}
