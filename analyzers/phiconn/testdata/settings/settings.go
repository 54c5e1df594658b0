// Package settings keeps sslmode and passwords under their names.
package settings

import (
	"flag"
	"log"
	"net/url"
	"os"

	"github.com/alecthomas/kingpin/v2"
	"github.com/lib/pq"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"github.com/urfave/cli/v2"
)

type config struct {
	SSLMode  string `envDefault:"disable"`                                           // want `medium PHI301 PostgreSQL connection defaults to sslmode=disable`
	Mode     string `env:"DB_SSLMODE, default=disable"`                              // ok: the name of the field does not say it
	SslMode  string `env:"DB_SSLMODE,default=require"`                               // want `low PHI301 .* defaults to sslmode=require`
	URL      string `default:"postgres://db.example.org/clinic?sslmode=disable"`     // want `medium PHI301 .* defaults to sslmode=disable`
	Local    string `default:"postgres://localhost/clinic?sslmode=disable"`          // want `low PHI301 .* defaults to sslmode=disable`
	Whole    string `envDefault:"postgres://app:Tr0ub4dor@db/c?sslmode=verify-full"` // want `medium PHI304 default PostgreSQL connection string: the password is a literal`
	DBPass   string `env:"DB_PASS" env-default:"postgres"`                           // want `low PHI304 default password`
	Other    string `default:"disable"`                                              // ok: not the mode of a connection
	DBUser   string `default:"postgres"`                                             // ok: a user
	Verified string `default:"postgres://db.example.org/clinic?sslmode=verify-full"` // ok: verified
	Host     string
	Password string
}

type store struct {
	Host, Password, SSLMode string
}

func given(values url.Values, params map[string]string, c *config, isTesting bool, env string) {
	values.Set("sslmode", "disable")                                 // want `high PHI301 .*sslmode=disable`
	values.Add("sslmode", "prefer")                                  // want `high PHI301 .*sslmode=prefer`
	params["sslmode"] = "allow"                                      // want `high PHI301 .*sslmode=allow`
	os.Setenv("PGSSLMODE", "disable")                                // want `high PHI301 .*sslmode=disable`
	os.Setenv("PGPASSWORD", "Tr0ub4dor")                             // want `high PHI304 .*the password is a literal`
	_ = url.Values{"sslmode": {"disable"}}                           // want `high PHI301 .*sslmode=disable`
	_ = map[string]string{"host": "db", "sslmode": "disable"}        // want `high PHI301 .*sslmode=disable`
	_ = map[string]string{"Host": "localhost", "sslmode": "disable"} // want `low PHI301 .*sslmode=disable`
	_ = config{SSLMode: "disable"}                                   // want `high PHI301 .*sslmode=disable`
	_ = store{Host: "localhost", SSLMode: "disable"}                 // want `low PHI301 .*sslmode=disable`
	_ = store{Host: "db", Password: "Tr0ub4dor", SSLMode: env}       // want `high PHI304 .*the password is a literal`
	_ = pq.Config{SSLMode: pq.SSLModeRequire}                        // want `low PHI301 .*sslmode=require`
	c.SSLMode = "disable"                                            // want `high PHI301 .*sslmode=disable`
	sslmode := "disable"                                             // want `high PHI301 .*sslmode=disable`
	if isTesting {
		sslmode = "disable" // want `low PHI301 .*sslmode=disable`
	}
	if env == "local" {
		sslmode = "disable" // want `low PHI301 .*sslmode=disable`
	}
	if env != "production" {
		sslmode = "disable" // want `low PHI301 .*sslmode=disable`
	}
	if !isTesting {
		sslmode = "disable" // want `high PHI301 .*sslmode=disable`
	} else {
		sslmode = "require" // want `low PHI301 .*sslmode=require`
	}
	switch env {
	case "dev":
		sslmode = "disable" // want `low PHI301 .*sslmode=disable`
	case "production":
		sslmode = "disable" // want `high PHI301 .*sslmode=disable`
	}
	_ = sslmode
}

