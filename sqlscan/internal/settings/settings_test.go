package settings_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/sqlscan/internal/settings"
)

func TestParse(t *testing.T) {
	tests := []struct{ line, name, value string }{
		{"ssl = on", "ssl", "on"},
		{"  SSL=on\r", "ssl", "on"},
		{"ssl on # why", "ssl", "on"},
		{"ssl=on#why", "ssl", "on"},
		{"log_line_prefix = '%m [%p] it''s \\'x\\' # no comment'", "log_line_prefix", "%m [%p] it's 'x' # no comment"},
		{"a.b = ''", "a.b", ""},
		{"work_mem=4MB", "work_mem", "4MB"},
		{"include_dir 'conf.d'", "include_dir", "conf.d"},
		{"# ssl = off", "", ""},
		{"ssl", "", ""},
		{"ssl =", "", ""},
		{"ssl = 'off", "", ""},
		{"ssl = off on", "", ""},
		{"user nginx;", "user", "nginx;"}, // no other file is told apart by its lines alone
		{"http {", "http", "{"},
		{"= off", "", ""},
		{"\xff\xfe", "", ""},
	}
	for _, tt := range tests {
		f := settings.Parse("x.conf", []byte("\n"+tt.line+"\n"))
		var name, value string
		if len(f.Assignments) == 1 {
			a := f.Assignments[0]
			name, value = a.Name, a.Value
			if a.Start < 1 || a.End > len(tt.line)+1 || a.Start >= a.End {
				t.Errorf("%q: span %d to %d", tt.line, a.Start, a.End)
			}
		}
		if name != tt.name || value != tt.value {
			t.Errorf("%q: got %q = %q, want %q = %q", tt.line, name, value, tt.name, tt.value)
		}
	}
}

