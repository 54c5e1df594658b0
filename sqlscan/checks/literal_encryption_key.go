package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
)

//go:embed literal_encryption_key.md
var literalEncryptionKeyPage string

var literalEncryptionKey = &rules.Rule{
	ID: "PHI603", Slug: "literal-encryption-key", Title: "encryption key stands in the SQL text",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{321, 798}, Help: literalEncryptionKeyPage,
}

func checkLiteralKeys(p *Pass) {
	for _, c := range p.callsOf() {
		if !keyed[funcName(c.f)] || len(c.f.Args) < 2 || !isLiteral(c.f.Args[1]) || literal(c.f.Args[1]) == "" || p.Templated(c.argument(1)) {
			continue
		}
		n := Note{At: c.at(), Object: funcName(c.f), Severity: keySeverity(literal(c.f.Args[1]))}
		p.Report(literalEncryptionKey, n, "key stands in the call of %s", funcName(c.f))
	}
	for _, x := range p.Catalog.Settings {
		if strings.Contains(x.Name, ".") && namesKey(x.Name) && x.Value != "" && !substituted(x.Value) && !p.Templated(x.Made) {
			p.Report(literalEncryptionKey, Note{At: x.Made, Object: x.Name, Severity: keySeverity(x.Value)}, "key stands in the setting of %s", x.Name)
		}
	}
}

func keySeverity(key string) rules.Severity {
	if phi.Placeholder(key) {
		return literalEncryptionKey.Severity.Lower()
	}
	return 0
}

// namesKey reports whether a setting's name says that it holds a key, and not
// the name or version of one.
func namesKey(name string) bool {
	_, last, _ := strings.Cut(strings.ToLower(name), ".")
	words := strings.FieldsFunc(last, func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	if len(words) == 0 {
		return false
	}
	switch words[len(words)-1] {
	case "id", "version", "name", "path", "file", "url", "arn", "alias":
		return false
	}
	return slices.ContainsFunc(words, func(w string) bool {
		return w == "key" || w == "keys" || w == "secret" || w == "passphrase" || strings.HasSuffix(w, "key") && len(w) > 3
	})
}
