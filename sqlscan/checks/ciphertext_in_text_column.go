package checks

import (
	_ "embed"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed ciphertext_in_text_column.md
var ciphertextInTextColumnPage string

var ciphertextInTextColumn = &rules.Rule{
	ID: "PHI415", Slug: "ciphertext-in-text-column", Title: "encrypted column is text",
	Severity: rules.Info, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{311}, Help: ciphertextInTextColumnPage,
}

func checkCiphertextType(p *Pass) {
	for _, t := range p.Tables() {
		for _, col := range t.Columns {
			text := col.Type == "text" || strings.HasPrefix(col.Type, "character")
			if text && !col.Inherited && !col.Copied && p.holdsCiphertext(t, col.Name) {
				p.Report(ciphertextInTextColumn, Note{At: col.Made, Object: object(t) + "." + col.Name}, "column %s.%s is called encrypted and is text", t.Name, col.Name)
			}
		}
	}
}
