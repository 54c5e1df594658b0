package phiconn

import "github.com/phivet/phivet/rules/dsn"

// tlsNotEnforced is a rule of both halves: the other one reads configuration.
var tlsNotEnforced = dsn.TLSNotEnforced
