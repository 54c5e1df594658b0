package checks

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
)

//go:embed weak_cipher.md
var weakCipherPage string

var weakCipher = &rules.Rule{
	ID: "PHI607", Slug: "weak-cipher", Title: "weak cipher",
	Severity: rules.High, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption},
	CWE:       []int{326, 327}, Help: weakCipherPage,
}

func checkWeakCipher(p *Pass) {
	for _, c := range p.callsOf() {
		switch name := funcName(c.f); name {
		case "pgp_sym_encrypt", "pgp_sym_encrypt_bytea", "pgp_pub_encrypt", "pgp_pub_encrypt_bytea":
			checkPGPCipher(p, c, name)
		case "encrypt", "encrypt_iv", "decrypt", "decrypt_iv", "raw_encrypt":
			checkRawCipher(p, c, name)
		}
	}
}

// checkPGPCipher looks at the options of the pgp functions: without
// cipher-algo they use AES with a key of 128 bits.
func checkPGPCipher(p *Pass, c callSite, name string) {
	algorithm := "aes128"
	if len(c.f.Args) > 2 {
		if !isLiteral(c.f.Args[2]) {
			return // not known
		}
		for _, o := range strings.Split(literal(c.f.Args[2]), ",") {
			if k, v, ok := strings.Cut(strings.TrimSpace(o), "="); ok && strings.TrimSpace(k) == "cipher-algo" {
				algorithm = strings.ToLower(strings.TrimSpace(v))
			}
		}
	}
	n := Note{At: c.at(), Object: name}
	switch algorithm {
	case "aes128", "aes":
		n.Severity = rules.Low
		p.Report(weakCipher, n, "%s encrypts with AES-128 (no cipher-algo=aes256)", name)
	case "bf", "3des", "cast5":
		p.Report(weakCipher, n, "%s encrypts with %s", name, algorithm)
	}
}

// checkRawCipher looks at the type argument of the raw functions.
func checkRawCipher(p *Pass, c callSite, name string) {
	if len(c.f.Args) < 3 {
		return
	}
	last := c.f.Args[len(c.f.Args)-1]
	parts := strings.FieldsFunc(strings.ToLower(literal(last)), func(r rune) bool { return r == '-' || r == '/' })
	if !isLiteral(last) || len(parts) == 0 {
		return
	}
	if slices.Contains([]string{"des", "3des", "bf", "blowfish", "cast5", "rc4"}, parts[0]) || slices.Contains(parts, "ecb") {
		p.Report(weakCipher, Note{At: c.at(), Object: name}, "%s uses %s", name, strings.Join(parts, "-"))
	}
}
