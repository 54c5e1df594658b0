// Package page writes the report for the person who answers an auditor: one
// HTML file with a map of where PHI lives, how the provisions of 45 CFR part
// 164 are covered, every finding, and every suppression with its reason.
//
// The file needs no network and no scripts, prints, follows the reader's choice
// of light or dark, and says in tables what its picture shows. It carries no
// time of its own, so the same input gives the same bytes.
package page

import (
	_ "embed" // the template
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/phivet/phivet/cmd/internal/inventory"
	"github.com/phivet/phivet/cmd/internal/report"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed page.html.tmpl
var source string

// page is parsed when it is drawn: go vet starts the program once a package.
var page = sync.OnceValue(func() *template.Template { return template.Must(template.New("page").Parse(source)) })

// Input is everything that the page tells.
type Input struct {
	Project   string // name of the project
	Revision  string // of the repository, or ""
	Report    *report.Report
	Inventory *inventory.Inventory
	Rules     []*rules.Rule // all that the run looked for
	// HasBaseline says that there is one to compare with; then Known reports
	// whether a finding is in it, and Gone are its entries that match none.
	HasBaseline bool
	Known       func(*finding.Finding) bool
	Gone        []Gone
	// Mask takes values out of text that people wrote.
	Mask func(string) string
}

// Gone is a finding of the baseline that is not found any more.
type Gone struct {
	Rule, File, Message string
	Suppressed          bool // it is found, but silenced by a directive now
}

// Write writes the page.
func Write(w io.Writer, in *Input) error {
	if in.Mask == nil {
		in.Mask = func(s string) string { return s }
	}
	data := view{Input: in, Map: drawMap(in), Trend: compare(in), Findings: findings(in)}
	for _, s := range rules.Severities() {
		t := tally{Name: s.String()}
		for i := range in.Report.Findings {
			if f := &in.Report.Findings[i]; f.Severity == s {
				t.Count++
				if in.isNew(f) {
					t.New++
				}
			}
		}
		data.Severities = append(data.Severities, t)
	}
	for _, s := range in.Report.Suppressed {
		data.Suppressed = append(data.Suppressed, suppressed{row(&s.Finding), in.Mask(s.Reason)})
	}
	data.Coverage = coverage(in)
	data.Tables = tables(in)
	if err := page().Execute(w, data); err != nil {
		return fmt.Errorf("writing the page: %w", err)
	}
	return nil
}

type (
	view struct {
		*Input
		Map        picture
		Trend      trend
		Severities []tally
		Findings   []findingRow
		Suppressed []suppressed
		Coverage   []provision
		Tables     []tableRow
	}
	tally struct {
		Name       string
		Count, New int
	}
	// A trend is what changed since the baseline; the widths are hundredths of
	// all that was or is found.
	trend struct {
		New, Same, Gone int
		Bars            []bar
		Fixed           []goneRow
	}
	bar struct {
		X, Width int
		Class    string
	}
	goneRow struct {
		Gone
		Help string
	}
	findingRow struct {
		New                                      bool
		Severity, ID, Slug, Message, Place, Help string
		Flow                                     []step
	}
	step       struct{ Place, Message string }
	suppressed struct {
		findingRow
		Reason string
	}
	provision struct {
		Citation   hipaa.Citation
		Title      string
		Rules      []ruleCount
		Findings   int
		Suppressed int
		Worst      string // severity of the worst finding, "" if there is none
	}
	ruleCount struct {
		ID, Title, Help string
		Count           int
	}
	tableRow struct {
		inventory.Table
		Name, Controls string
		Columns        []inventory.Column
	}
)

// findings lists the worst first; within a severity they keep their order.
func findings(in *Input) []findingRow {
	fs := slices.Clone(in.Report.Findings)
	slices.SortStableFunc(fs, func(a, b finding.Finding) int { return int(b.Severity) - int(a.Severity) })
	var out []findingRow
	for i := range fs {
		r := row(&fs[i])
		r.New = in.isNew(&fs[i])
		out = append(out, r)
	}
	return out
}

func (in *Input) isNew(f *finding.Finding) bool {
	return in.HasBaseline && in.Known != nil && !in.Known(f)
}

// compare sets the findings against the baseline.
func compare(in *Input) trend {
	t := trend{Gone: len(in.Gone)}
	for i := range in.Report.Findings {
		if in.isNew(&in.Report.Findings[i]) {
			t.New++
		} else {
			t.Same++
		}
	}
	all, x := max(1, t.New+t.Same+t.Gone), 0
	for _, part := range []struct {
		n     int
		class string
	}{{t.Gone, "gone"}, {t.Same, "same"}, {t.New, "new"}} {
		w := part.n * 1000 / all
		t.Bars = append(t.Bars, bar{x, w, part.class})
		x += w
	}
	for _, g := range in.Gone {
		r := goneRow{Gone: g}
		r.Message = in.Mask(g.Message) // the file may have been edited
		for _, rule := range in.Rules {
			if rule.ID == g.Rule {
				r.Help = rule.HelpURI()
			}
		}
		t.Fixed = append(t.Fixed, r)
	}
	return t
}

func row(f *finding.Finding) findingRow {
	r := findingRow{
		Severity: f.Severity.String(), ID: f.Rule.ID, Slug: f.Rule.Slug, Message: f.Message,
		Place: place(f.Span), Help: f.Rule.HelpURI(),
	}
	for _, s := range slices.Concat(f.Flow, f.Related) {
		r.Flow = append(r.Flow, step{place(s.Span), s.Message})
	}
	return r
}

func place(s finding.Span) string {
	if s.Start.Line == 0 {
		return s.File
	}
	return fmt.Sprintf("%s:%d", s.File, s.Start.Line)
}

// coverage lists the provisions that rules cite, in the order of the
// regulation, with what was found under each.
func coverage(in *Input) []provision {
	found, silenced, worst := map[string]int{}, map[string]int{}, map[string]rules.Severity{}
	for i := range in.Report.Findings {
		f := &in.Report.Findings[i]
		found[f.Rule.ID]++
		worst[f.Rule.ID] = max(worst[f.Rule.ID], f.Severity)
	}
	for i := range in.Report.Suppressed {
		silenced[in.Report.Suppressed[i].Finding.Rule.ID]++
	}
	at, severity := map[hipaa.Citation]*provision{}, map[hipaa.Citation]rules.Severity{}
	var order []hipaa.Citation
	for _, r := range in.Rules {
		for _, c := range r.Citations {
			p := at[c]
			if p == nil {
				p = &provision{Citation: c, Title: c.Title()}
				at[c] = p
				order = append(order, c)
			}
			p.Rules = append(p.Rules, ruleCount{r.ID, r.Title, r.HelpURI(), found[r.ID]})
			p.Findings += found[r.ID]
			p.Suppressed += silenced[r.ID]
			if worst[r.ID] > severity[c] {
				severity[c] = worst[r.ID]
				p.Worst = worst[r.ID].String()
			}
		}
	}
	slices.Sort(order)
	var out []provision
	for _, c := range order {
		out = append(out, *at[c])
	}
	return out
}

func tables(in *Input) []tableRow {
	var out []tableRow
	for _, t := range in.Inventory.Tables {
		r := tableRow{Table: t, Name: qualified(t.Schema, t.Table), Controls: controls(&t)}
		if in.severalOf(&t) {
			r.Name += " of " + path.Dir(t.File)
		}
		for _, c := range in.columns(&t) {
			if c.Tier >= 2 || c.Protected {
				r.Columns = append(r.Columns, c)
			}
		}
		out = append(out, r)
	}
	return out
}

func qualified(schema, name string) string {
	if schema == "" {
		return name
	}
	return schema + "." + name
}

// controls says in words what guards the rows of a table.
func controls(t *inventory.Table) string {
	switch {
	case isView(t):
		return t.Kind
	case !t.RowSecurity:
		return "no row security"
	case len(t.Policies) == 0:
		return "row security, no policy"
	case t.Forced:
		return "row security, forced"
	}
	return "row security, owner exempt"
}

func isView(t *inventory.Table) bool { return strings.HasSuffix(t.Kind, "view") }
