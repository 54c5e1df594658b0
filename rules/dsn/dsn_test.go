package dsn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/dsn"
)

// holes writes the marker "_?_" of the tables as a hole.
func holes(s string) string { return strings.ReplaceAll(s, "_?_", "\x00\x00") }

// judge renders everything that is said about a string, as the tables spell it.
func judge(text string, driver dsn.Driver) string {
	d, ok := dsn.Parse(text)
	if !ok {
		return "no DSN"
	}
	var out []string
	if p, ok := d.TLS(driver); ok {
		at := "absent"
		if p.End > p.Start {
			at = text[p.Start:p.End]
		}
		out = append(out, fmt.Sprintf("tls %v %s", p.Severity, at))
	}
	if p, ok := d.OldTLS(); ok {
		out = append(out, fmt.Sprintf("version %v %s", p.Severity, text[p.Start:p.End]))
	}
	if p, ok := d.Credential(); ok {
		out = append(out, fmt.Sprintf("password %v", p.Severity))
	}
	return strings.Join(out, ", ")
}

func TestJudge(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"URL without TLS", "postgres://u:_?_@db.example.org/phi?sslmode=disable", "tls high disable"},
		{"other scheme of the same", "postgresql://u@db/phi?sslmode=allow", "tls high allow"},
		{"migration tool's scheme", "pgx5://u@db/phi?sslmode=prefer", "tls high prefer"},
		{"unverified", "postgres://u@db/phi?sslmode=require", "tls low require"},
		{"host name unverified", "postgres://u@db/phi?sslmode=verify-ca", "tls low verify-ca"},
		{"verified", "postgres://u@db/phi?sslmode=verify-full", ""},
		{"mode unknown", "postgres://u@db/phi?sslmode=_?_", ""},
		{"last one wins", "postgres://u@db/phi?sslmode=disable&sslmode=verify-full", ""},
		{"absent, remote", "postgres://u@db.example.org:5432/phi", "tls medium absent"},
		{"absent, host unknown", "postgres://_?_:_?_@_?_:_?_/_?_", "tls low absent"},
		{"absent, loopback", "postgres://u@127.0.0.1/phi", ""},
		{"absent, query unknown", "postgres://u@db/phi?_?_", ""},
		{"absent, more may follow the name", "postgres://u@db/phi_?_", ""},
		{"absent, all unknown", "postgres://_?_", ""},
		{"loopback", "postgres://u@localhost:5432/phi?sslmode=disable", "tls low disable"},
		{"IPv6 loopback", "postgres://u@[::1]:5432/phi?sslmode=disable", "tls low disable"},
		{"IPv6", "postgres://u@[2001:db8::1]/phi?sslmode=disable", "tls high disable"},
		{"one of two hosts is remote", "postgres://u@localhost,db2/phi?sslmode=disable", "tls high disable"},
		{"socket in the authority", "postgres://u@%2Fvar%2Frun/phi?sslmode=disable", ""},
		{"socket in the query", "postgres:///phi?host=/cloudsql/x&sslmode=disable", ""},
		{"password", "postgres://app:S3cr3tW0rd@db/phi?sslmode=verify-full", "password high"},
		{"password with @", "postgres://app:S3c@r3t@db/phi?sslmode=verify-full", "password high"},
		{"stock password", "postgres://app:postgres@db/phi?sslmode=verify-full", "password medium"},
		{"stock password on this machine", "postgres://app:postgres@localhost/phi?sslmode=disable", "tls low disable, password low"},
		{"empty password", "postgres://app:@db/phi?sslmode=verify-full", ""},
		{"masked password", "postgres://app:*****@db/phi?sslmode=verify-full", ""},
		{"templated password", "postgres://app:<password>@db/phi?sslmode=verify-full", ""},
		{"password named by its variable", "postgres://app:DB_PASSWORD@db/phi?sslmode=verify-full", ""},
		{"password in the query", "postgres://db/phi?user=app&password=S3cr3tW0rd&sslmode=verify-full", "password high"},
		{"system roots imply verify-full", "postgres://u@db/phi?sslrootcert=system", ""},
		{"service file may say it", "postgres://u@db/phi?service=phi", ""},

		{"keywords", "host=db user=app password=S3cr3tW0rd dbname=phi sslmode=disable", "tls high disable, password high"},
		{"keywords with holes", "host=_?_ port=_?_ user=_?_ password=_?_ dbname=_?_ sslmode=disable", "tls high disable"},
		{"keywords, mode unknown", "host=_?_ user=_?_ sslmode=_?_", ""},
		{"keywords, absent", "host=_?_ user=_?_ password=_?_ dbname=phi port=5432", "tls low absent"},
		{"keywords, absent, more may follow", "host=_?_ user=_?_ _?_", ""},
		{"outdated TLS", "host=db user=app sslmode=verify-full ssl_min_protocol_version=TLSv1", "version high TLSv1"},
		{"outdated TLS at most", "postgres://u@db/phi?sslmode=verify-full&ssl_max_protocol_version=tlsv1.1", "version high tlsv1.1"},
		{"current TLS", "host=db user=app sslmode=verify-full ssl_min_protocol_version=TLSv1.2", ""},
		{"quoted value", `host=db user=app password='it\'s one' sslmode='verify-full'`, "password high"},
		{"quoted mode", "host=db user=app sslmode='disable'", "tls high disable"},
		{"escaped space", `host=db user=app\ sslmode=disable dbname=phi`, "tls medium absent"},
		{"spaces around =", "host = db user = app sslmode = disable", "tls high disable"},
		{"empty value before a keyword", "host=db password= dbname=phi sslmode=verify-full", ""},
		{"lines", "host=db\n\tuser=app\n\tsslmode=disable", "tls high disable"},
		{"socket", "host=/var/run/postgresql user=app sslmode=disable", ""},
		{"pgx extras", "host=db user=app sslmode=verify-full default_query_exec_mode=exec pool_max_conns=4", ""},
		{"gorm's TimeZone", "host=db user=app dbname=phi sslmode=disable TimeZone=Asia/Jakarta", "tls high disable"},
		{"unclosed quote", "host=db user=app password='x sslmode=disable", "no DSN"},

		{"piece of a query", "?sslmode=disable", "tls high disable"},
		{"piece behind unknown text", "_?_?sslmode=disable&search_path=app", "tls high disable"},
		{"piece with &", "&sslmode=disable", "tls high disable"},
		{"piece of keywords", " sslmode=disable connect_timeout=5", "tls high disable"},
		{"bare piece", "sslmode=require", "tls low require"},
		{"piece glued to unknown text", "_?_sslmode=disable", "tls high disable"},
		{"scheme unknown", "_?_://_?_:_?_@_?_/_?_?sslmode=disable", "tls high disable"},

		{"MySQL", "app:S3cr3tW0rd@tcp(db:3306)/phi?tls=false", "no DSN"},
		{"MySQL URL", "mysql://app:S3cr3tW0rd@db/phi?sslmode=disable", "no DSN"},
		{"Redis", "redis://:S3cr3tW0rd@cache:6379/0", "no DSN"},
		{"Mongo", "mongodb://app:S3cr3tW0rd@db/phi?ssl=false", "no DSN"},
		{"error text", "sslmode=disable is not allowed in production", "no DSN"},
		{"prose with a URL", "connect with postgres://u:p@h/db?sslmode=disable", "no DSN"},
		{"log line", "user=_?_ id=_?_ took=_?_", "no DSN"},
		{"log line that shares words", "user=_?_ host=_?_ method=_?_ path=_?_ status=_?_", "no DSN"},
		{"empty", "", "no DSN"},
		{"scheme alone", "postgres://", "tls low absent"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := judge(holes(tt.text), dsn.PGX); got != tt.want {
				t.Errorf("judge(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestComplete(t *testing.T) {
	tests := []struct {
		text string
		want bool
	}{
		{"host=_?_ user=_?_ password=_?_ dbname=phi", true},
		{"host=_?_ user=_?_ dbname=phi", false},
		{"host=_?_ user=_?_ password=_?_ dbname=phi _?_", false},
		{"postgres://_?_:_?_@_?_/_?_", true},
		{"postgres://_?_@_?_/_?_", false},
		{"?sslmode=disable", false},
	}
	for _, tt := range tests {
		if d, ok := dsn.Parse(holes(tt.text)); !ok || d.Complete() != tt.want {
			t.Errorf("Parse(%q) = %v, %v; want complete: %v", tt.text, d, ok, tt.want)
		}
	}
}

func TestDrivers(t *testing.T) {
	const remote = "postgres://u@db.example.org/phi"
	for driver, want := range map[dsn.Driver]string{
		dsn.AnyDriver: "tls medium absent", dsn.PGX: "tls medium absent",
		dsn.PQ: "tls low absent", dsn.GoPG: "tls low absent", dsn.Bun: "tls low absent",
	} {
		if got := judge(remote, driver); got != want {
			t.Errorf("driver %d: judge(%q) = %q, want %q", driver, remote, got, want)
		}
	}
}

func TestFactsHoldNoValues(t *testing.T) {
	d, _ := dsn.Parse("postgres://app:S3cr3tW0rd@db.internal/phi?sslmode=disable")
	tls, _ := d.TLS(dsn.PGX)
	pw, _ := d.Credential()
	for _, fact := range []string{tls.Fact, pw.Fact} {
		if fact == "" || strings.Contains(fact, "S3cr3tW0rd") || strings.Contains(fact, "db.internal") {
			t.Errorf("fact %q is empty or repeats a value", fact)
		}
	}
}

func TestMask(t *testing.T) {
	tests := []struct{ in, want string }{
		{"postgres://$USER:${PW:-x}@db/phi", "postgres://_____:________@db/phi"},
		{"{{ .Dsn }}?sslmode=disable", "__________?sslmode=disable"},
		{"$(cat /run/pw)", "______________"},
		{"costs 5$ or $$", "costs 5$ or $$"},
		{"${open", "______"},
	}
	for _, tt := range tests {
		got := strings.ReplaceAll(dsn.Mask(tt.in), "\x00", "_")
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("Mask(%q) (-want +got):\n%s", tt.in, diff)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"postgres://u:p@[::1]:5432,h2/db?sslmode=disable&x#y", "host='a\\'b' user=x sslmode=disable",
		"?sslmode=disable", "\x00sslmode=disable", "postgres://%zz", "jdbc:postgresql://h/d", "password= user=x host="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if masked := dsn.Mask(text); len(masked) != len(text) {
			t.Errorf("Mask(%q) has %d bytes, want %d", text, len(masked), len(text))
		}
		d, ok := dsn.Parse(text)
		if !ok {
			return
		}
		for _, s := range append(d.Settings, dsn.Setting{Value: d.Password}) {
			if v := s.Value; v.Start < 0 || v.Start > v.End || v.End > len(text) {
				t.Errorf("Parse(%q): setting %q spans %d..%d", text, s.Key, v.Start, v.End)
			}
		}
		d.TLS(dsn.PGX)
		d.Credential()
	})
}
