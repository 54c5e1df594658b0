package report

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/phivet/phivet/rules"
)

// A gitlabIssue is an entry of GitLab's Code Quality report, a subset of Code
// Climate's: what merge requests show beside the lines. GitLab drops entries
// whose fingerprint it has seen, and takes paths from the repository's root
// without "./".
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

func writeGitLab(w io.Writer, r *Report) error {
	out := []gitlabIssue{}
	for i, print := range Fingerprints(r.Findings) {
		f := &r.Findings[i]
		line := max(f.Span.Start.Line, 1)
		out = append(out, gitlabIssue{
			Description: f.Rule.ID + " " + f.Message, CheckName: f.Rule.ID + " " + f.Rule.Slug,
			Fingerprint: print, Severity: gitlabSeverity(f.Severity),
			Location: gitlabLocation{r.repositoryPath(f.Span.File), gitlabLines{line, max(f.Span.End.Line, line)}},
		})
	}
	data, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the Code Quality report: %w", err)
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

func gitlabSeverity(s rules.Severity) string {
	switch s {
	case rules.Critical:
		return "blocker"
	case rules.High:
		return "critical"
	case rules.Medium:
		return "major"
	case rules.Low:
		return "minor"
	}
	return "info"
}
