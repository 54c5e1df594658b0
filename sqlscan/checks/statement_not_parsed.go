package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed statement_not_parsed.md
var statementNotParsedPage string

var statementNotParsed = &rules.Rule{
	ID: "PHI901", Slug: "statement-not-parsed", Title: "statement is not PostgreSQL and was not judged",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls},
	CWE:       []int{754}, Help: statementNotParsedPage,
}

// A dollar quote that is lost cuts a body into dozens of statements, none of
// which is one. So many in a row are told once, with what a few that happen to
// parse, such as END, do not end.
const (
	longRun = 6
	runGap  = 3
)

func checkUnparsed(p *Pass) {
	for rest := p.Unparsed; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].At.File == rest[0].At.File && rest[n].Number-rest[n-1].Number <= runGap {
			n++
		}
		if n >= longRun {
			p.Report(statementNotParsed, Note{At: rest[0].At}, "%s; this statement and %d after it were not judged", rest[0].Message, n-1)
		} else {
			for _, u := range rest[:n] {
				p.Report(statementNotParsed, Note{At: u.At}, "%s; this statement was not judged", u.Message)
			}
		}
		rest = rest[n:]
	}
}
