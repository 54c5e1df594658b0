package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed guessable_person_key.md
var guessablePersonKeyPage string

var guessablePersonKey = &rules.Rule{
	ID: "PHI407", Slug: "guessable-person-key", Title: "key of a person table can be guessed",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.ReidentificationCode},
	CWE:       []int{340, 359}, Help: guessablePersonKeyPage,
}

// checkPersonKeys reports primary keys of tables that say who a person is.
func checkPersonKeys(p *Pass) {
	for _, t := range p.Tables() {
		if t.Temporary || t.Ghost || !p.PHI(t) || !p.names(t) {
			continue
		}
		for _, k := range t.Constraints {
			if k.Kind != catalog.Primary || len(k.Columns) != 1 {
				continue
			}
			col := t.Column(k.Columns[0])
			if col == nil {
				continue
			}
			n := Note{At: col.Made, Object: object(t) + "." + col.Name}
			switch class := p.Column(t, col.Name); {
			case class.PHI() && !class.Protected:
				n.Reason = class.Reason
				p.Report(guessablePersonKey, n, "key %s.%s is %s", t.Name, col.Name, describe(class))
			case counted(col.Type):
				p.Report(guessablePersonKey, n, "key %s.%s is a running number", t.Name, col.Name)
			}
		}
	}
}

// names reports whether rows of the table say who a person is.
func (p *Pass) names(t *catalog.Table) bool {
	for _, c := range t.Columns {
		if class := p.Column(t, c.Name); class.PHI() && identifying[class.Category] {
			return true
		}
	}
	return false
}

// counted reports whether a key of that type is a running number: nobody
// chooses integers at random.
func counted(typ string) bool {
	return typ == "integer" || typ == "bigint" || typ == "smallint"
}
