package checks

import (
	_ "embed"

	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/hipaa"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

//go:embed unkeyed_hash_of_identifier.md
var unkeyedHashOfIdentifierPage string

var unkeyedHashOfIdentifier = &rules.Rule{
	ID: "PHI608", Slug: "unkeyed-hash-of-identifier", Title: "identifier is hashed without a key",
	Severity: rules.Medium, Since: "unreleased",
	Citations: []hipaa.Citation{hipaa.ReidentificationCode, hipaa.Encryption},
	CWE:       []int{328, 916}, Help: unkeyedHashOfIdentifierPage,
}

// hashing are the functions that hash without a key.
var hashing = map[string]bool{"md5": true, "digest": true, "sha224": true, "sha256": true, "sha384": true, "sha512": true}

func checkUnkeyedHash(p *Pass) {
	for _, c := range p.callsOf() {
		if !hashing[funcName(c.f)] || len(c.f.Args) == 0 {
			continue
		}
		if name, class := p.identifierIn(c.f.Args[0], c.s); name != "" {
			n := Note{At: c.at(), Object: funcName(c.f) + " " + name, Reason: class.Reason}
			p.Report(unkeyedHashOfIdentifier, n, "%s of %s has no key: all values can be tried", funcName(c.f), name)
		}
	}
}

// fewValues are the categories whose values can be listed and tried.
var fewValues = map[phi.Category]bool{phi.SSN: true, phi.MRN: true, phi.Plan: true, phi.Phone: true, phi.Fax: true, phi.Email: true,
	phi.Name: true, phi.Date: true, phi.Account: true, phi.License: true, phi.OtherID: true}

// identifierIn returns a column with an identifier that an expression of a
// statement names.
func (p *Pass) identifierIn(n *pgparse.Node, s *catalog.Statement) (string, phi.Class) {
	found, class := "", phi.Class{}
	pgparse.Walk(n, func(m pgparse.Message) bool {
		ref, ok := m.(*pgparse.ColumnRef)
		if !ok || found != "" {
			return found == ""
		}
		name := refColumn(ref)
		for _, t := range p.Catalog.Reads(s.Node) {
			if c := p.Column(t, name); c.PHI() && fewValues[c.Category] {
				found, class = t.Name.String()+"."+name, c
				return false
			}
		}
		return true
	})
	return found, class
}
