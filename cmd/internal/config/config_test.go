package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/rules"
)

func known(id string) bool { return strings.HasPrefix(id, "PHI4") || strings.HasPrefix(id, "PHI5") }

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"unknown top key", "\nexclud = []\n", `:2: unknown key "exclud": the keys at the top level are exclude, go, migrations, phi, severity`},
		{"unknown key", "[phi]\nhealth = \"on\"\n\n[migrations]\npath = \"db\"\n", `:5: unknown key "migrations.path": the keys in [migrations] are paths, serves, tool, vars`},
		{"unknown table", "# c\n[sql]\nx = 1\n", `:2: unknown key "sql": the keys at the top level are exclude, go, migrations, phi, severity`},
		{"dotted", "go.test = true\n", `:1: unknown key "go.test": the keys in [go] are sanitizers, sinks, sources, tests`},
		{"health", "[phi]\nhealth = \"maybe\"\n", `:2: phi.health is "maybe": use auto, on or off`},
		{"tool", "[migrations]\ntool = \"gose\"\n", `:2: migrations.tool is "gose": use goose, sql-migrate, `},
		{"rule", "[severity]\nPHI501 = \"low\"\nPHI999 = \"low\"\n", `:3: severity names "PHI999", which is no rule: phivet rules lists them`},
		{"severity", "[severity]\nPHI501 = \"loud\"\n", `:2: severity of PHI501: unknown severity "loud": use critical, high, medium, low or info, or off`},
		{"glob", "exclude = [\"a\",\n \"\"]\n", `:1: exclude: pattern "" matches nothing`},
		{"value as severity", "[severity]\nPHI501 = \"401-11-2203\"\n", `:2: severity of PHI501: unknown severity "***"`},
		{"value as health", "[phi]\nhealth = \"tok7VeryS3cret9\"\n", `:2: phi.health is "***": use`},
		{"value as category", "[phi.columns]\na = \"q.ab3@hospital-nine.org\"\n", `:2: phi: columns "a": unknown category "***": use`},
		{"value as key", "\"401-11-2203\" = 1\n", `:1: unknown key "***": the keys at`},
		{"syntax", "[phi]\nhealth = \n", ":2: "},
		{"type", "[go]\ntests = \"yes\"\n", ":"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := config.Parse([]byte(tt.src), known)
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("Parse(%q) = %v, want %s", tt.src, err, tt.want)
			}
		})
	}
}

func TestRate(t *testing.T) {
	c, err := config.Parse([]byte("[severity]\nPHI501 = \"critical\"\nPHI405 = \"medium\"\nPHI520 = \"off\"\n"), known)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		id               string
		def, found, want rules.Severity
		off              bool
	}{
		{"PHI501", rules.High, rules.High, rules.Critical, false},
		{"PHI405", rules.High, rules.High, rules.Medium, false},
		{"PHI405", rules.High, rules.Low, rules.Info, false}, // two below the default stays two below
		{"PHI520", rules.Critical, rules.Critical, 0, true},
		{"PHI502", rules.Medium, rules.Low, rules.Low, false},
	}
	for _, tt := range tests {
		got, off := c.Rate(&rules.Rule{ID: tt.id, Severity: tt.def}, tt.found)
		if got != tt.want || off != tt.off || c.Off(tt.id) != tt.off {
			t.Errorf("Rate(%s, %s) = %s, %v, want %s, %v", tt.id, tt.found, got, off, tt.want, tt.off)
		}
	}
}

func TestExcluded(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"gen", "a/gen/x.go", true},
		{"gen/", "gen/x.go", true},
		{"gen", "general/x.go", false},
		{"*.pb.go", "a/b/x.pb.go", true},
		{"db/*.sql", "db/a.sql", true},
		{"db/*.sql", "x/db/a.sql", false},
		{"db/*.sql", "db/old/a.sql", false},
		{"db/**/a.sql", "db/a.sql", true},
		{"db/**/a.sql", "db/x/y/a.sql", true},
		{"/db", "x/db/a.sql", false},
		{"./db", "db/a.sql", true},
		{"a?c", "abc", true},
		{"a.c", "abc", false},
	}
	for _, tt := range tests {
		c, err := config.Parse([]byte("exclude = ['"+tt.pattern+"']"), known)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Excluded(tt.path); got != tt.want {
			t.Errorf("%q excludes %q: %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}

func TestFindRoot(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"repo/.git", "repo/svc/internal/x", "repo/db", "conf/mod/x"} {
		if err := os.MkdirAll(filepath.Join(base, dir), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"repo/svc/go.mod", "conf/.phivet.toml", "conf/mod/go.mod"} {
		if err := os.WriteFile(filepath.Join(base, file), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{
		"repo/svc/internal/x": "repo/svc", // the module
		"repo/db":             "repo",     // the repository
		"conf/mod/x":          "conf",     // the configuration is stronger than a nearer module
	} {
		got, err := config.FindRoot(filepath.Join(base, dir))
		if err != nil || got != filepath.Join(base, want) {
			t.Errorf("FindRoot(%s) = %s, %v, want %s", dir, got, err, want)
		}
		if below := filepath.Join(base, dir); !config.IsRoot(got) || config.IsRoot(below) {
			t.Errorf("IsRoot: %v for %s, %v for %s, want true and false", config.IsRoot(got), want, config.IsRoot(below), dir)
		}
	}
	if _, err := config.FindRoot(filepath.Join(base, "missing")); err == nil {
		t.Error("a directory that does not exist has a root")
	}
}

func TestDatabase(t *testing.T) {
	c, err := config.Parse([]byte("[migrations]\nserves = {a = \"x, y/**\", b = \"z\", c = \"y/both\"}\n"), func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{"x": "a", "x/deep/er": "a", "y/one": "a", "z": "b", "y/both": "", "other": "", ".": ""} {
		if got := c.Database(dir); got != want {
			t.Errorf("Database(%q) = %q, want %q", dir, got, want)
		}
	}
}