func defaults(mode string) {
	getEnv("SSLMODE", "disable")                                              // want `medium PHI301 .*sslmode=disable`
	getEnv("DB_SSL_MODE", "prefer")                                           // want `medium PHI301 .*sslmode=prefer`
	getEnv("DB_SSL", "disable")                                               // want `medium PHI301 .*sslmode=disable`
	getEnv("DB_PASSWORD", "postgres")                                         // want `low PHI304 default password of a PostgreSQL connection is a literal`
	getEnv("POSTGRES_PASSWORD", "Tr0ub4dor")                                  // want `medium PHI304 default password`
	getEnv("DATABASE_URL", "postgres://db.example.org/c?sslmode=disable")     // want `medium PHI301 .*sslmode=disable`
	getEnv("DATABASE_URL", "postgres://a:Tr0ub4dor@db/c?sslmode=verify-full") // want `medium PHI304 .*the password is a literal`
	viper.SetDefault("database.sslmode", "disable")                           // want `medium PHI301 .*sslmode=disable`
	pflag.StringP("sslmode", "s", "disable", "")                              // want `medium PHI301 .*sslmode=disable`
	pflag.StringP("db-password", "p", "postgres", "")                         // want `low PHI304 default password`
	viper.SetDefault("database.password", "postgres")                         // want `low PHI304 default password`
	viper.SetDefault("dsn", "postgres://db.example.org/c?sslmode=disable")    // want `medium PHI301 .*sslmode=disable`
	flag.String("db-sslmode", "disable", "mode")                              // want `medium PHI301 .*sslmode=disable`
	flag.String("dsn", "postgres://db.example.org/c?sslmode=disable", "")     // want `medium PHI301 .*sslmode=disable`
	_ = &cli.StringFlag{Name: "sslmode", Value: "disable"}                    // want `medium PHI301 .*sslmode=disable`
	if mode == "" {
		mode = "postgres://db.example.org/c?sslmode=disable" // want `medium PHI301 .*sslmode=disable`
	}
	sslMode, ok := os.LookupEnv("DB_SSLMODE")
	if !ok {
		sslMode = "disable" // want `medium PHI301 .*sslmode=disable`
	}
	_ = sslMode
}

type key string

func (key) setDefault(v any) {}

const (
	databaseMode     key = "database.sslmode"
	databasePassword key = "database.password"
	databaseHost     key = "database.host"
)

func keys(app *kingpin.Application) {
	databaseMode.setDefault("disable")                      // want `medium PHI301 .*sslmode=disable`
	databaseMode.setDefault("verify-full")                  // ok: verified
	databasePassword.setDefault("postgres")                 // want `low PHI304 default password`
	databasePassword.setDefault("")                         // ok: empty
	databaseHost.setDefault("localhost")                    // ok: a host
	app.Flag("sslmode", "mode").Default("disable").String() // want `medium PHI301 .*sslmode=disable`
	app.Flag("mode", "mode").Default("disable").String()    // ok: not the mode of a connection
}

func explain(name, help string) {}

func getEnv(key, fallback string) string { return fallback }

func quiet(values url.Values, c config, mode string) {
	values.Set("sslmode", "verify-full")                                  // ok: verified
	values.Set("sslmode", mode)                                           // ok: comes from elsewhere
	values.Del("sslmode")                                                 // ok: no value
	values.Set("mode", "disable")                                         // ok: not the mode of a connection
	getEnv("SSLMODE", "verify-full")                                      // ok: verified
	getEnv("SSLMODE", "")                                                 // ok: empty
	getEnv("SMTP_TLS", "disable")                                         // ok: mail
	getEnv("DB_PASSWORD", "")                                             // ok: empty
	getEnv("DB_PASSWORD", "${DB_PASSWORD}")                               // ok: templated
	viper.BindEnv("database.password", "DB_PASSWORD")                     // ok: the name of a variable
	viper.BindEnv("database.sslmode", "DB_SSLMODE")                       // ok: the name of a variable
	pflag.StringP("db-password", "p", "", "the password of the database") // ok: empty
	pflag.String("db-password", "", "the password")                       // ok: empty
	explain("db-password", "Password")                                    // ok: a text about it
	getEnv("DB_PASSWORD", "the password of the database")                 // ok: a sentence
	getEnv("DB_PASSWORD_FILE", "/run/secrets/db")                         // ok: a file
	getEnv("REDIS_PASSWORD", "Tr0ub4dor")                                 // ok: another system's
	_ = store{Host: "db", Password: mode, SSLMode: "verify-full"}         // ok: comes from elsewhere
	_ = config{Host: "db", Password: "Tr0ub4dor"}                         // ok: nothing says that it is PostgreSQL's
	if c.SSLMode == "disable" {                                           // ok: a comparison
		log.Print("sslmode", "disable") // ok: only printed
	}
	switch c.SSLMode {
	case "disable", "allow": // ok: a comparison
	}
	_ = []string{"disable", "allow", "prefer", "require"}                 // ok: a list of the modes
	_ = map[string]bool{"disable": true, "verify-full": true}             // ok: keys
	_ = &cli.StringFlag{Name: "sslmode", Usage: "disable or verify-full"} // ok: no value
}
