package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/phivet/phivet/rules/finding"
)

// The JSON report; fields are added, never changed, within version 1.
type (
	jsonReport struct {
		Version  int           `json:"version"`
		Findings []jsonFinding `json:"findings"`
		Notices  []jsonNotice  `json:"notices"`
		// Suppressed findings carry the reason that was given.
		Suppressed []jsonFinding `json:"suppressed"`
		Baseline   int           `json:"baseline"` // findings that the baseline hides
		Hidden     int           `json:"hidden"`   // findings below the severity asked for
		Incomplete bool          `json:"incomplete"`
	}
	jsonFinding struct {
		Rule          string     `json:"rule"`
		Slug          string     `json:"slug"`
		Severity      string     `json:"severity"`
		Message       string     `json:"message"`
		File          string     `json:"file"`
		Line          int        `json:"line"`
		Column        int        `json:"column"`
		EndLine       int        `json:"endLine"`
		EndColumn     int        `json:"endColumn"`
		Object        string     `json:"object,omitempty"`
		Reason        string     `json:"reason,omitempty"`
		Citations     []string   `json:"citations"`
		Help          string     `json:"help"`
		Flow          []jsonStep `json:"flow,omitempty"`
		Related       []jsonStep `json:"related,omitempty"`
		Fix           *jsonFix   `json:"fix,omitempty"`
		Fingerprint   string     `json:"fingerprint"`
		Justification string     `json:"justification,omitempty"`
	}
	jsonStep struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Message string `json:"message"`
	}
	// A fix tells where it edits, not what it writes: the new text repeats the
	// rest of a literal, and a literal may hold PHI or a secret. go vet -fix
	// and go fix apply it.
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"` // byte offsets
		End   int    `json:"end"`
	}
	jsonNotice struct {
		File    string `json:"file,omitempty"`
		Line    int    `json:"line,omitempty"`
		Message string `json:"message"`
	}
)

func writeJSON(w io.Writer, r *Report) error {
	out := jsonReport{
		Version: 1, Findings: []jsonFinding{}, Notices: []jsonNotice{}, Suppressed: []jsonFinding{},
		Baseline: r.Baseline, Hidden: r.Hidden, Incomplete: r.Incomplete,
	}
	prints := Fingerprints(r.Findings)
	for i := range r.Findings {
		out.Findings = append(out.Findings, toJSON(&r.Findings[i], prints[i]))
	}
	for i := range r.Suppressed {
		s := &r.Suppressed[i]
		f := toJSON(&s.Finding, s.Finding.Fingerprint(0))
		f.Justification = s.Reason
		out.Suppressed = append(out.Suppressed, f)
	}
	for _, n := range r.Notices {
		out.Notices = append(out.Notices, jsonNotice(n))
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding JSON: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func toJSON(f *finding.Finding, print string) jsonFinding {
	out := jsonFinding{
		Rule: f.Rule.ID, Slug: f.Rule.Slug, Severity: f.Severity.String(), Message: f.Message,
		File: f.Span.File, Line: f.Span.Start.Line, Column: f.Span.Start.Column,
		EndLine: f.Span.End.Line, EndColumn: f.Span.End.Column,
		Object: f.Object, Reason: f.Reason, Help: f.Rule.HelpURI(), Fingerprint: print,
		Flow: jsonSteps(f.Flow), Related: jsonSteps(f.Related),
	}
	for _, c := range f.Rule.Citations {
		out.Citations = append(out.Citations, c.String())
	}
	if f.Fix != nil {
		out.Fix = &jsonFix{Message: f.Fix.Message, Edits: []jsonEdit{}}
		for _, e := range f.Fix.Edits {
			out.Fix.Edits = append(out.Fix.Edits, jsonEdit{e.Span.File, e.Span.Start.Offset, e.Span.End.Offset})
		}
	}
	return out
}

func jsonSteps(steps []finding.Step) []jsonStep {
	var out []jsonStep
	for _, s := range steps {
		out = append(out, jsonStep{s.Span.File, s.Span.Start.Line, s.Span.Start.Column, s.Message})
	}
	return out
}
