package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/phivet/phivet/rules/ruletest"
)

var top = filepath.Join("..", "..")

// blocks returns the YAML examples of a page of the documentation.
func blocks(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(page)))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
		out = append(out, string(m[1]))
	}
	return out
}

// example returns the block of docs/integrations.md that starts with a comment
// naming a file.
func example(t *testing.T, file string) string {
	t.Helper()
	for _, b := range blocks(t, "docs/integrations.md") {
		if strings.HasPrefix(b, "# "+file+"\n") {
			return b
		}
	}
	t.Fatalf("docs/integrations.md has no example of %s", file)
	return ""
}

// gitProject writes files, commits those that were there before, and stages the
// rest.
func gitProject(t *testing.T, before, staged ruletest.Files) string {
	t.Helper()
	root := before.Write(t)
	commands(t, root, []string{"git", "init", "-q"}, []string{"git", "add", "."}, []string{"git", "commit", "-q", "--no-verify", "-m", "before"})
	staged.WriteTo(t, root)
	commands(t, root, []string{"git", "add", "."})
	return root
}

// hookEnv is the environment of git and of hooks: this phivet in PATH, nobody's
// configuration of git.
func hookEnv(t *testing.T, dir string) []string {
	t.Helper()
	bin, err := filepath.Abs(binDir)
	if err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com",
		"PRE_COMMIT_HOME="+filepath.Join(dir, ".git", "pre-commit"), "PRE_COMMIT_COLOR=never", "GOMODCACHE="+goEnv(t, "GOMODCACHE"), "GOCACHE="+goEnv(t, "GOCACHE"))
}

