package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSameBytes runs the sample on one processor and on several, and holds every
// report to the same bytes. Each run has a cache of its own for the SQL half,
// and a configuration that differs in a comment, so that go vet runs anew too.
func TestSameBytes(t *testing.T) {
	formats := []string{"text", "sarif", "json", "junit", "github", "gitlab"}
	first := map[string]string{}
	dir := filepath.Join(t.TempDir(), "clinic")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "testdata", "clinic"))); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(dir, ".phivet.toml"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for i, processors := range []int{1, 16} {
		// As long as each other: a different length is a different place of what follows.
		comment := fmt.Sprintf("# run %d\n", i)
		if err := os.WriteFile(filepath.Join(dir, ".phivet.toml"), append([]byte(comment), config...), 0o666); err != nil {
			t.Fatal(err)
		}
		out := t.TempDir()
		args := []string{"check", "--min-severity", "info"}
		for _, f := range formats {
			args = append(args, "--out", f+":"+filepath.Join(out, f))
		}
		cmd := exec.Command(filepath.Join(binDir, "phivet"), args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), fmt.Sprintf("GOMAXPROCS=%d", processors), "XDG_CACHE_HOME="+t.TempDir(), "GOPROXY=off", "GOTOOLCHAIN=local")
		text, _ := cmd.CombinedOutput()
		t.Logf("on %d processors: %s", processors, text)
		if cmd.ProcessState.ExitCode() != 1 {
			t.Fatalf("exit status %d: %s", cmd.ProcessState.ExitCode(), text)
		}
		for _, f := range formats {
			content, err := os.ReadFile(filepath.Join(out, f))
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case i == 0:
				first[f] = string(content)
				if len(content) < 1000 {
					t.Errorf("%s: only %d bytes", f, len(content))
				}
			case first[f] != string(content):
				t.Errorf("%s differs on %d processors (-1 +%[2]d):\n%s", f, processors, cmp.Diff(first[f], string(content)))
			}
		}
	}
}
