package checks

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/lazyregexp"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed phi_literal_in_statement.md
var phiLiteralInStatementPage string

var phiLiteralInStatement = &rules.Rule{
	ID: "PHI404", Slug: "phi-literal-in-statement", Title: "literal written to or compared with a PHI column",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.AuditControls},
	CWE:       []int{540, 532}, Help: phiLiteralInStatementPage,
}

// maxAlike bounds how many statements of a file are reported for the same
// columns. A seed is one thing to mend, however many statements it takes.
const maxAlike = 5

// checkLiterals reports each statement and each COPY once, with the columns
// that get literals. The last statement of its kind stands for all that follow.
func checkLiterals(p *Pass) {
	type kind struct{ file, columns string }
	var (
		found []literalNote
		seen  = map[kind]int{}
		last  = map[kind]int{} // index in found
	)
	for _, s := range p.Catalog.Statements {
		if s.Function != nil || p.Templated(s.Place) {
			continue
		}
		n, ok := p.judgeLiterals(s, p.literals(s))
		if !ok {
			continue
		}
		k := kind{s.Place.File, n.Object}
		if seen[k]++; seen[k] <= maxAlike {
			last[k] = len(found)
			found = append(found, n)
			continue
		}
		f := &found[last[k]]
		f.more++
		f.Severity = max(f.Severity, n.Severity)
	}
	for _, n := range found {
		p.reportLiterals(n)
	}
	for _, c := range p.Copies {
		p.reportCopy(c)
	}
}

// A literalNote is a statement with literals, and how many more like it follow.
type literalNote struct {
	Note
	columns []string
	more    int
}

// A use is a literal that meets a column.
type use struct {
	table, column string
	class         phi.Class
	text          string
}

// judgeLiterals tells which PHI columns get literals, and how bad that is.
func (p *Pass) judgeLiterals(s *catalog.Statement, uses []use) (literalNote, bool) {
	uses = slices.DeleteFunc(uses, func(u use) bool { return !u.class.PHI() || u.class.Protected || !telling(u.text, u.class) })
	if len(uses) == 0 {
		return literalNote{}, false
	}
	var columns []string
	severity := rules.Info
	for _, u := range uses {
		if name := u.table + "." + u.column; !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
		severity = max(severity, literalSeverity(u))
	}
	n := Note{At: s.Head(), Object: strings.Join(columns, " "), Severity: severity, Reason: uses[0].class.Reason}
	return literalNote{Note: n, columns: columns}, true
}

func (p *Pass) reportLiterals(n literalNote) {
	what := "literals in the text of a statement"
	if n.more > 0 {
		what = fmt.Sprintf("literals here and in %d later statements", n.more)
	}
	p.Report(phiLiteralInStatement, n.Note, "%s meet %s", what, Some(n.columns, 2))
}

// literalSeverity is high for what identifies or tells a diagnosis by itself;
// a value that is known as an example lowers by one step.
func literalSeverity(u use) rules.Severity {
	severity := rules.High
	if u.class.Tier < 3 {
		severity = rules.Medium
	}
	if phi.Placeholder(u.text) {
		severity = severity.Lower()
	}
	return severity
}

func (p *Pass) reportCopy(c CopyData) {
	var columns []string
	severity := rules.Info
	for _, row := range c.Rows {
		for i, v := range row {
			if i >= len(c.Columns) || v.Text == `\N` {
				continue
			}
			class := p.Column(c.Table, c.Columns[i])
			if !class.PHI() || class.Protected || !telling(v.Text, class) {
				continue
			}
			if name := c.Table.Name.String() + "." + c.Columns[i]; !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
			severity = max(severity, literalSeverity(use{class: class, text: v.Text}))
		}
	}
	if len(columns) > 0 {
		n := Note{At: c.At, Object: strings.Join(columns, " "), Severity: severity}
		p.Report(phiLiteralInStatement, n, "rows of COPY hold %s (%d rows)", Some(columns, 2), len(c.Rows))
	}
}

// syntheticMBI is the form that CMS reserves for made-up beneficiaries: no
// real number has a letter S.
var syntheticMBI = lazyregexp.New(`^[1-9]S[0-9A-Z]{9}$`)

// telling reports whether a literal can say something about a person. Flags,
// blanks, single letters and states of a workflow cannot.
func telling(text string, class phi.Class) bool {
	text = strings.TrimSpace(text)
	if len(text) < 2 || syntheticMBI.MatchString(text) {
		return false
	}
	switch strings.ToLower(text) {
	case "true", "false", "null", "none", "unknown", "n/a", "na", "yes", "no", "active", "inactive", "pending", "now", "now()", "{}", "[]":
		return false
	}
	switch class.Category {
	case phi.Date, phi.Phone, phi.SSN, phi.MRN, phi.Plan, phi.Account:
		return strings.ContainsAny(text, "0123456789")
	case phi.Demo, phi.Enc, phi.Claim:
		return false // codes and states rather than facts about one person
	}
	return true
}
