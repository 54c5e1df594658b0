package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed phi_value_in_definition.md
var phiValueInDefinitionPage string

var phiValueInDefinition = &rules.Rule{
	ID: "PHI403", Slug: "phi-value-in-definition", Title: "definition of a database object carries a PHI value",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Deidentification, hipaa.DataBackup},
	CWE:       []int{1230, 540}, Help: phiValueInDefinitionPage,
}

// checkDefinitions looks for values in what stays in the catalog as text.
func checkDefinitions(p *Pass) {
	for _, typ := range p.Catalog.Types() {
		for _, label := range typ.Labels {
			p.reportDefinition("label of type", typ.Name.String(), label, phi.Class{}, typ.Made)
		}
		for _, check := range typ.Check {
			p.definition("check of domain", typ.Name.String(), check, phi.Class{}, typ.Made)
		}
	}
	for _, t := range p.Tables() {
		if t.Ghost {
			continue
		}
		for _, c := range t.Columns {
			if !c.Inherited && !c.Copied {
				p.definition("default of", t.Name.String()+"."+c.Name, c.Default, p.Column(t, c.Name), c.Made)
			}
		}
		for _, k := range t.Constraints {
			class := phi.Class{}
			if len(k.Columns) == 1 {
				class = p.Column(t, k.Columns[0])
			}
			p.definition("check on", t.Name.String(), k.Expr, class, k.Made)
		}
		if bound := t.Stmt.Node.GetCreateStmt().GetPartbound(); bound != nil {
			p.definition("bound of partition", t.Name.String(), bound, phi.Class{}, t.Made)
		}
	}
	for _, s := range p.Catalog.Statements {
		if c := s.Node.GetCopyStmt(); c != nil && c.Filename != "" {
			p.path(c.Filename, s.Head())
		}
	}
}

// path looks at the parts of a file's path, and reports the first.
func (p *Pass) path(name string, at catalog.Place) {
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' || r == '\\' || r == '.' }) {
		if p.reportDefinition("file path of", "COPY", part, phi.Class{}, at) {
			return
		}
	}
}

// definition looks at every constant of an expression, and reports the first.
func (p *Pass) definition(what, name string, expr any, class phi.Class, at catalog.Place) {
	done := false
	pgparse.Walk(expr, func(m pgparse.Message) bool {
		if c, ok := m.(*pgparse.A_Const); ok && !done {
			done = p.reportDefinition(what, name, c.GetSval().GetSval(), class, at)
		}
		return !done
	})
}

func (p *Pass) reportDefinition(what, name, text string, class phi.Class, at catalog.Place) bool {
	d, ok := p.value(text, class)
	if !ok {
		return false
	}
	n := Note{At: at, Object: what + " " + name}
	if d.Placeholder {
		n.Severity = phiValueInDefinition.Severity.Lower()
	}
	p.Report(phiValueInDefinition, n, "%s %s carries what looks like PHI (%s)", what, name, d.Kind)
	return true
}

// value looks for a PHI value in a constant of a definition. Shapes that also
// mean other things count only for a column that holds that kind of PHI.
func (p *Pass) value(text string, class phi.Class) (phi.Detection, bool) {
	if len(text) < 5 {
		return phi.Detection{}, false
	}
	near := phi.Category("")
	if class.PHI() && class.Category != phi.Date {
		near = class.Category // a date in a definition is a limit or a start, nobody's birthday
	}
	for _, d := range p.Lexicon.Detect(text, near) {
		if unmistakable[d.Kind] || near != "" && d.Category == near {
			return d, true
		}
	}
	d, ok := p.Lexicon.DetectName(text)
	return d, ok && !(d.Category == phi.Name && isCode(text))
}

// isCode reports whether a constant is one of a program, such as the formula
// HARRIS_BENEDICT: words in capitals that do not speak of a patient.
func isCode(text string) bool {
	return strings.Contains(text, "_") && text == strings.ToUpper(text) && !strings.Contains(text, "PATIENT")
}

// unmistakable are the kinds of value that no other text looks like.
var unmistakable = map[string]bool{"SSN": true, "ITIN": true, "MBI": true, "MRN": true, "card": true}
