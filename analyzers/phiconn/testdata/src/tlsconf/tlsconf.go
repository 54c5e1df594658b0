package tlsconf

import (
	"crypto/tls"
	"crypto/x509"
)

type options struct{ InsecureSkipVerify bool }

func configs(skip bool) {
	_ = &tls.Config{InsecureSkipVerify: true}  // want `PHI302 tls.Config accepts any certificate`
	c := &tls.Config{InsecureSkipVerify: skip} // ok: decided elsewhere
	if skip {
		c.InsecureSkipVerify = true // want `PHI302 tls.Config accepts any certificate`
	}
	_ = options{InsecureSkipVerify: true} // ok: not a TLS configuration
	_ = &tls.Config{
		InsecureSkipVerify:    true, // want `PHI302 tls.Config leaves the verification`
		VerifyPeerCertificate: pinned,
	}
	_ = &tls.Config{
		InsecureSkipVerify: true, // want `PHI302 tls.Config accepts any certificate`
		VerifyConnection:   func(tls.ConnectionState) error { return nil },
	}
	_ = &tls.Config{MinVersion: tls.VersionTLS10} // want `PHI303 tls.Config allows TLS 1.0`
	c.MinVersion = tls.VersionTLS11               // want `PHI303 tls.Config allows TLS 1.1`
	_ = &tls.Config{MinVersion: tls.VersionTLS12} // ok: current
	_ = &tls.Config{CipherSuites: []uint16{
		tls.TLS_RSA_WITH_RC4_128_SHA,              // want `PHI303 tls.Config offers TLS_RSA_WITH_RC4_128_SHA`
		tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, // ok: current
	}}
}

func pinned(raw [][]byte, _ [][]*x509.Certificate) error {
	cert, err := x509.ParseCertificate(raw[0])
	if err != nil {
		return err
	}
	_, err = cert.Verify(x509.VerifyOptions{})
	return err
}
