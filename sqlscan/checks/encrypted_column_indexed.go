package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
)

//go:embed encrypted_column_indexed.md
var encryptedColumnIndexedPage string

var encryptedColumnIndexed = &rules.Rule{
	ID: "PHI409", Slug: "encrypted-column-indexed", Title: "index on an encrypted column",
	Severity: rules.Low, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{327}, Help: encryptedColumnIndexedPage,
}

func checkEncryptedIndex(p *Pass) {
	for _, t := range p.Tables() {
		for _, x := range t.Indexes {
			for _, name := range x.Columns {
				if p.holdsCiphertext(t, name) {
					p.Report(encryptedColumnIndexed, Note{At: x.Made, Object: object(t) + "." + name + " index"}, "index on encrypted column %s.%s", t.Name, name)
				}
			}
		}
		for _, k := range t.Constraints {
			for _, name := range k.Columns {
				if (k.Kind == catalog.Unique || k.Kind == catalog.Primary) && p.holdsCiphertext(t, name) {
					p.Report(encryptedColumnIndexed, Note{At: k.Made, Object: object(t) + "." + name + " index"}, "%s on encrypted column %s.%s", k.Kind, t.Name, name)
				}
			}
		}
	}
}

// holdsCiphertext reports whether a column's name says that its values are
// encrypted, which a keyed hash to look them up by is not.
func (p *Pass) holdsCiphertext(t *catalog.Table, name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' })
	return len(words) > 1 && p.Schema.Health() && t.Column(name) != nil &&
		slices.ContainsFunc(words, func(w string) bool { return slices.Contains(cipherWords, w) }) &&
		!slices.ContainsFunc(words, func(w string) bool { return slices.Contains(notCiphertext, w) })
}

var (
	cipherWords   = []string{"encrypted", "enc", "cipher", "ciphertext", "encr"}
	notCiphertext = []string{"hash", "hmac", "bidx", "blind", "index", "is", "key", "at", "version", "id", "algorithm", "by", "password", "token", "secret", "pin"}
)
