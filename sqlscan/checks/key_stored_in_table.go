package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed key_stored_in_table.md
var keyStoredInTablePage string

var keyStoredInTable = &rules.Rule{
	ID: "PHI605", Slug: "key-stored-in-table", Title: "table stores encryption keys",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{522, 320}, Help: keyStoredInTablePage,
}

func checkStoredKeys(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, t := range p.Tables() {
		for _, col := range t.Columns {
			if col.Inherited || col.Copied || !storesKey(col.Name) {
				continue
			}
			if col.Type == "bytea" || col.Type == "text" || strings.HasPrefix(col.Type, "character varying") {
				p.Report(keyStoredInTable, Note{At: col.Made, Object: object(t) + "." + col.Name}, "column %s.%s stores an encryption key", t.Name, col.Name)
			}
		}
	}
}

var (
	keyQualifiers = []string{"encryption", "enc", "data", "aes", "crypto", "cipher", "pgp", "master", "decryption", "symmetric"}
	keyWrappers   = []string{"encrypted", "wrapped", "sealed", "hash", "hashed", "public"}
)

// storesKey reports whether a column's name says that it is a key to encrypt
// with, in the clear.
func storesKey(name string) bool {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '-' })
	n := len(words)
	if n == 0 || slices.ContainsFunc(words, func(w string) bool { return slices.Contains(keyWrappers, w) }) {
		return false
	}
	switch words[n-1] {
	case "dek", "kek":
		return true
	case "key":
		return n > 1 && slices.Contains(keyQualifiers, words[n-2])
	}
	return false
}
