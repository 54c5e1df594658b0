package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed phi_value_in_name.md
var phiValueInNamePage string

var phiValueInName = &rules.Rule{
	ID: "PHI401", Slug: "phi-value-in-name", Title: "name of a database object carries a person's name or identifier",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.SafeHarbor, hipaa.AccessControl},
	CWE:       []int{1230, 359}, Help: phiValueInNamePage,
}

// checkNames looks for values in the names of everything that is left at the
// end of the history. The message does not repeat the name.
func checkNames(p *Pass) {
	for _, id := range p.valuesInNames() {
		d := id.value
		n := Note{At: id.at, Object: id.kind + " " + masked(id.name, d)}
		if id.kind == "role" && !patientRole(id.name, d) {
			n.Severity = rules.Info // one login for each member of the staff is required
		}
		if d.Placeholder {
			n.Severity = phiValueInName.Severity.Lower()
		}
		p.Report(phiValueInName, n, "name of %s %s carries an identifying value (%s)", id.kind, masked(id.name, d), d.Kind)
	}
}

// patientRole reports whether a role's name is about a patient.
func patientRole(name string, d phi.Detection) bool {
	if d.Kind != "person name" {
		return true
	}
	for _, word := range strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '.' }) {
		switch word {
		case "patient", "pt", "pat", "mrn", "client", "member", "beneficiary":
			return true
		}
	}
	return false
}

// An identifier is a name in the catalog.
type identifier struct {
	kind, name string
	at         catalog.Place
}

// A tellingName is an identifier with a value in it.
type tellingName struct {
	identifier
	value phi.Detection
}

// valuesInNames returns the identifiers that carry a value. Most names of a
// history stand there often, such as id.
func (p *Pass) valuesInNames() []tellingName {
	if p.telling != nil {
		return p.telling
	}
	p.telling = []tellingName{}
	found := map[string]*phi.Detection{}
	for _, id := range identifiers(p.Catalog) {
		value, known := found[id.name]
		if !known {
			if d, ok := p.Lexicon.DetectName(id.name); ok {
				value = &d
			}
			found[id.name] = value
		}
		if value != nil {
			p.telling = append(p.telling, tellingName{id, *value})
		}
	}
	return p.telling
}

// identifiers returns all names that the history leaves behind.
func identifiers(c *catalog.Catalog) []identifier {
	var out []identifier
	add := func(kind, name string, at catalog.Place) {
		if name != "" && at.Known() {
			out = append(out, identifier{kind, name, at})
		}
	}
	for _, s := range c.SchemaList() {
		add("schema", s.Name, s.Made)
	}
	for _, t := range c.Tables() {
		add(string(t.Kind), t.Name.Name, t.Made)
		for _, col := range t.Columns {
			if !col.Inherited && !col.Copied {
				add("column", col.Name, col.Made)
			}
		}
		for _, k := range t.Constraints {
			add("constraint", k.Name, k.Made)
		}
		for _, x := range t.Indexes {
			add("index", x.Name.Name, x.Made)
		}
		for _, pol := range t.Policies {
			add("policy", pol.Name, pol.Made)
		}
		for _, g := range t.Triggers {
			add("trigger", g.Name, g.Made)
		}
	}
	for _, f := range c.Functions() {
		add("function", f.Name.Name, f.Made)
	}
	for _, t := range c.Types() {
		add("type", t.Name.Name, t.Made)
	}
	for _, r := range c.Roles() {
		add("role", r.Name, r.Made)
	}
	for _, pub := range c.PublicationList() {
		add("publication", pub.Name, pub.Made)
	}
	return out
}
