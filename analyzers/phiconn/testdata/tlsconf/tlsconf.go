// Package tlsconf configures TLS.
package tlsconf

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"os"
)

type options struct{ InsecureSkipVerify bool }

const never = true

func configs(skip bool, roots *x509.CertPool) {
	_ = &tls.Config{InsecureSkipVerify: true} // want `high PHI302 tls.Config accepts any certificate`
	_ = tls.Config{InsecureSkipVerify: never} // want `high PHI302 tls.Config accepts any certificate`
	off := true
	_ = &tls.Config{InsecureSkipVerify: off}   // want `high PHI302 tls.Config accepts any certificate`
	c := &tls.Config{InsecureSkipVerify: skip} // ok: decided elsewhere
	if skip {
		c.InsecureSkipVerify = true // want `high PHI302 tls.Config accepts any certificate`
	}
	if os.Getenv("ENV") == "development" {
		c.InsecureSkipVerify = true // want `low PHI302 tls.Config accepts any certificate`
	}
	transport := http.DefaultTransport.(*http.Transport)
	transport.TLSClientConfig.InsecureSkipVerify = true                               // want `high PHI302 tls.Config accepts any certificate`
	_ = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}       // want `high PHI302 tls.Config accepts any certificate`
	_ = []*tls.Config{{InsecureSkipVerify: true}}                                     // want `high PHI302 tls.Config accepts any certificate`
	_ = map[string]tls.Config{"a": {InsecureSkipVerify: true}}                        // want `high PHI302 tls.Config accepts any certificate`
	_ = options{InsecureSkipVerify: true}                                             // ok: not a TLS configuration
	_ = &tls.Config{InsecureSkipVerify: false, RootCAs: roots}                        // ok: verified
	_ = &tls.Config{InsecureSkipVerify: os.Getenv("SKIP") == "1"}                     // ok: decided elsewhere
	_ = &tls.Config{VerifyConnection: func(tls.ConnectionState) error { return nil }} // ok: besides the verification
	_ = &tls.Config{}                                                                 // ok: the defaults verify
}

func verified(c *tls.Config, roots *x509.CertPool, pin []byte) {
	_ = &tls.Config{
		InsecureSkipVerify:    true, // want `info PHI302 tls.Config leaves the verification`
		VerifyPeerCertificate: pinned,
	}
	_ = &tls.Config{
		InsecureSkipVerify:    true, // want `info PHI302 tls.Config leaves the verification`
		VerifyPeerCertificate: verifier(roots),
	}
	_ = &tls.Config{
		InsecureSkipVerify: true, // want `info PHI302 tls.Config leaves the verification`
		VerifyConnection: func(s tls.ConnectionState) error {
			if !bytes.Equal(s.PeerCertificates[0].Raw, pin) {
				return errors.New("unknown certificate")
			}
			return nil
		},
	}
	c.InsecureSkipVerify = true // want `info PHI302 tls.Config leaves the verification`
	c.VerifyPeerCertificate = pinned
	_ = &tls.Config{
		InsecureSkipVerify: true, // want `high PHI302 tls.Config accepts any certificate`
		VerifyConnection:   func(tls.ConnectionState) error { return nil },
	}
}

func versions(c *tls.Config) {
	_ = &tls.Config{MinVersion: tls.VersionTLS10} // want `high PHI303 tls.Config allows TLS 1.0`
	_ = &tls.Config{MinVersion: tls.VersionSSL30} // want `high PHI303 tls.Config allows SSL 3.0`
	_ = &tls.Config{MinVersion: 0x0302}           // want `high PHI303 tls.Config allows TLS 1.1`
	c.MinVersion = tls.VersionTLS11               // want `high PHI303 tls.Config allows TLS 1.1`
	oldest := uint16(tls.VersionTLS10)
	c.MinVersion = oldest                                                       // want `high PHI303 tls.Config allows TLS 1.0`
	c.MaxVersion = tls.VersionTLS11                                             // want `high PHI303 tls.Config allows nothing newer than TLS 1.1`
	c.MinVersion = tls.VersionTLS12                                             // ok: current
	_ = &tls.Config{MinVersion: tls.VersionTLS13, MaxVersion: tls.VersionTLS13} // ok: current
	_ = &tls.Config{CipherSuites: []uint16{
		tls.TLS_RSA_WITH_RC4_128_SHA,              // want `medium PHI303 tls.Config offers TLS_RSA_WITH_RC4_128_SHA`
		tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA,         // want `medium PHI303 tls.Config offers TLS_RSA_WITH_3DES_EDE_CBC_SHA`
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

func verifier(roots *x509.CertPool) func([][]byte, [][]*x509.Certificate) error {
	return func(raw [][]byte, _ [][]*x509.Certificate) error {
		cert, err := x509.ParseCertificate(raw[0])
		if err != nil {
			return err
		}
		_, err = cert.Verify(x509.VerifyOptions{Roots: roots})
		return err
	}
}
