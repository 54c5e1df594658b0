package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/phivet/phivet/rules"
)

// writeGitHub writes workflow commands, which GitHub shows as annotations. It
// shows ten of each level a step; the full list belongs into SARIF.
func writeGitHub(w io.Writer, r *Report) error {
	var b strings.Builder
	for i := range r.Findings {
		f := &r.Findings[i]
		fmt.Fprintf(&b, "::%s file=%s", githubLevel(f.Severity), escapeProperty(r.repositoryPath(f.Span.File)))
		if f.Span.Start.Line > 0 {
			fmt.Fprintf(&b, ",line=%d,col=%d", f.Span.Start.Line, max(f.Span.Start.Column, 1))
			if f.Span.End.Line == f.Span.Start.Line && f.Span.End.Column > f.Span.Start.Column {
				fmt.Fprintf(&b, ",endLine=%d,endColumn=%d", f.Span.End.Line, f.Span.End.Column)
			}
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", escapeProperty(f.Rule.ID+" "+f.Rule.Slug), escapeData(f.Message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func githubLevel(s rules.Severity) string {
	switch level(s) {
	case "error":
		return "error"
	case "warning":
		return "warning"
	}
	return "notice"
}

// escapeData and escapeProperty follow GitHub's own toolkit.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
