package checks

import (
	"github.com/phivet/phivet/sqlscan/internal/catalog"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// A callSite is a call of one of the functions that rules ask about.
type callSite struct {
	s *catalog.Statement
	f *pgparse.FuncCall
}

// judged are the functions that callsOf collects.
var judged = map[string]bool{
	"pgp_sym_encrypt": true, "pgp_sym_encrypt_bytea": true, "pgp_sym_decrypt": true, "pgp_sym_decrypt_bytea": true,
	"pgp_pub_encrypt": true, "pgp_pub_encrypt_bytea": true, "pgp_pub_decrypt": true, "pgp_pub_decrypt_bytea": true,
	"encrypt": true, "encrypt_iv": true, "decrypt": true, "decrypt_iv": true, "raw_encrypt": true, "hmac": true,
	"md5": true, "digest": true, "sha224": true, "sha256": true, "sha384": true, "sha512": true,
	"pg_notify": true, "dblink": true, "dblink_connect": true, "dblink_exec": true, "dblink_connect_u": true,
	"create_secret": true, "update_secret": true, "create_aws_credentials": true,
}

// keyed are the functions whose second argument is a key.
var keyed = map[string]bool{
	"pgp_sym_encrypt": true, "pgp_sym_encrypt_bytea": true, "pgp_sym_decrypt": true, "pgp_sym_decrypt_bytea": true,
	"encrypt": true, "encrypt_iv": true, "decrypt": true, "decrypt_iv": true, "raw_encrypt": true, "hmac": true,
}

// callsOf returns the calls of judged functions in all statements.
func (p *Pass) callsOf() []callSite {
	if p.calls != nil {
		return p.calls
	}
	p.calls = []callSite{}
	for _, s := range p.Catalog.Statements {
		for _, f := range s.Calls {
			if judged[funcName(f)] {
				p.calls = append(p.calls, callSite{s, f})
			}
		}
	}
	return p.calls
}

func (c callSite) at() catalog.Place { return c.s.At(c.f.Location, len(funcName(c.f))) }

// argument returns the place of a literal argument, as far as it is known.
func (c callSite) argument(i int) catalog.Place {
	n := uncast(c.f.Args[i])
	if a := n.GetAConst(); a != nil {
		return c.s.At(a.Location, len(literal(n))+2)
	}
	return c.at()
}
