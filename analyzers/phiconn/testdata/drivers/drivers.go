// Package drivers opens connections by every driver's own functions.
package drivers

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"net/url"
	"os"

	"github.com/go-pg/pg/v10"
	"github.com/golang-migrate/migrate/v4"
	v4 "github.com/jackc/pgx/v4"
	v4pool "github.com/jackc/pgx/v4/pgxpool"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	oldgorm "github.com/jinzhu/gorm"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun/driver/pgdriver"
	"gorm.io/driver/postgres"
	"xorm.io/xorm"
)

const (
	remote = "postgres://app@db.example.org/clinic"
	local  = "postgres://app@localhost/clinic"
	socket = "host=/var/run/postgresql user=app dbname=clinic"
)

func absent(ctx context.Context) {
	pgxpool.New(ctx, remote)                                                 // want `medium PHI301 PostgreSQL connection with no sslmode: plain text is accepted`
	pgxpool.ParseConfig(remote)                                              // want `medium PHI301 .*plain text is accepted`
	pgx.Connect(ctx, remote)                                                 // want `medium PHI301 .*plain text is accepted`
	pgx.ParseConfig(remote)                                                  // want `medium PHI301 .*plain text is accepted`
	pgconn.Connect(ctx, remote)                                              // want `medium PHI301 .*plain text is accepted`
	pgconn.ParseConfig(remote)                                               // want `medium PHI301 .*plain text is accepted`
	v4.Connect(ctx, remote)                                                  // want `medium PHI301 .*plain text is accepted`
	v4pool.Connect(ctx, remote)                                              // want `medium PHI301 .*plain text is accepted`
	postgres.Open("host=db.example.org user=app dbname=clinic")              // want `medium PHI301 .*plain text is accepted`
	postgres.New(postgres.Config{DSN: remote, PreferSimpleProtocol: true})   // want `medium PHI301 .*plain text is accepted`
	sql.Open("pgx", remote)                                                  // want `medium PHI301 .*plain text is accepted`
	sqlx.Connect("pgx/v5", remote)                                           // want `medium PHI301 .*plain text is accepted`
	sql.Open("postgres", remote)                                             // want `low PHI301 .*the server's certificate is not verified`
	sqlx.ConnectContext(ctx, "postgres", remote)                             // want `low PHI301 .*the server's certificate is not verified`
	pq.NewConnector(remote)                                                  // want `low PHI301 .*the server's certificate is not verified`
	pq.NewListener(remote, 0, 0, nil)                                        // want `low PHI301 .*the server's certificate is not verified`
	goose.OpenDBWithDriver("pgx", remote)                                    // want `medium PHI301 .*plain text is accepted`
	migrate.New("file://migrations", remote)                                 // want `low PHI301 .*the server's certificate is not verified`
	oldgorm.Open("postgres", remote)                                         // want `low PHI301 .*the server's certificate is not verified`
	xorm.NewEngine("postgres", remote)                                       // want `low PHI301 .*the server's certificate is not verified`
	pg.ParseURL(remote)                                                      // want `low PHI301 .*the server's certificate is not verified`
	pgdriver.NewConnector(pgdriver.WithDSN(remote))                          // want `low PHI301 .*the server's certificate is not verified`
	pgdriver.NewConnector(pgdriver.WithAddr(os.Getenv("ADDR")))              // want `low PHI301 .*without TLS settings: the server's certificate is not verified`
	connect("postgresql://app@db.example.org/clinic")                        // want `medium PHI301 .*plain text is accepted`
	pgxpool.New(ctx, fmt.Sprintf("postgres://%s@%s/clinic", "app", os.Args)) // want `low PHI301 .*plain text is accepted`
	u := &url.URL{Scheme: "postgres", Host: "db.example.org", Path: "clinic"}
	pgx.Connect(ctx, u.String()) // want `medium PHI301 .*plain text is accepted`
}

func connect(dsn string) {}

