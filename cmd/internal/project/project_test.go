package project_test

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/rules/phi"
	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
)

func buildID(t *testing.T, root string) string {
	t.Helper()
	p, err := project.Open(root, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	id, err := p.BuildID(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// TestBuildID follows the build ID through edits: it changes with the schema
// and the configuration, comes back with them, and ignores what neither is.
func TestBuildID(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	const one = "CREATE TABLE patients (id bigint PRIMARY KEY, ssn text);\n"
	root := ruletest.Files{"go.mod": "module x\n", "db/migrations/001.sql": one}.Write(t)
	first := buildID(t, root)
	if again := buildID(t, root); again != first {
		t.Errorf("unchanged project: %s, then %s", first, again)
	}

	// The same size within one tick of the clock: only the content tells.
	now := time.Now()
	changed := "CREATE TABLE patients (id bigint PRIMARY KEY, mrn text);\n"
	ruletest.Files{"db/migrations/001.sql": changed}.WriteTo(t, root)
	if err := os.Chtimes(filepath.Join(root, "db/migrations/001.sql"), now, now); err != nil {
		t.Fatal(err)
	}
	second := buildID(t, root)
	if second == first {
		t.Error("a changed column does not change the build ID")
	}

	ruletest.Files{"db/migrations/002.sql": "CREATE TABLE visits (id bigint, patient_id bigint);\n"}.WriteTo(t, root)
	if id := buildID(t, root); id == second {
		t.Error("a new migration does not change the build ID")
	}
	if err := os.Remove(filepath.Join(root, "db/migrations/002.sql")); err != nil {
		t.Fatal(err)
	}
	ruletest.Files{"db/migrations/001.sql": one, "README.md": "changed"}.WriteTo(t, root)
	if id := buildID(t, root); id != first {
		t.Error("changed back, the build ID does not come back")
	}
	ruletest.Files{".phivet.toml": "[phi]\nhealth = \"on\"\n"}.WriteTo(t, root)
	if id := buildID(t, root); id == first {
		t.Error("a configuration does not change the build ID")
	}
}

func TestWriteFileAtomic(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a", "b.txt")
	for _, content := range []string{"one", "two"} {
		if err := project.WriteFileAtomic(name, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != content {
			t.Errorf("read %q, %v, want %q", got, err, content)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(name)); err != nil || len(entries) != 1 {
		t.Errorf("left behind %v, %v", entries, err)
	}
	if err := project.WriteFileAtomic(filepath.Join(name, "c"), nil); err == nil {
		t.Error("a file was written below a file")
	}
}

func TestWriteFileAtomicKeepsDevices(t *testing.T) {
	link := filepath.Join(t.TempDir(), "null")
	if err := os.Symlink(os.DevNull, link); err != nil {
		t.Skip(err)
	}
	if err := project.WriteFileAtomic(link, []byte("report")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("after writing to it the link is %v, %v; want the link", info, err)
	}
}

func scan(t *testing.T, root string) *sqlscan.Result {
	t.Helper()
	p, err := project.Open(root, func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Scan(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestScanIsKept takes a second scan from the cache, complete, as long as nothing
// changes that a scan reads.
func TestScanIsKept(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	root := t.TempDir()
	clinic, err := filepath.Abs(filepath.Join("..", "..", "..", "testdata", "clinic"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(root, os.DirFS(clinic)); err != nil {
		t.Fatal(err)
	}
	const migration = "migrations/000002_patients.up.sql"
	// old makes a file look as if nobody had touched it for an hour.
	old := func(name string) {
		at := time.Now().Add(-time.Hour).Truncate(time.Hour)
		if err := os.Chtimes(filepath.Join(root, filepath.FromSlash(name)), at, at); err != nil {
			t.Fatal(err)
		}
	}
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			old(project.Relative(root, name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	first := scan(t, root)
	if len(first.Findings) < 50 || len(first.Tables) == 0 {
		t.Fatalf("%d findings, %d tables", len(first.Findings), len(first.Tables))
	}
	same := func(what string, want bool) {
		t.Helper()
		got := scan(t, root)
		diff := cmp.Diff(first, got, cmp.Comparer(func(a, b *phi.Schema) bool {
			x, errX := a.MarshalBinary()
			y, errY := b.MarshalBinary()
			return errX == nil && errY == nil && bytes.Equal(x, y)
		}), cmpopts.EquateEmpty())
		if (diff == "") != want {
			t.Errorf("%s: the result of before: %v, want %v (-before +now):\n%s", what, !want, want, diff)
		}
	}
	same("unchanged", true)

	ruletest.Files{"internal/new.go": "package internal\n"}.WriteTo(t, root)
	same("a Go file without SQL", true)
	ruletest.Files{"internal/new.go": "package internal\n\nconst schema = `CREATE TABLE patient_notes (id bigint, patient_id bigint, ssn text)`\n"}.WriteTo(t, root)
	same("a Go file with SQL", false)
	if err := os.Remove(filepath.Join(root, "internal/new.go")); err != nil {
		t.Fatal(err)
	}

	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(migration)))
	if err != nil {
		t.Fatal(err)
	}
	scan(t, root)
	ruletest.Files{migration: strings.Replace(string(content), "CREATE", "DELETE", 1)}.WriteTo(t, root)
	old(migration)
	same("a migration whose size and time stay", true) // this is what proves that nothing was read
	ruletest.Files{migration: string(content) + "CREATE TABLE more (id bigint, ssn text);\n"}.WriteTo(t, root)
	same("a longer migration", false)
	ruletest.Files{migration: string(content)}.WriteTo(t, root)
	old(migration)
	same("as before", true)
	ruletest.Files{"deploy/values.yaml": "postgresql:\n  auth:\n    password: cedar-falls-0417\n"}.WriteTo(t, root)
	same("a new file of another kind", false)
}

// TestScanOfOtherPlaces sees a new file in a folder that the configuration names
// and that a walk from the root does not reach.
func TestScanOfOtherPlaces(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	base := ruletest.Files{
		"service/.phivet.toml":                    "[migrations]\npaths = [\"../db\", \"node_modules/db\"]\n",
		"service/node_modules/db/001_init.up.sql": "CREATE TABLE visits (id bigint, diagnosis text);\n",
		"db/001_init.up.sql":                      "CREATE TABLE patients (id bigint, ssn text);\n",
	}.Write(t)
	root := filepath.Join(base, "service")
	before, id := len(scan(t, root).Tables), buildID(t, root)
	ruletest.Files{"db/002_more.up.sql": "CREATE TABLE labs (id bigint, patient_id bigint, result text);\n"}.WriteTo(t, base)
	if got := len(scan(t, root).Tables); got != before+1 || buildID(t, root) == id {
		t.Errorf("a new file outside: %d tables, then %d; a new build ID: %v", before, got, buildID(t, root) != id)
	}
	ruletest.Files{"node_modules/db/002_more.up.sql": "CREATE TABLE notes (id bigint, patient_id bigint, note text);\n"}.WriteTo(t, root)
	if got := len(scan(t, root).Tables); got != before+2 {
		t.Errorf("a new file in an ignored folder: %d tables, want %d", got, before+2)
	}
}
