package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed phi_term_in_table_name.md
var phiTermInTableNamePage string

var phiTermInTableName = &rules.Rule{
	ID: "PHI417", Slug: "phi-term-in-table-name", Title: "name of a table or schema tells an identifier or a sensitive category",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.AuditControls},
	CWE:       []int{1230}, Help: phiTermInTableNamePage,
}

// checkTableNames asks the lexicon what a table's name would mean as a column
// of a patient table: only identifiers that stand for one person, and what the
// law protects more than other health data, count.
func checkTableNames(p *Pass) {
	if !p.Schema.Health() {
		return
	}
	type named struct {
		kind string
		name catalog.Name
		at   catalog.Place
	}
	var all []named
	for _, s := range p.Catalog.SchemaList() {
		all = append(all, named{"schema", catalog.Name{Name: s.Name}, s.Made})
	}
	for _, t := range p.tables {
		if c := p.Class(t); !t.Ghost && !t.Temporary && !(c != nil && c.Reference) && len(t.Parents) == 0 {
			all = append(all, named{string(t.Kind), t.Name, t.Made})
		}
	}
	probe := phi.Table{Schema: "public", Name: "patient", Columns: []phi.Column{{Name: "patient_id", Type: "uuid"}}}
	for _, n := range all {
		probe.Columns = append(probe.Columns, phi.Column{Name: n.name.Name, Type: "text"})
	}
	classes := p.Lexicon.Classify([]phi.Table{probe}, []string{"phi"}).Table("public", "patient")
	if classes == nil {
		return
	}
	for _, n := range all {
		class, _ := classes.Column(n.name.Name)
		if class.Tier < 3 || !tellingCategory[class.Category] || general(n.name.Name) {
			continue
		}
		p.Report(phiTermInTableName, Note{At: n.at, Object: n.name.Full(), Reason: class.Reason}, "name of %s %s tells %s (%s)",
			n.kind, n.name, categoryWords[class.Category], class.Category)
	}
}

// general reports whether a name is as general as patients, although one of
// its words would tell something in a column: medical_records are records and
// not their numbers, substances are in every pharmacy.
func general(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r < 'a' || r > 'z' })
	substance, abuse := false, false
	for _, w := range words {
		switch strings.TrimSuffix(w, "s") {
		case "substance":
			substance = true
		case "abuse", "use", "misuse", "disorder", "addiction", "treatment":
			abuse = true
		}
	}
	if substance && !abuse {
		return true
	}
	return len(words) > 0 && strings.HasSuffix(strings.TrimSuffix(words[len(words)-1], "s"), "record")
}

var tellingCategory = map[phi.Category]bool{phi.SSN: true, phi.MRN: true, phi.Plan: true, phi.Biometric: true, phi.Sens: true}
