package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed phi_value_in_comment.md
var phiValueInCommentPage string

var phiValueInComment = &rules.Rule{
	ID: "PHI402", Slug: "phi-value-in-comment", Title: "comment or security label carries a PHI value",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.AuditControls, hipaa.MinimumNecessary, hipaa.SafeHarbor},
	CWE:       []int{615, 1230}, Help: phiValueInCommentPage,
}

// checkComments looks at COMMENT ON and SECURITY LABEL, which the catalog and
// the audit trail keep, and at the comments of the files, which go with every
// statement around them.
func checkComments(p *Pass) {
	seen := map[string]bool{}
	for _, s := range p.Catalog.Statements {
		if c := s.Node.GetCommentStmt(); c != nil {
			p.reportComment("text of COMMENT ON", c.Comment, s.Head())
		}
		if l := s.Node.GetSecLabelStmt(); l != nil {
			p.reportComment("security label", l.Label, s.Head())
		}
		if s.Inside == nil && s.Source != nil && !seen[s.Place.File] {
			seen[s.Place.File] = true
			p.fileComments(s.Place.File, s.Source)
		}
	}
}

func (p *Pass) fileComments(file string, source []byte) {
	for pos := 0; ; {
		t, ok := pgparse.NextToken(source, pos)
		if !ok || t.Open {
			return // PHI901 tells of a quote that nobody closed
		}
		if pos = t.End; t.IsComment() {
			p.reportComment("comment", string(source[t.Start:t.End]), catalog.Place{File: file, Start: t.Start, End: t.End})
		}
	}
}

func (p *Pass) reportComment(what, text string, at catalog.Place) {
	for _, d := range p.Lexicon.Detect(text, "") {
		if !unmistakable[d.Kind] && d.Kind != "date of birth" && !(contact[d.Kind] && aboutPatient(text)) {
			continue
		}
		n := Note{At: at, Object: what + " " + d.Kind}
		if d.Placeholder {
			n.Severity = phiValueInComment.Severity.Lower()
		}
		p.Report(phiValueInComment, n, "%s carries what looks like PHI (%s)", what, d.Kind)
		return
	}
}

// contact are kinds that stand in comments for authors and links as well.
var contact = map[string]bool{"e-mail": true, "phone": true}

// aboutPatient reports whether a comment speaks of a patient.
func aboutPatient(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' })
	return slices.ContainsFunc(words, func(w string) bool { return patientWords[w] })
}

var patientWords = map[string]bool{"patient": true, "patients": true, "pt": true, "mrn": true, "ssn": true, "dob": true, "beneficiary": true, "member": true}
