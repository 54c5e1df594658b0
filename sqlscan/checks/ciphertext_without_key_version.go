package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed ciphertext_without_key_version.md
var ciphertextWithoutKeyVersionPage string

var ciphertextWithoutKeyVersion = &rules.Rule{
	ID: "PHI416", Slug: "ciphertext-without-key-version", Title: "nothing tells which key encrypted a column",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{320}, Help: ciphertextWithoutKeyVersionPage,
}

func checkKeyVersion(p *Pass) {
	for _, t := range p.Tables() {
		if len(t.Parents) > 0 || slices.ContainsFunc(t.Columns, namesKeyVersion) {
			continue
		}
		for _, col := range t.Columns {
			if !col.Copied && p.holdsCiphertext(t, col.Name) {
				p.Report(ciphertextWithoutKeyVersion, Note{At: col.Made, Object: object(t) + "." + col.Name}, "no column of %s tells which key encrypted %s", t.Name, col.Name)
				break
			}
		}
	}
}

// namesKeyVersion reports whether a column tells the key or its version.
func namesKeyVersion(col *catalog.Column) bool {
	name := strings.ToLower(col.Name)
	return strings.Contains(name, "key") || strings.Contains(name, "dek") || strings.Contains(name, "enc_version") || strings.Contains(name, "encryption_version")
}
