package checks

import (
	_ "embed"
	"fmt"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
)

//go:embed phi_column_in_plaintext.md
var phiColumnInPlaintextPage string

var phiColumnInPlaintext = &rules.Rule{
	ID: "PHI405", Slug: "phi-column-in-plaintext", Title: "column holds PHI in plaintext",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{311, 312}, Help: phiColumnInPlaintextPage,
}

// checkPlaintext reports each PHI column once, where it was written.
func checkPlaintext(p *Pass) {
	for _, t := range p.Tables() {
		if t.Temporary {
			continue
		}
		for _, col := range t.Columns {
			class := p.Column(t, col.Name)
			if !class.PHI() || class.Protected || col.Inherited || col.Copied || col.Type == "bytea" {
				continue
			}
			at := col.Made
			n := Note{At: at, Object: object(t) + "." + col.Name, Severity: plaintextSeverity(class), Reason: class.Reason}
			p.Report(phiColumnInPlaintext, n, "column %s.%s holds %s in plaintext", t.Name, col.Name, describe(class))
		}
	}
}

// plaintextSeverity ranks by what a reader of the column learns: numbers that
// identify alone are worst, dates of service least.
func plaintextSeverity(c phi.Class) rules.Severity {
	switch c.Category {
	case phi.SSN, phi.MRN, phi.Plan, phi.Biometric:
		return rules.High
	case phi.Date:
		if c.Tier < 3 {
			return rules.Low
		}
	}
	return rules.Medium
}

// categoryWords name the categories in messages.
var categoryWords = map[phi.Category]string{
	phi.Name: "a name", phi.Geo: "an address", phi.Date: "a date", phi.Phone: "a phone number", phi.Fax: "a fax number",
	phi.Email: "an e-mail address", phi.SSN: "a national identity number", phi.MRN: "a record number", phi.Plan: "a health plan number",
	phi.Account: "an account number", phi.License: "a licence number", phi.Vehicle: "a vehicle number", phi.Device: "a device number",
	phi.URL: "a URL", phi.IP: "an IP address", phi.Biometric: "biometric data", phi.Photo: "a photo", phi.OtherID: "an identifier",
	phi.DX: "a diagnosis", phi.RX: "medication", phi.Lab: "a test result", phi.Vital: "a vital sign", phi.Note: "clinical text",
	phi.Allergy: "an allergy", phi.Proc: "a procedure", phi.Imm: "an immunization", phi.Claim: "claim data",
	phi.Sens: "specially protected data", phi.Demo: "demographic data", phi.Enc: "encounter data",
}

// describe names a category with its HIPAA letter: "a name (NAME, A)".
func describe(c phi.Class) string {
	words := categoryWords[c.Category]
	if words == "" {
		words = "PHI"
	}
	if c.Letter == "" {
		return fmt.Sprintf("%s (%s)", words, c.Category)
	}
	return fmt.Sprintf("%s (%s, %s)", words, c.Category, c.Letter)
}
