package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
)

//go:embed plaintext_in_encrypt_call.md
var plaintextInEncryptCallPage string

var plaintextInEncryptCall = &rules.Rule{
	ID: "PHI414", Slug: "plaintext-in-encrypt-call", Title: "plaintext stands in the call that encrypts it",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.Encryption, hipaa.AuditControls},
	CWE:       []int{532, 312}, Help: plaintextInEncryptCallPage,
}

// encrypting are the functions of pgcrypto whose first argument is the
// plaintext.
var encrypting = map[string]bool{"pgp_sym_encrypt": true, "pgp_sym_encrypt_bytea": true, "pgp_pub_encrypt": true, "pgp_pub_encrypt_bytea": true, "encrypt": true, "encrypt_iv": true, "raw_encrypt": true}

func checkEncryptCalls(p *Pass) {
	if !p.Relevant {
		return
	}
	for _, c := range p.callsOf() {
		if encrypting[funcName(c.f)] && len(c.f.Args) > 1 && isLiteral(c.f.Args[0]) && literal(c.f.Args[0]) != "" {
			reportEncrypt(p, c)
		}
	}
}

func reportEncrypt(p *Pass, c callSite) {
	f, at := c.f, c.at()
	if p.Templated(at) {
		return
	}
	n := Note{At: at, Object: funcName(f)}
	if phi.Placeholder(literal(f.Args[0])) {
		n.Severity = plaintextInEncryptCall.Severity.Lower()
	}
	p.Report(plaintextInEncryptCall, n, "plaintext stands in the call of %s", funcName(f))
}
