package fixes

import (
	"crypto/tls"
	"net/url"

	"github.com/uptrace/bun/driver/pgdriver"
)

const dsn = "host=db.example.org user=app sslmode=disable connect_timeout=5" // want `high PHI301`

const raw = `postgres://app@db.example.org/clinic?sslmode=prefer&x=1` // want `high PHI301`

const lower = "postgres://app@localhost/clinic?sslmode=disable" // want `low PHI301`

var config = &tls.Config{InsecureSkipVerify: true} // want `high PHI302`

var insecure = pgdriver.WithInsecure(true) // want `high PHI301`

func query(v url.Values, host string) string {
	v.Set("sslmode", "prefer")                                     // want `high PHI301`
	return "host=" + host + " sslmode=" + "require" + " port=5432" // want `low PHI301`
}
