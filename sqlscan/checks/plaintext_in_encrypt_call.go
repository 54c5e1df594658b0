package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
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
	for _, s := range p.Catalog.Statements {
		pgparse.Walk(s.Node, func(m pgparse.Message) bool {
			f, ok := m.(*pgparse.FuncCall)
			if ok && encrypting[funcName(f)] && len(f.Args) > 1 && isLiteral(f.Args[0]) && literal(f.Args[0]) != "" {
				reportEncrypt(p, s, f)
			}
			return true
		})
	}
}

func reportEncrypt(p *Pass, s *catalog.Statement, f *pgparse.FuncCall) {
	at := s.At(f.Location, len(funcName(f)))
	if p.Templated(at) {
		return
	}
	n := Note{At: at, Object: funcName(f)}
	if phi.Placeholder(literal(f.Args[0])) {
		n.Severity = plaintextInEncryptCall.Severity.Lower()
	}
	p.Report(plaintextInEncryptCall, n, "plaintext stands in the call of %s", funcName(f))
}
