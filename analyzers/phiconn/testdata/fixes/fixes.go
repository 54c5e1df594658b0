package fixes

import (
	"crypto/tls"
	"net/url"
)

const dsn = "host=db.example.org user=app sslmode=disable connect_timeout=5" // want `high PHI301`

var config = &tls.Config{InsecureSkipVerify: true} // want `high PHI302`

func query(v url.Values) {
	v.Set("sslmode", "prefer") // want `high PHI301`
}
