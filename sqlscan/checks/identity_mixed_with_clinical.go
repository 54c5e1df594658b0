package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed identity_mixed_with_clinical.md
var identityMixedWithClinicalPage string

var identityMixedWithClinical = &rules.Rule{
	ID: "PHI406", Slug: "identity-mixed-with-clinical", Title: "one table holds direct identifiers and clinical content",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.MinimumNecessary, hipaa.ReidentificationCode},
	CWE:       []int{653}, Help: identityMixedWithClinicalPage,
}

// checkMixed reports tables in which who it is stands beside what they have.
// A single weak sign, such as a column "notes", is not enough on either side.
func checkMixed(p *Pass) {
	for _, t := range p.Tables() {
		if t.Temporary || t.Ghost || !p.PHI(t) {
			continue
		}
		identity, clinical := p.sides(t)
		if len(identity) == 0 || len(clinical) == 0 {
			continue
		}
		p.Report(identityMixedWithClinical, Note{At: t.Made, Object: object(t)},
			"table %s holds identifiers (%s) beside clinical content (%s)", t.Name, Some(identity, 1), Some(clinical, 1))
	}
}

// sides returns the columns that identify a person and those with clinical
// content, in the table's order; either is empty if its evidence is weak.
func (p *Pass) sides(t *catalog.Table) (identity, clinical []string) {
	strong := false
	for _, c := range t.Columns {
		class := p.Column(t, c.Name)
		switch {
		case !class.PHI() || class.Protected:
		case identifying[class.Category]:
			identity = append(identity, c.Name)
		case clinicalContent[class.Category]:
			clinical = append(clinical, c.Name)
			strong = strong || class.Tier == 3
		}
	}
	if !strong && len(clinical) < 2 {
		clinical = nil
	}
	return identity, clinical
}

// identifying are the categories that say who a person is.
var identifying = map[phi.Category]bool{
	phi.Name: true, phi.SSN: true, phi.MRN: true, phi.Plan: true, phi.Email: true, phi.Phone: true, phi.Fax: true,
	phi.Account: true, phi.License: true, phi.Biometric: true, phi.Photo: true,
}

// clinicalContent are the categories that say what a person has.
var clinicalContent = map[phi.Category]bool{
	phi.DX: true, phi.RX: true, phi.Lab: true, phi.Vital: true, phi.Note: true, phi.Allergy: true, phi.Proc: true, phi.Imm: true, phi.Sens: true,
}
