package nogo_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/phivet/phivet/rules/ruletest"
)

// driverFiles are what rules_go builds nogo of, besides the file it generates.
var driverFiles = []string{
	"constants.go", "env.go", "flags.go", "nogo_fix.go", "nogo_goversions_go118.go", "nogo_goversions_go121.go",
	"nogo_goversions_go122.go", "nogo_main.go", "nogo_version.go", "nolint.go",
}

// rulesGo is where they come from. It is no requirement of the module in
// testdata, whose go.sum knows it: it would bring requirements of its own.
const rulesGo = "github.com/bazelbuild/rules_go@v0.65.0"

// TestDriver builds the tool that Bazel would, of rules_go's own source, and runs
// it as Bazel does: a package at a time, with the export data and the facts of
// what it imports. Bazel itself is not needed.
func TestDriver(t *testing.T) {
	if testing.Short() {
		t.Skip("builds nogo")
	}
	tool := buildDriver(t)
	dir := files.Write(t)
	imports := command(t, dir, "go", "list", "-export", "-deps", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "./...")
	ruletest.Files{"importcfg": imports}.WriteTo(t, dir)

	nogo := func(args ...string) (string, int) {
		cmd := exec.Command(tool, append([]string{"-importcfg", "importcfg", "-go_version", strings.TrimPrefix(runtime.Version(), "go")}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOARCH="+runtime.GOARCH, "GOOS="+runtime.GOOS)
		out, _ := cmd.CombinedOutput()
		return string(out), cmd.ProcessState.ExitCode()
	}
	if out, exit := nogo("-p", "example.com/x/run", "-x", "run.facts", "run/run.go"); exit != 0 {
		t.Fatalf("package run: exit code %d\n%s", exit, out)
	}
	out, exit := nogo("-p", "example.com/x/find", "-fact", "example.com/x/run=run.facts", "-x", "find.facts", "find/find.go")
	const violation = 3
	if exit != violation || !strings.Contains(out, "\n"+finding+" (phivet)") || strings.Count(out, "PHI") != 1 {
		t.Errorf("package find: exit code %d, want %d and %s\n%s", exit, violation, finding, out)
	}
}

// buildDriver builds it in a copy of x/tools, whose internal packages it uses.
func buildDriver(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	source := filepath.Join("testdata", "driver")
	dir := ruletest.Files{
		"go.mod": strings.Replace(read(t, filepath.Join(source, "go.mod")), "../../../..", root, 1),
		"go.sum": read(t, filepath.Join(source, "go.sum")) + read(t, filepath.Join(root, "go.sum")),
	}.Write(t)

	tools := strings.TrimSpace(command(t, root, "go", "list", "-m", "-f", "{{.Dir}}", "golang.org/x/tools"))
	if err := os.CopyFS(filepath.Join(dir, "tools"), os.DirFS(tools)); err != nil {
		t.Fatal(err)
	}
	var rules struct{ Dir string }
	if err := json.Unmarshal([]byte(command(t, dir, "go", "mod", "download", "-json", rulesGo)), &rules); err != nil {
		t.Fatal(err)
	}
	main := ruletest.Files{"analyzers.go": read(t, filepath.Join(source, "analyzers.go.txt"))}
	for _, name := range driverFiles {
		main[name] = read(t, filepath.Join(rules.Dir, "go", "tools", "builders", name))
	}
	main.WriteTo(t, filepath.Join(dir, "tools", "cmd", "nogo"))
	tool := filepath.Join(dir, "nogo.exe")
	command(t, dir, "go", "build", "-mod=mod", "-o", tool, "golang.org/x/tools/cmd/nogo")
	return tool
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// command runs a command that has to succeed and returns its output.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, args, err, out, stderr.Bytes())
	}
	return string(out)
}
