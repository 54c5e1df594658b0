package phiconn

import "github.com/phivet/phivet/rules/dsn"

// credentialsInDSN is a rule of both halves: the other one reads configuration.
var credentialsInDSN = dsn.CredentialsInDSN
