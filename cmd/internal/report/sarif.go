package report

// What GitHub code scanning does with SARIF, as far as it decided anything here:
//
//   - Only locations[0] of a result counts; relatedLocations are shown only
//     where the message links them as [text](id).
//   - Suppressions and fixes are ignored: a suppressed result becomes an open
//     alert. So suppressed findings are left out.
//   - uriBaseId is not honoured: paths are written relative to the repository.
//   - Two results of one rule on one line share the line hash, and one of them
//     is dropped without a word. So they are merged.
//   - Over 25,000 results a run, or 10 MB compressed, the file is refused; 5,000
//     results are kept, 1,000 steps of a flow, 100 locations of a result, 10 tags
//     of a rule. What is left out here for that is said, in the file and on
//     standard error.
//   - Annotations of pull requests need every line of a region in the diff:
//     regions are kept to one line.
//   - Two uploads with the same tool and category in one run are refused.

import (
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/finding"
	"github.com/phivet/phivet/rules/hipaa"
)

const (
	maxResults = 25000    // a run with more is refused
	maxShown   = 5000     // results that GitHub keeps, the most severe
	maxSteps   = 998      // steps of a flow that GitHub keeps, less the finding's own, even
	maxRelated = 99       // locations of a result that GitHub keeps, less its own
	maxBytes   = 10 << 20 // of the compressed file
	homepage   = "https://github.com/phivet/phivet"
	taxonomyID = "0f5ab2c4-8a43-4f0e-9d3e-6c1f1d3a4b52" // of the taxonomy below, so that references can be checked
)

// writeSARIF writes as many results as GitHub takes, the most severe, and says
// what it leaves out.
func writeSARIF(w io.Writer, r *Report) error {
	all := mergeLines(r.Findings)
	for n := min(len(all), maxResults); ; n = n * 3 / 4 {
		out, left, err := r.encodeSARIF(all, n)
		if err != nil {
			return err
		}
		if n > 0 && tooLarge(out) {
			continue
		}
		for _, text := range left {
			r.warn("SARIF: " + text)
		}
		_, err = w.Write(out)
		return err
	}
}

// tooLarge reports whether a file is over the limit once it is compressed, as
// the upload does it.
func tooLarge(out []byte) bool {
	if len(out) <= maxBytes { // compression never makes it larger to speak of
		return false
	}
	var n counter
	z := gzip.NewWriter(&n)
	_, err := z.Write(out)
	return err == nil && z.Close() == nil && n > maxBytes
}

// A counter counts what is written.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// encodeSARIF encodes n results. left says in words what a limit takes away.
func (r *Report) encodeSARIF(all []merged, n int) (out []byte, left []string, err error) {
	kept := mostSevere(all, n)
	if n < len(all) {
		left = append(left, fmt.Sprintf("%d results are left out, the least severe: code scanning takes %d, and %d MB compressed", len(all)-n, maxResults, maxBytes>>20))
	}
	if n > maxShown {
		left = append(left, fmt.Sprintf("code scanning shows %d of the %d results, the most severe", maxShown, n))
	}
	used := usedRules(r.Findings)
	citations := usedCitations(used)
	run := sarif.NewRunWithInformationURI("phivet", homepage)
	driver := sarifDriver{ToolComponent: run.Tool.Driver, Rules: []sarifDescriptor{}}
	driver.Version, driver.SemanticVersion = new(semantic(r.Version)), new(semantic(r.Version))
	index := map[string]int{}
	for i, rule := range used { // the rules first: results refer to them by index
		index[rule.ID] = i
		driver.Rules = append(driver.Rules, sarifDescriptor{sarifRule(rule), relationships(rule, citations)})
	}
	run.WithColumnKind("utf16CodeUnits").WithTaxonomies(taxonomies(citations))
	if len(citations) > 0 {
		driver.WithSupportedTaxonomies([]*sarif.ToolComponentReference{taxonomy()})
	}
	run.Results = []*sarif.Result{}
	steps, related := 0, 0
	for i := range kept {
		run.Results = append(run.Results, r.sarifResult(&kept[i], index, citations))
		steps += max(0, len(kept[i].Flow)-maxSteps)
		related += max(0, len(kept[i].Related)-maxRelated)
	}
	if steps > 0 {
		left = append(left, fmt.Sprintf("%d steps in the middle of flows are left out: code scanning keeps %d of a flow", steps, maxSteps))
	}
	if related > 0 {
		left = append(left, fmt.Sprintf("%d related places are left out: code scanning keeps %d of a result", related, maxRelated))
	}
	run.AutomationDetails = &sarif.RunAutomationDetails{ID: new(category(r.Repository, r.Category))}
	run.Invocations = []*sarif.Invocation{r.invocation(left)}
	out, err = json.MarshalIndent(sarifLog{
		Version: string(sarif.Version210), Schema: schemaURI, Runs: []sarifRun{{Run: run, Tool: sarifTool{driver}}},
	}, "", "  ")
	if err != nil {
		return nil, nil, fmt.Errorf("encoding SARIF: %w", err)
	}
	return append(out, '\n'), left, nil
}

