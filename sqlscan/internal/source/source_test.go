package source_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

var update = flag.Bool("update", false, "rewrite the want sections")

// TestFind runs the cases of testdata: a comment that says what they show, the
// files of a project, and under "want" the histories, the statements that are
// run on the way up, the rows of COPY and the notices.
func TestFind(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := ruletest.Files{}, ""
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					archive.Files = archive.Files[:i]
					break
				}
				files[f.Name] = string(f.Data)
			}
			o := source.FindOptions{Root: files.Write(t)}
			options(&o, string(archive.Comment))
			got := describe(t, o)
			if *update {
				archive.Files = append(archive.Files, txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("histories (-want +got):\n%s", diff)
			}
		})
	}
}

// options reads lines such as "paths: a.sql b.sql" of a case's comment.
func options(o *source.FindOptions, comment string) {
	for line := range strings.Lines(comment) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "paths":
			o.Paths = strings.Fields(value)
		case "exclude":
			o.Exclude = strings.Fields(value)
		case "tool":
			o.Tool = value
		case "vars":
			o.Vars = make(map[string]string)
			for _, f := range strings.Fields(value) {
				k, v, _ := strings.Cut(f, "=")
				o.Vars[k] = v
			}
		}
	}
}

func describe(t *testing.T, o source.FindOptions) string {
	t.Helper()
	histories, notices, err := source.Find(o)
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	var b strings.Builder
	for _, h := range histories {
		fmt.Fprintf(&b, "%s (%s)\n", h.Dir, h.Tool)
		for _, f := range h.Files {
			checkFile(t, f)
			fmt.Fprintf(&b, "  %s\n", f.Path)
			for _, s := range pgparse.Parse(f.SQL) {
				text := strings.Join(strings.Fields(string(f.SQL[s.Start:s.End])), " ")
				if s.Err != nil {
					text += " !" + s.Err.Message
				}
				fmt.Fprintf(&b, "    %s\n", text)
			}
			for _, c := range f.Copy {
				fmt.Fprintf(&b, "    rows of %s %v:", c.Table, c.Columns)
				for _, r := range c.Rows {
					for _, v := range c.Fields(f.Content, r) {
						fmt.Fprintf(&b, " %s", f.Content[v.Start:v.End])
					}
					b.WriteString(" |")
				}
				b.WriteString("\n")
			}
		}
	}
	for _, n := range notices {
		fmt.Fprintf(&b, "notice: %s: %s\n", n.File, n.Message)
	}
	return b.String()
}

// checkFile holds what is true of every file: no byte moves, no line moves.
func checkFile(t *testing.T, f source.File) {
	t.Helper()
	if len(f.SQL) != len(f.Content) {
		t.Fatalf("%s: SQL has %d bytes, content %d", f.Path, len(f.SQL), len(f.Content))
	}
	for i, c := range f.Content {
		if (c == '\n') != (f.SQL[i] == '\n') {
			t.Fatalf("%s: a line end at %d came or went", f.Path, i)
		}
	}
	for _, c := range f.Copy {
		for _, r := range c.Rows {
			if r.Start < 0 || r.End < r.Start || r.End > len(f.Content) {
				t.Fatalf("%s: row %v is outside of the file", f.Path, r)
			}
		}
	}
}

func TestTemplated(t *testing.T) {
	const text = "CREATE ROLE a PASSWORD :'pw'; CREATE ROLE b PASSWORD 'x';"
	dir := ruletest.Files{"a.sql": text}.Write(t)
	h, _, err := source.Find(source.FindOptions{Root: dir})
	if err != nil || len(h) != 1 {
		t.Fatalf("Find: %v, %v", h, err)
	}
	f := h[0].Files[0]
	for _, test := range []struct {
		part string
		want bool
	}{{":'pw'", true}, {"'x'", false}} {
		start := strings.Index(text, test.part)
		if got := f.Templated(start, start+len(test.part)); got != test.want {
			t.Errorf("Templated(%s) = %v, want %v", test.part, got, test.want)
		}
	}
}

func TestFindUnreadable(t *testing.T) {
	dir := ruletest.Files{"sql/a.sql": "SELECT 1;"}.Write(t)
	for name, target := range map[string]string{"sql/loop_migrations": dir, "sql/gone.sql": "nowhere.sql", "sql/self.sql": "self.sql", "sql/again.sql": "a.sql"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	h, notices, err := source.Find(source.FindOptions{Root: dir})
	if err != nil {
		t.Fatal(err)
	}
	var files, said []string
	for _, x := range h {
		for _, f := range x.Files {
			files = append(files, f.Path)
		}
	}
	for _, n := range notices {
		said = append(said, n.File)
	}
	if diff := cmp.Diff([]string{"sql/a.sql", "sql/again.sql"}, files); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"sql/gone.sql", "sql/loop_migrations", "sql/self.sql"}, said); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
	if _, _, err := source.Find(source.FindOptions{Root: filepath.Join(dir, "nowhere")}); err == nil {
		t.Error("Find below a missing root: no error")
	}
	if _, _, err := source.Find(source.FindOptions{Root: dir, Paths: []string{"nowhere.sql"}}); err == nil {
		t.Error("Find of a missing file: no error")
	}
	if _, _, err := source.Find(source.FindOptions{Root: dir, Tool: "nothing"}); err == nil {
		t.Error("Find with an unknown tool: no error")
	}
}

func FuzzFind(f *testing.F) {
	f.Add("a.sql", []byte("\\c x\nCOPY a FROM stdin;\n1\t2\n\\.\nSELECT :'a', {{ b }}, ${c}, @d, :\"e\", :{?f};"))
	f.Add("1_a.sql", []byte("-- +goose Up\nSELECT 1\n-- +goose StatementEnd\n-- +goose Down\nDROP TABLE a;"))
	f.Add("V1__a.sql", []byte("DO $$ BEGIN ${a}; END $$; {{"))
	f.Add("a.sql", []byte("0#{} 0 {{if .mysql}} a {{else if .sqlite}} b {{else}} \"{{ c \"d\" }}\" {{end}}"))
	f.Add("1.sql", []byte("-- atlas:txtar\n-- a --\nx\n-- migration.sql --\nSELECT '"))
	f.Fuzz(func(t *testing.T, name string, content []byte) {
		name = filepath.Base(filepath.Clean("/" + strings.ReplaceAll(name, "\x00", "")))
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
			t.Skip()
		}
		histories, _, err := source.Find(source.FindOptions{Root: dir})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range histories {
			for _, x := range h.Files {
				checkFile(t, x)
				if !bytes.Equal(x.Content, content) {
					t.Fatal("content differs from the file")
				}
			}
		}
	})
}

// A byte order mark and the line ends of Windows hide no marker.
func TestFindWindowsFiles(t *testing.T) {
	text := "\ufeff--liquibase formatted sql\r\n--changeset a:1 dbms:mysql\r\nCREATE TABLE m (a int);\r\n" +
		"--changeset a:2\r\nCREATE TABLE p (a int)\r\n--changeset a:3\r\nCOPY p FROM stdin;\r\n1\r\n\\.\r\nSELECT 1;\r\n"
	got := describe(t, source.FindOptions{Root: ruletest.Files{"a.sql": text}.Write(t)})
	want := ". (liquibase)\n  a.sql\n    CREATE TABLE p (a int)\n    COPY p FROM stdin\n    SELECT 1\n    rows of p []: 1 |\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("histories (-want +got):\n%s", diff)
	}
}