func TestIncludes(t *testing.T) {
	files := []*settings.File{
		settings.Parse("pg/postgresql.conf", []byte("listen_addresses = '*'\nssl = on\ninclude_dir = 'conf.d'\nssl = off\n")),
		settings.Parse("pg/conf.d/10.conf", []byte("ssl = on\nwork_mem = 1MB\n")),
		settings.Parse("pg/conf.d/20.conf", []byte("work_mem = 2MB\n")),
		settings.Parse("pg/pg_hba.conf", []byte("local all all peer\n")),
		settings.Parse("lone/postgresql.conf", []byte("listen_addresses = '*'\nssl = on\ninclude_if_exists '/etc/more.conf'\n")),
	}
	loop := []*settings.File{
		settings.Parse("a/postgresql.conf", []byte("ssl = on\ninclude 'b.conf'\n")),
		settings.Parse("a/b.conf", []byte("include 'postgresql.conf'\n")),
	}
	if n := len(settings.Configs(loop)); n != 2 {
		t.Errorf("%d of 2 files that include each other are left", n)
	}
	got := map[string][]string{}
	for _, c := range settings.Configs(files) {
		for _, a := range c.Settings {
			got[c.File.Path] = append(got[c.File.Path], a.File+": "+a.Name+" = "+a.Value)
		}
		if want := c.File.Path == "pg/postgresql.conf"; c.Whole != want {
			t.Errorf("%s: whole is %v, want %v", c.File.Path, c.Whole, want)
		}
	}
	want := map[string][]string{
		"pg/postgresql.conf":   {"pg/postgresql.conf: listen_addresses = *", "pg/conf.d/20.conf: work_mem = 2MB", "pg/postgresql.conf: ssl = off"},
		"lone/postgresql.conf": {"lone/postgresql.conf: listen_addresses = *", "lone/postgresql.conf: ssl = on"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestRecognised(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"x.conf", "shared_buffers = 1GB\nmax_connections = 100\n", true},
		{"x.conf", "pgaudit.log = 'all'\n", true},
		{"x.conf", "host all all 10.0.0.0/8 md5\n", true},
		{"nginx.conf", "user nginx;\nworker_processes auto;\nevents {\n}\n", false},
		{"redis.conf", "bind 127.0.0.1\nport 6379\nmaxmemory 1gb\n", false},
		{"host.conf", "multi on\n", false},
		{"x.conf", "host db\nport 5432\n", false},
		{"x.conf", "", false},
	}
	for _, tt := range tests {
		if got := settings.Parse(tt.name, []byte(tt.text)).Recognised(); got != tt.want {
			t.Errorf("Recognised of %s %q = %v, want %v", tt.name, tt.text, got, tt.want)
		}
	}
}

// The release is read off the path, where Debian and container images put it.
func TestMajor(t *testing.T) {
	for path, want := range map[string]int{
		"etc/postgresql/15/main/postgresql.conf": 15, "pg16/postgresql.conf": 16, "postgres-9.6/postgresql.conf": 9,
		"docker/pgsql_v17/postgresql.conf": 17, "postgresql.conf": 0, "site/15/postgresql.conf": 0, "phase2/12/postgresql.conf": 0,
	} {
		c := settings.Configs([]*settings.File{settings.Parse(path, []byte("ssl = on\n"))})
		if len(c) != 1 || c[0].Major != want {
			t.Errorf("%s: %+v, want release %d", path, c, want)
		}
	}
}

func TestClasses(t *testing.T) {
	tests := []struct {
		value string
		on    []string
	}{
		{"none", nil},
		{"", nil},
		{"ALL, -misc", []string{"read", "write", "role", "ddl", "function"}},
		{"all, -misc, misc_set", []string{"read", "write", "role", "ddl", "function", "misc_set"}},
		{"misc", []string{"misc", "misc_set"}},
		{"-read, read", []string{"read"}},
		{"\"read\", 'write'", []string{"read", "write"}},
	}
	for _, tt := range tests {
		got := settings.Classes(tt.value)
		want := map[string]bool{}
		for _, c := range tt.on {
			want[c] = true
		}
		for c, on := range got {
			if on != want[c] {
				t.Errorf("Classes(%q)[%s] = %v", tt.value, c, on)
			}
		}
		for c := range want {
			if !got[c] {
				t.Errorf("Classes(%q) lacks %s", tt.value, c)
			}
		}
	}
}

func TestRecords(t *testing.T) {
	text := "# TYPE\nlocal all all peer\n\thost a, b \"x y\" 10.0.0.0 255.0.0.0 md5 map=m\nhost all all 10.0.0.1\nfoo all all all trust\nhostssl all all all CERT\n"
	var got []string
	for _, r := range settings.Parse("pg_hba.conf", []byte(text)).Records {
		got = append(got, r.Type+"|"+r.Databases+"|"+r.Users+"|"+r.Address+"|"+r.Method+"|"+text[r.Start:r.End])
	}
	want := []string{
		"local|all|all||peer|local all all peer",
		"host|a,b|x y|10.0.0.0/8|md5|host a, b \"x y\" 10.0.0.0 255.0.0.0 md5 map=m",
		"hostssl|all|all|all|cert|hostssl all all all CERT",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("postgresql.conf", "ssl = 'on\ninclude 'x'\n")
	f.Add("pg_hba.conf", "host \"a,b all 1.2.3.4 999 md5")
	f.Fuzz(func(t *testing.T, name, text string) {
		file := settings.Parse(name, []byte(text))
		for _, a := range file.Assignments {
			if a.Start < 0 || a.End > len(text) || a.Start >= a.End {
				t.Fatalf("span %d to %d of %d bytes", a.Start, a.End, len(text))
			}
			settings.Judge(a.Name, a.Value, settings.Server, func(string) (string, bool) { return "", false })
		}
		for _, r := range file.Records {
			if r.Start < 0 || r.End > len(text) || r.Start > r.End {
				t.Fatalf("span %d to %d of %d bytes", r.Start, r.End, len(text))
			}
		}
		settings.Configs([]*settings.File{file})
	})
}