const schemaURI = "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/main/sarif-2.1/schema/sarif-schema-2.1.0.json"

// The types below add to the library's what it has no field for: how a rule
// relates to the provisions of a taxonomy. An outer field hides the embedded
// one of the same name.
type (
	sarifLog struct {
		Version string     `json:"version"`
		Schema  string     `json:"$schema"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		*sarif.Run
		Tool sarifTool `json:"tool"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		*sarif.ToolComponent
		Rules []sarifDescriptor `json:"rules"`
	}
	sarifDescriptor struct {
		*sarif.ReportingDescriptor
		Relationships []relationship `json:"relationships,omitempty"`
	}
	relationship struct {
		Target *sarif.ReportingDescriptorReference `json:"target"`
		Kinds  []string                            `json:"kinds"`
	}
)

// relationships tells which provisions a rule is about.
func relationships(r *rules.Rule, citations []hipaa.Citation) []relationship {
	var out []relationship
	for _, c := range r.Citations {
		out = append(out, relationship{provision(c, citations), []string{"relevant"}})
	}
	return out
}

// provision refers to an entry of the taxonomy.
func provision(c hipaa.Citation, citations []hipaa.Citation) *sarif.ReportingDescriptorReference {
	ref := sarif.NewReportingDescriptorReference().WithId(string(c)).WithIndex(slices.Index(citations, c))
	ref.ToolComponent = taxonomy()
	return ref
}

func taxonomy() *sarif.ToolComponentReference {
	return &sarif.ToolComponentReference{Name: new("HIPAA"), Index: new(uint(0)), Guid: new(taxonomyID)}
}

// category separates the uploads of several projects of one repository. What
// stands before the last slash counts.
func category(repository, name string) string { return path.Join("phivet", repository, name) + "/" }

// semantic returns the version as semantic versioning writes it; consumers
// compare it, so a build without one says zero.
func semantic(version string) string {
	v := strings.TrimPrefix(version, "v")
	if v == "" || v[0] < '0' || v[0] > '9' {
		return "0.0.0-devel"
	}
	return v
}

// A merged finding stands for all of one rule on one line.
type merged struct {
	finding.Finding
	others []string // messages
	print  string
}

func mergeLines(fs []finding.Finding) []merged {
	type key struct {
		rule, file string
		line       int
	}
	at := map[key]int{}
	prints := Fingerprints(fs)
	var out []merged
	for i, f := range fs {
		k := key{f.Rule.ID, f.Span.File, f.Span.Start.Line}
		n, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, merged{Finding: f, print: prints[i]})
			continue
		}
		m := &out[n]
		if f.Message != m.Message && !slices.Contains(m.others, f.Message) {
			m.others = append(m.others, f.Message)
		}
		m.Severity = max(m.Severity, f.Severity)
	}
	return out
}

// mostSevere keeps n findings, in their order.
func mostSevere(all []merged, n int) []merged {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(all[b].Severity, all[a].Severity) })
	order = order[:n]
	slices.Sort(order)
	out := make([]merged, 0, n)
	for _, i := range order {
		out = append(out, all[i])
	}
	return out
}

