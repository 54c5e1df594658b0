// Package pg stands in for the real one.
package pg

import "crypto/tls"

type Options struct {
	Addr, User, Password string
	TLSConfig            *tls.Config
}