func said(ctx context.Context, d string) {
	pgxpool.New(ctx, local)                                                           // ok: this machine
	pgxpool.New(ctx, socket)                                                          // ok: a Unix socket
	pgxpool.New(ctx, d)                                                               // ok: nothing is known
	pgxpool.New(ctx, os.Getenv("DATABASE_URL"))                                       // ok: nothing is known
	pgxpool.New(ctx, "")                                                              // ok: libpq's variables
	pgxpool.New(ctx, remote+"?sslmode=verify-full")                                   // ok: verified
	pgxpool.New(ctx, fmt.Sprintf("postgres://%s@%s/clinic?%s", "app", d, d))          // ok: the query may say it
	pgxpool.New(ctx, remote+os.Getenv("DB_PARAMS"))                                   // ok: the rest may say it
	pgxpool.New(ctx, "postgres://app@db.example.org/clinic?sslrootcert=system")       // ok: implies verify-full
	sql.Open("mysql", "app@tcp(db:3306)/clinic")                                      // ok: not PostgreSQL
	sql.Open("cloudsqlpostgres", "host=p:r:i user=app dbname=clinic sslmode=disable") // ok: the driver encrypts
	sqlx.Connect("sqlite3", "file:clinic.db")                                         // ok: a file
	u := &url.URL{Scheme: "postgres", Host: "db.example.org", Path: "clinic"}
	u.RawQuery = d
	pgx.Connect(ctx, u.String())                                                                    // ok: the query may say it
	goose.OpenDBWithDriver("mysql", "app@tcp(db:3306)/clinic")                                      // ok: not PostgreSQL
	pgdriver.NewConnector(pgdriver.WithDSN(d))                                                      // ok: nothing is known
	pgdriver.NewConnector(pgdriver.WithAddr("localhost:5432"))                                      // ok: this machine
	pgdriver.NewConnector(pgdriver.WithAddr(d), pgdriver.WithTLSConfig(&tls.Config{ServerName: d})) // ok: verified
	pgdriver.WithInsecure(false)                                                                    // ok: encrypted
	pgdriver.WithPassword(os.Getenv("DB_PASSWORD"))                                                 // ok: from the environment
	pg.Connect(&pg.Options{Addr: "/var/run/postgresql/.s.PGSQL.5432"})                              // ok: a Unix socket
	pg.Connect(&pg.Options{Addr: d, TLSConfig: &tls.Config{ServerName: d}})                         // ok: verified
	_ = pgx.ConnConfig{Config: pgconn.Config{Host: d, Password: os.Getenv("PW")}}                   // ok: from the environment
	_ = pq.Config{Host: d, Password: ""}                                                            // ok: empty
}

func configured() {
	pgdriver.WithInsecure(true)                                                                            // want `high PHI301 PostgreSQL connection WithInsecure: nothing is encrypted`
	pgdriver.NewConnector(pgdriver.WithAddr("127.0.0.1:5432"), pgdriver.WithInsecure(true))                // want `low PHI301 .* WithInsecure`
	pgdriver.WithTLSConfig(nil)                                                                            // want `high PHI301 .* TLSConfig nil: nothing is encrypted`
	pgdriver.NewConnector(pgdriver.WithAddr("db:5432"), pgdriver.WithPassword("Tr0ub4dor"))                // want `high PHI304 .*the password is a literal` `low PHI301`
	pg.Connect(&pg.Options{Addr: "db.example.org:5432", User: "app"})                                      // want `high PHI301 PostgreSQL connection without TLSConfig: nothing is encrypted`
	pg.Connect(&pg.Options{Addr: "localhost:5432", User: "app"})                                           // want `low PHI301 .* without TLSConfig`
	pg.Connect(&pg.Options{Addr: os.Getenv("DB"), Password: "postgres"})                                   // want `high PHI301 .* without TLSConfig` `medium PHI304 .*the password is a literal`
	pg.Connect(&pg.Options{Addr: "db:5432", TLSConfig: nil})                                               // want `high PHI301 .* without TLSConfig`
	_ = pgconn.Config{Host: "db.example.org", Password: "Tr0ub4dor"}                                       // want `high PHI304 .*the password is a literal`
	_ = pgconn.Config{Host: "localhost", Password: "Tr0ub4dor"}                                            // want `medium PHI304 .*the password is a literal`
	_ = pq.Config{Host: "db.example.org", SSLMode: pq.SSLModeDisable}                                      // want `high PHI301 .* sslmode=disable`
	postgres.New(postgres.Config{DSN: "host=db.example.org user=app dbname=clinic sslmode=allow"})         // want `high PHI301 .* sslmode=allow: plain text is accepted`
	_ = url.URL{Scheme: "postgres", User: url.UserPassword("app", "Tr0ub4dor"), RawQuery: "sslmode=allow"} // want `high PHI304 .*the password is a literal` `high PHI301 .* sslmode=allow`
}