func sarifRule(r *rules.Rule) *sarif.ReportingDescriptor {
	d := sarif.NewRule(r.ID).WithName(pascal(r.Slug)).WithHelpURI(r.HelpURI())
	d.ShortDescription = sarif.NewMultiformatMessageString(sentence(r.Title))
	d.FullDescription = sarif.NewMultiformatMessageString(firstRunes(oneLine(r.Section("What it checks")), 1024))
	help := sarif.NewMultiformatMessageString(plainText(r.Help))
	help.Markdown = new(r.Help)
	d.Help = help
	d.DefaultConfiguration = sarif.NewReportingConfiguration().WithLevel(level(r.Severity))
	d.Properties = sarif.Properties{
		"tags":              tags(r),
		"precision":         "high",
		"problem.severity":  problemSeverity(r.Severity),
		"security-severity": securitySeverity(r.Severity),
	}
	return d
}

// tags are searched for in GitHub's interface; ten are kept.
func tags(r *rules.Rule) []string {
	out := []string{"security", "hipaa"}
	for _, c := range r.Citations {
		out = append(out, "hipaa-"+string(c))
	}
	for _, n := range r.CWE {
		out = append(out, fmt.Sprintf("external/cwe/cwe-%03d", n))
	}
	return out[:min(len(out), 10)]
}

func level(s rules.Severity) string {
	switch {
	case s >= rules.High:
		return "error"
	case s == rules.Medium:
		return "warning"
	}
	return "note"
}

func problemSeverity(s rules.Severity) string {
	switch level(s) {
	case "error":
		return "error"
	case "warning":
		return "warning"
	}
	return "recommendation"
}

// securitySeverity is read by GitHub as a CVSS score: over 9.0 is critical,
// from 7.0 high, from 4.0 medium.
func securitySeverity(s rules.Severity) string {
	switch s {
	case rules.Critical:
		return "9.5"
	case rules.High:
		return "8.0"
	case rules.Medium:
		return "5.5"
	case rules.Low:
		return "3.0"
	}
	return "1.0"
}

func (r *Report) sarifResult(m *merged, index map[string]int, citations []hipaa.Citation) *sarif.Result {
	f := &m.Finding
	res := sarif.NewRuleResult(f.Rule.ID).WithRuleIndex(index[f.Rule.ID]).WithLevel(level(f.Severity))
	text := sentence(escapeMessage(f.Message))
	for _, other := range m.others {
		text += " " + sentence(escapeMessage(other))
	}
	for i, step := range f.Related[:min(len(f.Related), maxRelated)] {
		text += fmt.Sprintf(" See [%s](%d).", escapeMessage(step.Message), i+1)
		res.AddRelatedLocation(r.location(step.Span, step.Message).WithId(i + 1))
	}
	res.Message = *sarif.NewTextMessage(text)
	res.AddLocation(r.location(f.Span, ""))
	res.PartialFingerprints = map[string]any{"phivet/v1": m.print}
	if hash := r.Sources.lineHash(f.Span.File, f.Span.Start.Line); hash != "" {
		res.PartialFingerprints["primaryLocationLineHash"] = hash
	}
	if flow := r.codeFlow(f); flow != nil {
		res.AddCodeFlow(flow)
	}
	for _, c := range f.Rule.Citations {
		res.AddTaxa(provision(c, citations))
	}
	res.Properties = sarif.Properties{"severity": f.Severity.String()}
	if f.Object != "" {
		res.Properties["object"] = f.Object
	}
	if f.Reason != "" {
		res.Properties["reason"] = f.Reason
	}
	return res
}

// location converts a span; only its first line is kept.
func (r *Report) location(s finding.Span, message string) *sarif.Location {
	physical := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(uri(r.repositoryPath(s.File))))
	physical.Region = r.region(s)
	l := sarif.NewLocationWithPhysicalLocation(physical)
	if message != "" {
		l.Message = sarif.NewTextMessage(message)
	}
	return l
}

func (r *Report) region(s finding.Span) *sarif.Region {
	line := max(s.Start.Line, 1)
	start, end := max(s.Start.Column, 1), max(s.End.Column, 1)
	if m := r.Sources.Mapper(s.File); m != nil && s.Start.Line > 0 {
		start = m.UTF16Column(s.Start)
		last := finding.Position{Line: line, Column: len(m.Line(line)) + 1}
		if s.End.Line == line && s.End.Column < last.Column {
			last.Column = s.End.Column
		}
		end = m.UTF16Column(last)
	}
	if end <= start {
		end = start + 1
	}
	return sarif.NewRegion().WithStartLine(line).WithStartColumn(start).WithEndLine(line).WithEndColumn(end)
}

