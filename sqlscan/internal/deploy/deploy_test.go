package deploy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// say renders what a document holds, with the text that each thing points to.
func say(d *Document) []string {
	var out []string
	at := func(start, end int) string { return strings.ReplaceAll(string(d.Content[start:end]), "\n", "|") }
	for _, s := range d.Servers {
		for _, a := range s.Settings {
			out = append(out, fmt.Sprintf("%s: %s=%s [%s]", s.Origin, a.Name, a.Value, at(a.Start, a.End)))
		}
	}
	for _, list := range d.Records {
		for _, x := range list {
			out = append(out, fmt.Sprintf("record %s %s %s [%s]", x.Type, x.Address, x.Method, at(x.Start, x.End)))
		}
	}
	for _, c := range d.Connections {
		kind := "tls"
		if c.Password {
			kind = "password"
		}
		out = append(out, fmt.Sprintf("%s %s %s [%s]", kind, c.Name, c.Problem.Severity, at(c.Problem.Start, c.Problem.End)))
	}
	for _, p := range d.Projects {
		out = append(out, fmt.Sprintf("%s: %s [%s]", p.Name, p.Fact, at(p.Start, p.End)))
	}
	return out
}

func TestPlaces(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"plain", "a.yaml", "postgres: ü\nsslmode: disable # why\n", []string{"tls sslmode high [disable]"}},
		{"quoted", "a.yaml", "a: {sslmode: \"disable\", b: 'x'}\n", []string{"tls sslmode high [disable]"}},
		{"wide characters before it", "a.yaml", "a: {ü: \"日本\", sslmode: 'disable'}\n", []string{"tls sslmode high [disable]"}},
		{"line breaks of YAML", "a.yaml", "a: \"x\u2028y\"\r\nsslmode: disable\r\n", []string{"tls sslmode high [disable]"}},
		{"byte order mark", "a.yaml", "\ufeffsslmode: disable\n", []string{"tls sslmode high [disable]"}},
		{"tag and anchor", "a.yaml", "sslmode: !!str &m disable\n", []string{"tls sslmode high [disable]"}},
		{"documents", "a.yaml", "a: 1\n---\nsslmode: disable\n---\nsslmode: allow\n", []string{"tls sslmode high [disable]", "tls sslmode high [allow]"}},
		{"template", "a.yaml", "x: {{ .a }}\n{{- if .b }}\nurl: \"postgres://{{ .u }}@db/x?sslmode=disable\"\n{{- end }}\n", []string{"tls url high [disable]"}},
		{"escapes", "a.yaml", "url: \"postgres:\\x2f/u@db/x?sslmode=disable\"\n", []string{"tls url high [postgres:\\x2f/u@db/x?sslmode=disable]"}},
		{"block", "a.yaml", "conf:\n  postgresql.conf: |\n    ssl = off # no\n\n    log_statement = 'all'\nb: 1\n", []string{"conf.postgresql.conf: ssl=off [ssl = off]", "conf.postgresql.conf: log_statement=all [log_statement = 'all']"}},
		{"folded command", "a.yaml", "db:\n  image: postgres\n  command: >-\n    postgres\n    -c ssl=off\n  x: 1\n", []string{"db: ssl=off [ssl=off]"}},
		{"command over lines", "a.yaml", "db:\n  image: postgres\n  command: postgres -c\n    ssl=off\n", []string{"db: ssl=off [ssl=off]"}},
		{"list of words", "a.yaml", "db:\n  image: postgres:15\n  command: [\"-c\", 'ssl=off']\n", []string{"db: ssl=off [ssl=off]"}},
		{"records", "a.yaml", "pg_hba:\n  - 'host all all 0.0.0.0/0 md5'\n", []string{"record host 0.0.0.0/0 md5 [host all all 0.0.0.0/0 md5]"}},
		{"JSON", "a.json", "{\"a\": [1, {\"sslmode\" : \"disable\"}]}", []string{"tls sslmode high [disable]"}},
		{"JSON that ends early", "a.json", "{\"sslmode\":\"disable\",", []string{"tls sslmode high [disable]"}},
		{"TOML", "a.toml", "[db]\nsslmode = 'disable' # why\n", []string{"tls sslmode high [disable]"}},
		{"TOML text", "a.toml", "a = \"\"\"\nsslmode = 'disable'\n\"\"\"\nsslmode = \"allow\"\n", []string{"tls sslmode high [allow]"}},
		{"environment", ".env", "export PGSSLMODE=disable # why\r\n", []string{"tls PGSSLMODE high [disable]"}},
		{"environment text", ".env", "A='x\nPGSSLMODE=disable\n'\nPGSSLMODE=\"allow\"\n", []string{"tls PGSSLMODE high [allow]"}},
		{"Terraform", "a.tf", "locals {\n  dsn = \"host=db user=u password=${x} sslmode=disable\"\n}\n", []string{"tls dsn high [host=db user=u password=${x} sslmode=disable]"}},
		{"heredoc", "a.tf", "locals {\n  x = <<-EOT\n    sslmode: disable\n    postgres://u@db/x?sslmode=disable\n  EOT\n}\n", []string{"tls x high [disable]"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := Parse(tt.file, []byte(tt.text))
			if diff := cmp.Diff(tt.want, say(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Work is linear: a megabyte on one line takes about what it takes on many.
func BenchmarkLines(b *testing.B) {
	for name, sep := range map[string]string{"one": ", ", "many": ",\n"} {
		text := []byte("{postgres: [" + strings.Repeat("{a: 'b', sslmode: verify-full}"+sep, 20_000) + "]}")
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Parse("a.yaml", text); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// An error tells the line and repeats nothing, for it may be a secret.
func TestErrors(t *testing.T) {
	const secret = "Tr0ub4dor"
	for file, text := range map[string]string{
		"a.yaml": "postgres: x\n  " + secret + ": [\n",
		"a.json": "{\"postgres\": \"x\",\n" + secret + "}",
		"a.tf":   "# postgres\nlocals {\n  a = \"" + secret + "\n}\n",
		"b.yaml": "postgres: \x00" + secret,
	} {
		_, err := Parse(file, []byte(text))
		switch {
		case err == nil:
			t.Errorf("%s: no error", file)
		case strings.Contains(err.Error(), secret):
			t.Errorf("%s: the error repeats text of the file: %v", file, err)
		}
	}
}

func TestWanted(t *testing.T) {
	for name, want := range map[string]bool{
		".env": true, "a/.env.production": true, "prod.env": true, "env.example": true, "compose.yaml": true, "values-prod.yml": true,
		"config.json": true, "main.tf": true, "prod.tfvars": true, "app.toml": true,
		".env.test": false, "docker-compose.test.yml": false, ".gitlab-ci.yml": false, "package-lock.json": false, "pnpm-lock.yaml": false,
		"main.go": false, "x.sql": false, "latest.yaml": true, "config.ci.yaml": false,
	} {
		if got := Wanted(name); got != want {
			t.Errorf("Wanted(%q) = %v, want %v", name, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: {b: [c, 'd', \"e\"]}\n", "services:\n db:\n  image: postgres\n  command: >\n   -c 'a=b\n", "x: &a [*a]\n", "postgres: {{ }}}\n", "\xef\xbb\xbfpostgres: \u2028'"} {
		for _, name := range []string{"a.yaml", "a.json", "a.tf", "a.toml", ".env"} {
			f.Add(name, "# postgres sslmode\n"+s)
		}
	}
	files, err := filepath.Glob("../../checks/testdata/*/deploy.txtar")
	if err != nil || len(files) == 0 {
		f.Fatal("no cases", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("a.yaml", string(text))
		f.Add("a.tf", string(text))
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		d, _ := Parse(name, []byte("# postgres\n"+text))
		say(d) // slices the content at every place
		d, _ = Parse(name, []byte(text))
		say(d)
	})
}
