package conn

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/url"
	"os"
	"strings"

	"github.com/go-pg/pg/v10"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
)

var (
	host = os.Getenv("DB_HOST")
	user = os.Getenv("DB_USER")
	pw   = os.Getenv("DB_PASSWORD")
)

type config struct {
	SSLMode string `envDefault:"disable"`                               // want `PHI301 PostgreSQL connection defaults to sslmode=disable`
	URL     string `default:"postgres://localhost/phi?sslmode=disable"` // want `PHI301 .* defaults to sslmode=disable`
	Other   string `default:"disable"`                                  // ok: not the mode of a connection
}

func concatenated() {
	sql.Open("postgres", "host="+host+" user="+user+" password="+pw+" sslmode=disable") // want `PHI301 PostgreSQL connection with sslmode=disable: nothing is encrypted`
	dsn := fmt.Sprintf("postgres://%s:%s@%s/phi?sslmode=prefer", user, pw, host)        // want `PHI301 .* sslmode=prefer: plain text is accepted`
	dsn += "&sslmode=require"                                                           // want `PHI301 .* sslmode=require: the server's certificate`
	sql.Open("postgres", dsn)
	parts := []string{"host=" + host, "sslmode=disable"} // want `PHI301 .* sslmode=disable`
	postgres.Open(strings.Join(parts, " "))
	postgres.Open(fmt.Sprintf("host=%s user=%s password=%s sslmode=verify-full", host, user, pw)) // ok: verified
	postgres.Open(fmt.Sprintf("host=%s user=%s sslmode=%s", host, user, os.Getenv("MODE")))       // ok: the mode comes from elsewhere
	sql.Open("mysql", "app:S3cretW0rd@tcp(db:3306)/x?tls=false")                                  // ok: not PostgreSQL
	postgres.Open("host=/cloudsql/x user=app sslmode=disable")                                    // ok: a Unix socket
}

func absent(ctx context.Context) {
	pgxpool.New(ctx, "postgres://app@db.example.org/phi")     // want `PHI301 PostgreSQL connection with no sslmode: plain text is accepted`
	sql.Open("postgres", "postgres://app@db.example.org/phi") // want `PHI301 .* no sslmode: the server's certificate is not verified`
	url := fmt.Sprintf("postgres://%s:%s@%s/%s", user, pw, host, "phi")
	pgxpool.New(ctx, url)                                             // want `PHI301 .* no sslmode`
	pgxpool.New(ctx, os.Getenv("DATABASE_URL"))                       // ok: nothing is known
	pgxpool.New(ctx, fmt.Sprintf("postgres://%s/phi?%s", host, user)) // ok: the query may say it
	pgxpool.New(ctx, "postgres://app@localhost/phi")                  // ok: this machine
}

func settings(values url.Values, params map[string]string) {
	values.Set("sslmode", "disable")                                                                        // want `PHI301 .* sslmode=disable`
	params["sslmode"] = "allow"                                                                             // want `PHI301 .* sslmode=allow`
	os.Setenv("PGSSLMODE", "disable")                                                                       // want `PHI301 .* sslmode=disable`
	getEnv("DB_SSL_MODE", "prefer")                                                                         // want `PHI301 .* sslmode=prefer`
	values.Set("sslmode", "verify-full")                                                                    // ok: verified
	_ = url.URL{Scheme: "postgres", User: url.UserPassword(user, "Tr0ub4dor"), RawQuery: "sslmode=disable"} // want `PHI304 .* password is a literal` `PHI301 .* sslmode=disable`
	c := config{SSLMode: "disable"}                                                                         // want `PHI301 .* sslmode=disable`
	if c.SSLMode == "disable" {                                                                             // ok: a comparison
		log.Print("host=db user=app sslmode=disable is not for production") // ok: only printed
	}
	pgdriver.WithInsecure(true)  // want `PHI301 PostgreSQL connection WithInsecure`
	pgdriver.WithInsecure(false) // ok: encrypted
}

func getEnv(key, fallback string) string { return fallback }

var errMode = errors.New("sslmode=disable is refused") // ok: an error text

const usage = "postgres://u:p4ssw0rdX@h/db?sslmode=disable" // ok: shown to people

func passwords() {
	postgres.Open("host=db.example.org user=app password=Tr0ub4dor dbname=phi sslmode=verify-full") // want `PHI304 PostgreSQL connection string: the password is a literal`
	postgres.Open("host=localhost user=app password=postgres dbname=phi sslmode=verify-full")       // want `PHI304`
	postgres.Open("host=db user=app password= dbname=phi sslmode=verify-full")                      // ok: empty
	postgres.Open("postgres://app:${DB_PASSWORD}@db/phi?sslmode=verify-full")                       // ok: templated
	_ = pgx.ConnConfig{Host: "db.example.org", Password: "Tr0ub4dor"}                               // want `PHI304 PostgreSQL connection: the password is a literal`
	_ = pgx.ConnConfig{Host: "db.example.org", Password: os.Getenv("PW")}                           // ok: from the environment
	_ = &pg.Options{Addr: "db.example.org:5432", User: "app"}                                       // want `PHI301 PostgreSQL connection without TLSConfig`
	_ = "redis://:Tr0ub4dor@cache:6379"                                                             // ok: not PostgreSQL
}