// codeFlow leads to the finding's own place, which is its last step.
func (r *Report) codeFlow(f *finding.Finding) *sarif.CodeFlow {
	if len(f.Flow) == 0 {
		return nil
	}
	steps := f.Flow
	if len(steps) > maxSteps { // the source and what is next to the sink tell most
		steps = slices.Concat(steps[:maxSteps/2], steps[len(steps)-maxSteps/2:])
	}
	if last := steps[len(steps)-1]; last.Span.File != f.Span.File || last.Span.Start.Line != f.Span.Start.Line {
		steps = append(slices.Clone(steps), finding.Step{Span: f.Span, Message: f.Message})
	}
	flow := sarif.NewThreadFlow()
	for _, s := range steps {
		flow.AddLocation(sarif.NewThreadFlowLocation().WithLocation(r.location(s.Span, cmp.Or(s.Message, f.Message))))
	}
	return sarif.NewCodeFlow().WithThreadFlows([]*sarif.ThreadFlow{flow})
}

// invocation carries the notices: a file without results must not hide that
// something was not looked at.
func (r *Report) invocation(left []string) *sarif.Invocation {
	inv := sarif.NewInvocation().WithExecutionSuccess(true)
	add := func(level, text string, at *sarif.Location) {
		n := &sarif.Notification{Level: level, Message: sarif.NewTextMessage(sentence(escapeMessage(text)))}
		if at != nil {
			n.Locations = []*sarif.Location{at}
		}
		inv.ToolExecutionNotifications = append(inv.ToolExecutionNotifications, n)
	}
	for _, text := range left {
		add("warning", text, nil)
	}
	for _, n := range r.Notices {
		var at *sarif.Location
		if n.File != "" {
			line := max(n.Line, 1)
			at = r.location(finding.Span{File: n.File, Start: finding.Position{Line: line, Column: 1}, End: finding.Position{Line: line, Column: 2}}, "")
		}
		add("note", n.Message, at)
	}
	return inv
}

func usedCitations(used []*rules.Rule) []hipaa.Citation {
	var out []hipaa.Citation
	for _, r := range used {
		out = append(out, r.Citations...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// taxonomies describe the provisions that results refer to.
func taxonomies(citations []hipaa.Citation) []*sarif.ToolComponent {
	if len(citations) == 0 {
		return nil
	}
	t := &sarif.ToolComponent{
		Name: "HIPAA", GUID: new(taxonomyID), Organization: new("U.S. Department of Health and Human Services"),
		InformationURI:   new("https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164"),
		ShortDescription: sarif.NewMultiformatMessageString("45 CFR part 164, security and privacy."),
		Rules:            []*sarif.ReportingDescriptor{},
	}
	for _, c := range citations {
		t.Taxa = append(t.Taxa, &sarif.ReportingDescriptor{
			ID: string(c), ShortDescription: sarif.NewMultiformatMessageString(c.Title() + "."), HelpURI: new(c.URL()),
		})
	}
	return []*sarif.ToolComponent{t}
}

// uri escapes a slash path; a first element with a colon would be a scheme.
func uri(name string) string { return (&url.URL{Path: name}).EscapedPath() }

// escapeMessage keeps SARIF from reading brackets and braces of a name as
// links and placeholders.
func escapeMessage(s string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "{", "{{", "}", "}}").Replace(s)
}

// sentence gives a phrase the capital and full stop that viewers expect. A
// name in front, such as phivet:ignore, keeps its letters.
func sentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

func pascal(slug string) string {
	var b strings.Builder
	for word := range strings.SplitSeq(slug, "-") {
		if word != "" {
			b.WriteString(strings.ToUpper(word[:1]) + word[1:])
		}
	}
	return b.String()
}

func oneLine(s string) string { return strings.Join(strings.Fields(plainText(s)), " ") }

// plainText takes the marks of Markdown away, for viewers that show none.
func plainText(s string) string {
	s = strings.NewReplacer("```sql\n", "", "```go\n", "", "```\n", "", "```", "", "`", "", "**", "").Replace(s)
	var out []string
	for line := range strings.Lines(s) {
		out = append(out, strings.TrimLeft(line, "#"))
	}
	return strings.TrimSpace(strings.Join(out, ""))
}

func firstRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
