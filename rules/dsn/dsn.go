// Package dsn reads PostgreSQL connection strings and judges them.
//
// It knows both forms that drivers take, the URL and libpq's keyword form, and
// pieces of them such as "?sslmode=disable". Text that is only known when the
// program runs is written as [Hole] bytes, so that a format string, an
// environment file and a literal are judged alike. Nothing here knows Go
// syntax or opens a connection, and no message repeats a value that could be a
// secret.
package dsn

import (
	"strings"
)

// Hole stands for text that is not known; any number of them in a row is one
// unknown piece. NUL cannot stand in a connection string.
const Hole = '\x00'

// Form says how a connection string is written.
type Form int

// The forms of a connection string.
const (
	URL      Form = iota + 1 // postgres://user:password@host/db?sslmode=…
	KeyValue                 // host=… user=… sslmode=…
	Piece                    // settings that are appended to one of the others
)

// A Value is one piece of a connection string.
type Value struct {
	Text       string // unescaped; may contain Hole
	Start, End int    // byte offsets of the raw text, quotes excluded
	Set        bool   // the string has the piece, perhaps empty
}

// Known reports whether the value is set and holds nothing unknown.
func (v Value) Known() bool { return v.Set && strings.IndexByte(v.Text, Hole) < 0 }

// A Setting is one keyword with its value.
type Setting struct {
	Key   string
	Value Value
}

// A DSN is a connection string taken apart.
type DSN struct {
	Form     Form
	Scheme   string // of a URL, lower case
	Hosts    []string
	Password Value
	Settings []Setting // of the query, or all keywords
	// Open says that unknown text may hold further settings, so the absence
	// of one proves nothing.
	Open bool
}

// Get returns the last value of a keyword, as drivers do.
func (d *DSN) Get(key string) Value {
	for i := len(d.Settings) - 1; i >= 0; i-- {
		if d.Settings[i].Key == key {
			return d.Settings[i].Value
		}
	}
	return Value{}
}

// Parse takes a connection string apart. It reports false for text that is not
// wholly a PostgreSQL connection string or a piece of one: prose that mentions
// one, other databases' strings, and text too vague to tell.
func Parse(text string) (*DSN, bool) {
	if i := strings.Index(text, "://"); i >= 0 && !strings.ContainsAny(text[:i], "=?& ") {
		return parseURL(text, i)
	}
	if d, ok := parseKeyValue(text); ok {
		return d, true
	}
	return parsePiece(text)
}

// keywords are libpq's parameter keywords, those that pgx and lib/pq add, and
// the run-time parameters that applications pass this way.
var keywords = func() map[string]bool {
	m := map[string]bool{}
	for _, k := range strings.Fields(`host hostaddr port dbname database user password passfile require_auth channel_binding
		connect_timeout client_encoding options application_name fallback_application_name keepalives keepalives_idle
		keepalives_interval keepalives_count tcp_user_timeout replication gssencmode sslmode requiressl sslnegotiation
		sslcompression sslcert sslkey sslkeylogfile sslpassword sslcertmode sslrootcert sslcrl sslcrldir sslsni requirepeer
		ssl_min_protocol_version ssl_max_protocol_version min_protocol_version max_protocol_version krbsrvname gsslib
		gssdelegation scram_client_key scram_server_key service servicefile target_session_attrs load_balance_hosts
		sslinline binary_parameters disable_prepared_binary_result krbspn
		default_query_exec_mode statement_cache_capacity description_cache_capacity statement_cache_mode
		prefer_simple_protocol min_read_buffer_size pool_max_conns pool_min_conns pool_min_idle_conns pool_max_conn_lifetime
		pool_max_conn_lifetime_jitter pool_max_conn_idle_time pool_health_check_period
		search_path timezone datestyle extra_float_digits statement_timeout lock_timeout
		idle_in_transaction_session_timeout idle_session_timeout default_transaction_isolation role`) {
		m[k] = true
	}
	return m
}()

// core keywords say of themselves that a connection is meant.
var core = map[string]bool{"host": true, "hostaddr": true, "dbname": true, "user": true, "password": true, "sslmode": true}

func known(key string) bool { return keywords[strings.ToLower(key)] || strings.HasPrefix(key, "x-") }

func isKey(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' && c != '-' && c != '.' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && (s[0] < '0' || s[0] > '9')
}

func holesOnly(s string) bool { return s != "" && strings.Trim(s, string(Hole)) == "" }