func commands(t *testing.T, dir string, list ...[]string) {
	t.Helper()
	for _, args := range list {
		if out, err := try(t, dir, args...); err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

func try(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, hookEnv(t, dir)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

var (
	hookBefore = ruletest.Files{
		"go.mod": "module example.com/x\n\ngo 1.26\n", ".phivet.toml": "", "store/store.go": "package store\n",
		"db/migrations/001.sql": "CREATE TABLE patients (id bigint PRIMARY KEY, ssn text);\n",
	}
	hookStaged = ruletest.Files{
		"store/store.go":        "package store\n\nimport \"database/sql\"\n\n// Find looks for a patient.\nfunc Find(db *sql.DB, ssn string) {\n\t_, _ = db.Query(\"SELECT 1 FROM patients WHERE ssn = '\" + ssn + \"'\")\n}\n",
		"db/migrations/002.sql": "CREATE TABLE visits (id bigint PRIMARY KEY, patient_id bigint REFERENCES patients, diagnosis_code text);\n",
	}
)

// snapshot copies what git knows of this repository, as it is in the working
// tree, into a repository of its own: hooks are built from a clone.
func snapshot(t *testing.T) string {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = top
	names, err := list.Output()
	if err != nil {
		t.Skipf("this is no git repository: %v", err)
	}
	files := ruletest.Files{}
	for name := range strings.SplitSeq(strings.TrimRight(string(names), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(name)))
		if err != nil || strings.HasPrefix(name, "testdata/") {
			continue // deleted, or nothing that a build needs
		}
		files[name] = string(content)
	}
	dir := files.Write(t)
	commands(t, dir, []string{"git", "init", "-q"}, []string{"git", "add", "."}, []string{"git", "commit", "-q", "-m", "snapshot"})
	return dir
}

// TestPreCommit runs every hook under pre-commit: those that it builds by the
// example, with this tree as the repository, the others by its own way to try
// hooks out.
func TestPreCommit(t *testing.T) {
	preCommit := needs(t, "pre-commit")
	repo := snapshot(t)
	rev, err := try(t, repo, "git", "rev-parse", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	config := strings.Replace(example(t, ".pre-commit-config.yaml"), "https://github.com/phivet/phivet", repo, 1)
	config = regexp.MustCompile(`rev: .*`).ReplaceAllString(config, "rev: "+strings.TrimSpace(rev))
	root := gitProject(t, hookBefore, hookStaged)
	if err := os.WriteFile(filepath.Join(root, ".pre-commit-config.yaml"), []byte(config), 0o666); err != nil {
		t.Fatal(err)
	}
	commands(t, root, []string{"git", "add", "."})
	const inGo, inSQL = "store/store.go:7:18: critical PHI101", "db/migrations/002.sql:1:14: high PHI501 table visits"
	tests := []struct {
		args         []string
		shows, hides []string
	}{
		{[]string{"run"}, []string{inGo, inSQL, "hook id: phivet-go", "hook id: phivet-sql"}, []string{"001.sql:"}},
		{[]string{"try-repo", repo, "phivet-go-system"}, []string{inGo}, []string{".sql:"}},
		{[]string{"try-repo", repo, "phivet-sql-system"}, []string{inSQL}, []string{"001.sql:", ".go:"}},
	}
	for _, tt := range tests {
		out, err := try(t, root, append([]string{preCommit}, tt.args...)...)
		if err == nil {
			t.Errorf("%v passes", tt.args)
		}
		for _, want := range tt.shows {
			if !strings.Contains(out, want) {
				t.Errorf("%v lacks %q: %v\n%s", tt.args, want, err, out)
			}
		}
		for _, never := range tt.hides {
			if strings.Contains(out, never) {
				t.Errorf("%v shows %q:\n%s", tt.args, never, out)
			}
		}
	}
	// What is staged beside the point passes.
	clean := gitProject(t, hookBefore, map[string]string{"db/migrations/002.sql": "CREATE TABLE drugs (id bigint PRIMARY KEY, name text);\n"})
	for _, hook := range []string{"phivet-go-system", "phivet-sql-system"} {
		if out, err := try(t, clean, preCommit, "try-repo", repo, hook); err != nil {
			t.Errorf("%s on clean files: %v\n%s", hook, err, out)
		}
	}
}

// TestPreCommitExample holds the example against the hooks that there are.
func TestPreCommitExample(t *testing.T) {
	type repository struct {
		Hooks []map[string]any `yaml:"hooks"`
	}
	hooks := readYAML[[]map[string]any](t, readFile(t, ".pre-commit-hooks.yaml"))
	var ids []string
	for _, h := range hooks {
		ids = append(ids, h["id"].(string))
	}
	n := 0
	for _, b := range blocks(t, "docs/integrations.md") {
		for _, r := range readYAML[struct{ Repos []repository }](t, b).Repos {
			for _, h := range r.Hooks {
				n++
				if !slices.Contains(ids, h["id"].(string)) {
					t.Errorf("the example names the hook %v; there are %v", h["id"], ids)
				}
			}
		}
	}
	if n == 0 {
		t.Error("there is no example")
	}
}

// TestLefthook commits under the example.
func TestLefthook(t *testing.T) {
	lefthook := needs(t, "lefthook", "lefthook-linux-x64/bin/lefthook")
	root := gitProject(t, hookBefore, hookStaged)
	if err := os.WriteFile(filepath.Join(root, "lefthook.yml"), []byte(example(t, "lefthook.yml")), 0o666); err != nil {
		t.Fatal(err)
	}
	commands(t, root, []string{lefthook, "install"})
	t.Setenv("LEFTHOOK_BIN", lefthook)
	out, err := try(t, root, "git", "commit", "-m", "x")
	for _, want := range []string{"store/store.go:7:18: critical PHI101", "db/migrations/002.sql:1:14: high PHI501"} {
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("want %q, got %v:\n%s", want, err, out)
		}
	}
	if strings.Contains(out, "001.sql:") {
		t.Errorf("findings in files that are not staged are shown:\n%s", out)
	}
	clean := gitProject(t, hookBefore, map[string]string{"db/migrations/002.sql": "CREATE TABLE drugs (id bigint PRIMARY KEY, name text);\n", "lefthook.yml": example(t, "lefthook.yml")})
	commands(t, clean, []string{lefthook, "install"}, []string{"git", "commit", "-m", "x"})
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func readYAML[T any](t *testing.T, text string) T {
	t.Helper()
	var out T
	if err := yaml.Unmarshal([]byte(text), &out); err != nil {
		t.Errorf("%v in\n%s", err, text)
	}
	return out
}

// TestYAML reads every example of the documentation.
func TestYAML(t *testing.T) {
	n := 0
	for _, page := range []string{"README.md", "docs/integrations.md"} {
		for _, b := range blocks(t, page) {
			if len(readYAML[map[string]any](t, b)) == 0 {
				t.Errorf("%s: an example is empty:\n%s", page, b)
			}
			n++
		}
	}
	if n < 5 {
		t.Errorf("only %d examples", n)
	}
}

// TestGitLab holds the files that the example names against what its command
// writes.
func TestGitLab(t *testing.T) {
	file := readYAML[map[string]struct {
		Script    []string
		Artifacts struct{ Reports map[string]string }
	}](t, example(t, ".gitlab-ci.yml"))
	job := file["phivet"]
	root := hookStaged.Write(t)
	args := strings.Fields(job.Script[0])
	i := slices.IndexFunc(args, func(a string) bool { return strings.HasPrefix(a, "github.com/phivet/") })
	if i < 0 {
		t.Fatalf("the script does not run phivet: %s", job.Script[0])
	}
	out, err := try(t, root, append([]string{filepath.Join(binDir, "phivet")}, args[i+1:]...)...)
	if err == nil || !strings.Contains(out, "PHI501") {
		t.Errorf("phivet says %v:\n%s", err, out)
	}
	for kind, name := range job.Artifacts.Reports {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil || !bytes.Contains(content, []byte("PHI501")) {
			t.Errorf("report %s: %v\n%.300s", kind, err, content)
		}
	}
}

// TestEditor has the reader of TOML that editors use judge files by the schema
// that phivet prints: what init writes, and typing errors.
func TestEditor(t *testing.T) {
	taplo := needs(t, "taplo", ".bin/taplo")
	root := hookBefore.Write(t)
	phivet := filepath.Join(binDir, "phivet")
	commands(t, root, []string{phivet, "init", "--force"})
	schema, err := try(t, root, phivet, "init", "--schema")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(root, "phivet.schema.json")
	if err := os.WriteFile(file, []byte(schema), 0o666); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(filepath.Join(root, ".phivet.toml"))
	if err != nil {
		t.Fatal(err)
	}
	local := regexp.MustCompile(`(?m)^#:schema .*`).ReplaceAllString(string(written), "#:schema file://"+filepath.ToSlash(file))
	for name, tt := range map[string]struct{ add, says string }{
		"as init writes it": {"", ""},
		"a known rule":      {"PHI501 = \"off\"\n", ""},
		"an unknown rule":   {"PHI001 = \"off\"\n", "PHI001"},
		"an unknown key":    {"[phi.column]\n", "column"},
		"a wrong value":     {"PHI501 = \"loud\"\n", "loud"},
	} {
		toml := filepath.Join(t.TempDir(), ".phivet.toml")
		if err := os.WriteFile(toml, []byte(local+tt.add), 0o666); err != nil {
			t.Fatal(err)
		}
		out, err := try(t, root, taplo, "lint", toml)
		if (err != nil) != (tt.says != "") || !strings.Contains(out, tt.says) {
			t.Errorf("%s: taplo says %v, want %q:\n%s", name, err, tt.says, out)
		}
	}
}

// TestLinks follows the links of the documentation that lead into this tree.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(top, "docs", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	pages = append(pages, filepath.Join(top, "README.md"), filepath.Join(top, "CONTRIBUTING.md"))
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`).FindAllSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), filepath.FromSlash(string(m[1])))); err != nil {
				t.Errorf("%s: %v", page, err)
			}
		}
	}
}
