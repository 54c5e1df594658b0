// Package secrets logs credentials.
package secrets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

// Config has what the service needs.
type Config struct {
	Host     string
	Port     int
	User     string
	Password string
}

// Server nests it.
type Server struct {
	Name string
	DB   Config
}

// Options has no secrets.
type Options struct {
	Host             string
	PasswordHashCost int
	TokenTTL         time.Duration
	MaxTokens        int
}

// Hidden leaves its secret out of JSON.
type Hidden struct {
	Host   string
	APIKey string `json:"-"`
}

// Secret prints as stars.
type Secret string

// String hides it.
func (Secret) String() string { return "***" }

// Safe has a secret that prints as stars.
type Safe struct {
	Host     string
	Password Secret
}

func environment(l *zap.Logger) {
	log.Printf("dsn=%s", os.Getenv("DATABASE_URL"))                        // want "PHI211 DATABASE_URL is logged"
	slog.Info("start", "password", os.Getenv("DB_PASSWORD"))               // want "PHI211"
	fmt.Println(os.Getenv("API_KEY"))                                      // want "PHI211"
	l.Info("start", zap.String("key", os.Getenv("JWT_SECRET")))            // want "PHI211"
	logrus.WithField("secret", os.Getenv("SESSION_X")).Info("x")           // want "PHI211 secret is logged"
	log.Printf("host=%s", os.Getenv("DB_HOST"))                            // ok: a host
	log.Printf("port=%s user=%s", os.Getenv("PORT"), os.Getenv("DB_USER")) // ok: no secret
	if v, ok := os.LookupEnv("PGPASSWORD"); ok {
		log.Println(v) // want "PHI211"
	}
}

func variables(password, apiKey, accessToken, dsn, clientSecret string, passwordHash []byte, tokenCount int) {
	log.Println("password:", password)                   // want "PHI211 password is logged"
	slog.Info("call", "key", apiKey)                     // want "PHI211 apiKey is logged"
	log.Printf("token %s", accessToken)                  // want "PHI211"
	log.Printf("connecting to %s", dsn)                  // want "PHI211 dsn is logged"
	fmt.Fprintln(os.Stderr, clientSecret)                // want "PHI211"
	log.Printf("hash %x", passwordHash)                  // ok: a hash
	log.Printf("%d tokens", tokenCount)                  // ok: a number
	log.Printf("password has %d letters", len(password)) // ok: a length
	log.Printf("password ok: %t", password != "")        // ok: a comparison
	log.Printf("key %s…", apiKey[:4])                    // ok: a part
	log.Println("token expired")                         // ok: a message
	panic("cannot connect to " + dsn)                    // want "PHI211"
}

func composed(host, user, password string) {
	dsn := fmt.Sprintf("postgres://%s:%s@%s/clinic", user, password, host)
	log.Println(dsn) // want "PHI211 password is logged"
	plain := fmt.Sprintf("postgres://%s@%s/clinic", user, host)
	log.Println(plain) // ok: no password in it
	kv := "host=" + host + " password=" + password
	slog.Error("open", "dsn", kv) // want "PHI211"
}

func structs(c Config, s *Server, o Options, h Hidden, f Safe) {
	log.Printf("%+v", c)            // want "PHI211 Config is logged as a whole .Password."
	log.Println(s)                  // want "PHI211 Server is logged as a whole"
	slog.Info("start", "config", c) // want "PHI211"
	log.Printf("%+v", o)            // ok: numbers and times
	log.Printf("%+v", h)            // want "PHI211"
	b, _ := json.Marshal(h)
	log.Printf("%s", b)        // ok: not in its JSON
	log.Printf("%+v", f)       // ok: prints as stars
	log.Println(c.Host)        // ok: a host
	log.Println(c.Password)    // want "PHI211 c.Password is logged"
	log.Println(s.DB.Password) // want "PHI211"
}

func fields(l *zap.Logger, s *zap.SugaredLogger, c *Config, h *Hidden) {
	provided(s, c)                                    // want "PHI211 Config is logged as a whole .Password."
	provided(s, h)                                    // ok: zap writes structs as JSON
	s.Infow("start", "config", c)                     // want "PHI211"
	s.Infow("start", "config", h)                     // ok: JSON
	s.With("config", *h).Info("start")                // ok: JSON
	l.Info("start", zap.Any("config", h))             // ok: JSON
	l.Info("start", zap.Any("config", c))             // want "PHI211"
	s.Infof("config %v", h)                           // want "PHI211"
	s.Infow("start", "config", fmt.Sprintf("%v", *h)) // want "PHI211"
	s.Infow("start", "key", h.APIKey)                 // want "PHI211"
	s.Infow("start", "all", []any{1, h})              // ok: JSON
}

