package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/rules/ruletest"
)

// What git ignores is asked of git itself.
func TestIgnored(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	files := ruletest.Files{
		".gitignore":   "# comment\n*.env\n!keep.env\n/root.yaml\nout/\nsub/*.toml\n**/deep/*.json\n\nspaces.yaml  \n",
		"a/.gitignore": "local.yaml\n!special.env\n/only/here.yaml\n",
	}
	names := []string{"x.env", "keep.env", "a/keep.env", "a/x.env", "a/special.env", "root.yaml", "a/root.yaml", "out/x.yaml", "a/out/x.yaml",
		"sub/x.toml", "sub/a/x.toml", "a/sub/x.toml", "deep/x.json", "a/b/deep/x.json", "a/local.yaml", "local.yaml", "a/b/local.yaml",
		"a/only/here.yaml", "only/here.yaml", "spaces.yaml", "a/tracked.env", "out.yaml"}
	for _, name := range names {
		files[name] = "x: 1\n"
	}
	top := files.Write(t)
	git := func(args ...string) string {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", top, "-c", "core.excludesFile="}, args...)...)
		out, err := cmd.Output()
		if e, ok := err.(*exec.ExitError); err != nil && (!ok || e.ExitCode() != 1) {
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	git("init", "-q")
	git("add", "-f", "a/tracked.env")
	var want []string
	for _, name := range names {
		if git("check-ignore", name) == "" {
			want = append(want, name)
		}
	}
	slices.Sort(want)
	for _, start := range []string{"", "a"} {
		o := FindOptions{Root: top}
		if start != "" {
			o.Paths = []string{start}
		}
		texts, _, err := Configs(o, func(name string) bool { return filepath.Ext(name) != "" && filepath.Base(name) != ".gitignore" })
		if err != nil {
			t.Fatal(err)
		}
		var got, below []string
		for _, x := range texts {
			got = append(got, x.Path)
		}
		for _, name := range want {
			if rel, err := filepath.Rel(start, name); start == "" || err == nil && filepath.IsLocal(rel) {
				below = append(below, name)
			}
		}
		if diff := cmp.Diff(below, got); diff != "" {
			t.Errorf("below %q (-git +phivet):\n%s", start, diff)
		}
	}
}
