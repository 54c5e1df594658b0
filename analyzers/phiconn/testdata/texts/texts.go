// Package texts composes connection strings in every way Go has.
package texts

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net"
	"net/url"
	"os"
	"strings"

	"gorm.io/driver/postgres"
)

var (
	host = os.Getenv("DB_HOST")
	user = os.Getenv("DB_USER")
	pw   = os.Getenv("DB_PASSWORD")
)

const (
	secret   = "Tr0ub4dor"                                                             // want `high PHI304 .*the password is a literal`
	constant = "postgres://app@db.example.org/clinic?sslmode=disable"                  // want `high PHI301 .*sslmode=disable: nothing is encrypted`
	required = "postgres://app@db.example.org/clinic?sslmode=require"                  // want `low PHI301 .*sslmode=require: the server's certificate is not verified`
	caOnly   = "host=db.example.org dbname=clinic sslmode=verify-ca"                   // want `low PHI301 .*sslmode=verify-ca: the server's host name is not verified`
	fallback = "postgres://app@db.example.org/clinic?sslmode=disable"                  // want `medium PHI301 .*sslmode=disable`
	localDSN = "postgres://app@db/clinic?sslmode=disable"                              // want `low PHI301 .*sslmode=disable`
	loopback = "postgres://app@127.0.0.1/clinic?sslmode=disable"                       // want `low PHI301 .*sslmode=disable`
	oldTLS   = "host=db user=app sslmode=verify-full ssl_min_protocol_version=TLSv1.1" // want `high PHI303 .*an outdated TLS version`
)

func composed() {
	sql.Open("postgres", "host="+host+" user="+user+" password="+pw+" sslmode=disable")                                      // want `high PHI301 .*sslmode=disable`
	sql.Open("postgres", "host="+host+" port=5432 user="+user+" password="+"Tr0ub4dor"+" dbname=clinic sslmode=verify-full") // want `high PHI304 .*the password is a literal`
	dsn := fmt.Sprintf("postgres://%s:%s@%s/clinic?sslmode=prefer", user, pw, host)                                          // want `high PHI301 .*sslmode=prefer: plain text is accepted`
	sql.Open("postgres", dsn)
	grown := "host=" + host + " user=" + user
	grown += " sslmode=allow" // want `high PHI301 .*sslmode=allow`
	sql.Open("postgres", grown)
	parts := []string{"host=" + host, "sslmode=disable"} // want `high PHI301 .*sslmode=disable`
	postgres.Open(strings.Join(parts, " "))
	var b strings.Builder
	b.WriteString("host=" + host)
	b.WriteByte(' ')
	b.WriteString("user=app sslmode=disable") // want `high PHI301 .*sslmode=disable`
	postgres.Open(b.String())
	var buf bytes.Buffer
	fmt.Fprintf(&buf, "host=%s user=%s password=%s sslmode=disable", host, user, pw) // want `high PHI301 .*sslmode=disable`
	postgres.Open(buf.String())
	postgres.Open(fmt.Sprintf("host=%s user=app password=%s sslmode=verify-full", host, secret))               // the constant is reported
	postgres.Open(fmt.Sprintf("host=%[2]s user=%[1]s sslmode=disable", user, host))                            // want `high PHI301 .*sslmode=disable`
	postgres.Open(fmt.Sprintf("postgres://%s:%s@%s/clinic", url.QueryEscape(user), url.QueryEscape(pw), host)) // want `low PHI301 .*no sslmode`
	postgres.Open(whole())
	postgres.Open("host=db.example.org\n\tuser=app\n\tsslmode=disable")                                // want `high PHI301 .*sslmode=disable`
	postgres.Open("host=db.example.org user=app password=Tr0ub4dor dbname=clinic sslmode=verify-full") // want `high PHI304 .*the password is a literal`
	postgres.Open("host=db.example.org user=app password=postgres dbname=clinic sslmode=verify-full")  // want `medium PHI304 .*the password is a literal`
	postgres.Open("host=localhost user=app password=postgres dbname=clinic sslmode=verify-full")       // want `low PHI304 .*the password is a literal`
	postgres.Open("postgres://app:changeme@db.example.org/clinic?sslmode=verify-full")                 // want `medium PHI304 .*the password is a literal`
}

func whole() string {
	return "postgres://app:" + pw + "@" + host + "/clinic?sslmode=disable" // want `high PHI301 .*sslmode=disable`
}

// ConnString is used by another package, which adds nothing.
func ConnString() string {
	return fmt.Sprintf("host=%s user=%s password=%s dbname=clinic", host, user, pw) // want `low PHI301 .*no sslmode`
}

func kept(mode string) {
	postgres.Open(fmt.Sprintf("host=%s user=%s password=%s sslmode=verify-full", host, user, pw)) // ok: verified
	postgres.Open(fmt.Sprintf("host=%s user=%s sslmode=%s", host, user, mode))                    // ok: the mode comes from elsewhere
	postgres.Open("host=/cloudsql/x user=app sslmode=disable")                                    // ok: a Unix socket
	postgres.Open("postgres:///clinic?host=/var/run/postgresql&sslmode=disable")                  // ok: a Unix socket
	sql.Open("mysql", "app:S3cretW0rd@tcp(db:3306)/x?tls=false")                                  // ok: not PostgreSQL
	postgres.Open("host=db user=app password= dbname=clinic sslmode=verify-full")                 // ok: empty
	postgres.Open("postgres://app:${DB_PASSWORD}@db/clinic?sslmode=verify-full")                  // ok: templated
	postgres.Open("postgres://app:<password>@db/clinic?sslmode=verify-full")                      // ok: templated
	log.Print("postgres://app:*****@db.example.org/clinic?sslmode=disable")                       // ok: masked, for a log
	log.Print("host=db user=app sslmode=disable is not for production")                           // ok: only printed
	fmt.Fprintln(os.Stderr, "postgres://app@db.example.org/clinic?sslmode=disable")               // ok: only printed
	_ = strings.Contains(mode, "sslmode=disable")                                                 // ok: looked for
	_ = strings.ReplaceAll(mode, "sslmode=disable", "sslmode=verify-full")                        // ok: replaced
	_ = mode == "postgres://app@db/clinic?sslmode=disable"                                        // ok: compared
	_ = "redis://:Tr0ub4dor@cache:6379"                                                           // ok: not PostgreSQL
	_ = "https://db.example.org/?password=Tr0ub4dor"                                              // ok: not PostgreSQL
	switch mode {
	case "sslmode=disable": // ok: compared
	}
	ready := "host=" + host + " user=app"
	ready += " sslmode=" + mode
	postgres.Open(ready) // ok: the mode comes from elsewhere
	var b strings.Builder
	b.WriteString("postgres://app@db.example.org/clinic")
	if mode != "" {
		b.WriteString("?sslmode=" + mode)
	}
	postgres.Open(b.String()) // ok: may be said
}

func two() ([]string, string) { return []string{"host=" + host, "user=app"}, " " }

func pair() (string, string) { return "localhost", "5432" }

func spread(b *strings.Builder) {
	postgres.Open(strings.Join(two()))                                 // ok: not known
	postgres.Open("postgres://app@" + net.JoinHostPort(pair()) + "/x") // want `low PHI301 .*no sslmode`
	fmt.Fprint(b)
	postgres.Open(b.String()) // ok: nothing is known
}

var errMode = errors.New("sslmode=disable is refused") // ok: an error text

const usage = "postgres://u:p4ssw0rdX@h/db?sslmode=disable" // ok: shown to people

// exampleURL = "postgres://app:Tr0ub4dor@db/clinic?sslmode=disable" // ok: a comment
