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

func checkUnparsed(p *Pass) {
	for _, u := range p.Unparsed {
		p.Report(statementNotParsed, Note{At: u.At}, "%s; this statement was not judged", u.Message)
	}
}