type opener interface {
	Open(name string) (io.Closer, error)
}

// Open opens a file.
func (s *Server) Open(name string) (io.Closer, error) { return os.Open(name) }

func opened(s *Server, with func(opener) error) {
	if err := with(s); err != nil {
		log.Println(err) // ok: s is there to open, not to be printed
	}
}

func provided(s *zap.SugaredLogger, config any) { s.Infow("provided", "config", config) }

func pool(c *pgxpool.Config) {
	log.Printf("%+v", c.ConnConfig.Config) // want "PHI211"
	log.Println(c.ConnConfig.Host)         // ok: a host
	log.Println(c.ConnConfig.Password)     // want "PHI211"
	log.Println(c.ConnString())            // want "PHI211"
}

func requests(r *http.Request) {
	log.Println(r.Header.Get("Authorization")) // want "PHI211 Authorization is logged"
	log.Printf("%v", r.Header)                 // want "PHI211 r.Header is logged as a whole"
	log.Println(r.Header.Get("X-Request-Id"))  // ok: a number
	log.Println(r.FormValue("password"))       // want "PHI211"
	user, password, _ := r.BasicAuth()
	log.Println(user)     // ok: who
	log.Println(password) // want "PHI211"
}

func addresses(raw string) error {
	u, err := url.Parse(os.Getenv("DATABASE_URL"))
	if err != nil {
		return errors.New("DATABASE_URL is no URL")
	}
	log.Println(u.Redacted()) // ok: without the password
	log.Println(u.Host)       // ok: a host
	log.Println(u.String())   // want "PHI211"
	return nil
}

func failed(dsn string) {
	err := fmt.Errorf("cannot connect to %s", dsn)
	log.Println(err)                        // want "PHI211"
	log.Println(errors.New("bad password")) // ok: a message
}

func names(secretName, tokenType, keyID, passwordField, tokenURL, nextPageToken, publicKey string) {
	log.Println(secretName, tokenType, keyID)         // ok: names of things
	log.Println(passwordField, tokenURL)              // ok: names of things
	log.Println(nextPageToken)                        // ok: a place in a list
	log.Println(publicKey)                            // ok: public
	log.Println(strings.Repeat("*", len(secretName))) // ok: stars
}

func bare(token string) {
	log.Printf("invalid token %s", token) // want "PHI211 token is logged"
}

func sent(r *http.Request, token string) {
	req, err := http.NewRequest("GET", "http://clinic.example", nil)
	if err != nil {
		log.Fatal(err) // ok: a constant address
	}
	for k := range r.Header {
		req.Header.Add(k, r.Header.Get(k))
	}
	if r.Method == "GET" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err) // ok: headers are not quoted
	}
	log.Println(resp.Status) // ok: a status
}

// Token is of another package's making.
type Token interface{ Issuer() string }

func issued(bearerToken Token, credential, verifiableCredential string) {
	log.Println(bearerToken.Issuer())             // ok: who issued it
	log.Println(credential, verifiableCredential) // ok: may be a diploma
}

func byChance(n int) string {
	letters := "abcdefghijklmnop"
	out := make([]byte, 12)
	for i := range out {
		out[i] = letters[(n+i)%len(letters)]
	}
	return string(out)
}

func fixed(on bool) string {
	if on {
		return "***"
	}
	return "unset"
}

func generatedSecrets(n int) {
	password := byChance(n)
	fmt.Println("new password: " + password) // want "PHI211"
	shown := byChance(n)
	fmt.Println(shown) // ok: nothing says what it is
	secret := fixed(n > 0)
	fmt.Println(secret) // ok: a constant
}

func keys(logger *zap.Logger, encoded, rsaPublicKey string) {
	logger.Info("keep this", zap.String("SMART_RSA_KEY", encoded)) // want "PHI211 SMART_RSA_KEY is logged"
	logger.Info("found", zap.String("key", encoded))               // ok: of what, it does not say
	log.Println(rsaPublicKey)                                      // ok: for everybody
}
