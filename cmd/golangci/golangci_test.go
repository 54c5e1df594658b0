package golangci_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/golangci"
	"github.com/phivet/phivet/rules/ruletest"
)

func run(t *testing.T, dir string, env []string, name string, args ...string) (stdout, stderr string, exit int) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err := cmd.Run()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		t.Fatal(err)
	}
	return out.String(), errOut.String(), cmd.ProcessState.ExitCode()
}

// build builds golangci-lint with the plugin in it, from the module in testdata
// and this tree. It works on a copy: the dependencies of this repository change
// without that module's go.sum.
func build(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	module := filepath.Join("testdata", "golangci-lint")
	dir := ruletest.Files{
		"main.go": read(filepath.Join(module, "main.go")),
		"go.mod":  strings.Replace(read(filepath.Join(module, "go.mod")), "../../../..", root, 1),
		"go.sum":  read(filepath.Join(module, "go.sum")) + read(filepath.Join(root, "go.sum")),
	}.Write(t)
	program := filepath.Join(dir, "golangci-lint")
	if out, errOut, exit := run(t, dir, []string{"GOFLAGS=-mod=mod"}, "go", "build", "-o", program, "."); exit != 0 {
		t.Fatalf("building golangci-lint with the plugin:\n%s%s", out, errOut)
	}
	return program
}

// A line is a finding as both drivers tell it.
type line struct {
	file string
	line int
	text string
}

func sorted(list []line) []line {
	slices.SortFunc(list, func(a, b line) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.text, b.text))
	})
	return list
}

// lint runs the linter in a directory and returns what it reports, without the
// flow behind the message.
func lint(t *testing.T, program, dir, configuration string) ([]line, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), ".golangci.yml")
	if err := os.WriteFile(file, []byte(configuration), 0o666); err != nil {
		t.Fatal(err)
	}
	out, errOut, _ := run(t, dir, []string{"GOLANGCI_LINT_CACHE=" + t.TempDir()}, program, "run", "-c", file, "--output.json.path", "stdout", "--show-stats=false", "./...")
	var report struct {
		Issues []struct {
			Text string
			Pos  struct {
				Filename string
				Line     int
			}
		}
	}
	if err := json.NewDecoder(strings.NewReader(out)).Decode(&report); err != nil {
		return nil, out + errOut
	}
	var list []line
	for _, i := range report.Issues {
		list = append(list, line{i.Pos.Filename, i.Pos.Line, flow.ReplaceAllString(i.Text, "")})
	}
	return sorted(list), out
}

var flow = regexp.MustCompile(`; [^;]* at [\w.]+\.go:\d+(, [^;]*)?$`)

const configuration = `version: "2"
run: {relative-path-mode: wd}
linters:
  default: none
  enable: [phivet]
  settings:
    custom:
      phivet: {type: module%s}
issues: {max-issues-per-linter: 0, max-same-issues: 0, uniq-by-line: false}
`

// TestGolangciLint runs the real golangci-lint over the sample: it reports what
// go vet -vettool does, and takes settings as .phivet.toml does.
func TestGolangciLint(t *testing.T) {
	if testing.Short() {
		t.Skip("builds golangci-lint")
	}
	program := build(t)
	clinic, err := filepath.Abs(filepath.Join("..", "..", "testdata", "clinic"))
	if err != nil {
		t.Fatal(err)
	}
	phivet := filepath.Join(t.TempDir(), "phivet")
	if out, errOut, exit := run(t, ".", nil, "go", "build", "-o", phivet, "../phivet"); exit != 0 {
		t.Fatal(out, errOut)
	}
	_, vetted, _ := run(t, clinic, nil, "go", "vet", "-vettool="+phivet, "./...")
	var want []line
	for _, m := range regexp.MustCompile(`(?m)^(\S+\.go):(\d+):\d+: (PHI\d+ .*)$`).FindAllStringSubmatch(vetted, -1) {
		var n int
		if _, err := fmt.Sscan(m[2], &n); err != nil {
			t.Fatal(err)
		}
		want = append(want, line{m[1], n, m[3]})
	}
	if len(want) < 20 {
		t.Fatalf("go vet found %d:\n%s", len(want), vetted)
	}
	got, out := lint(t, program, clinic, fmt.Sprintf(configuration, ""))
	if diff := gocmp.Diff(sorted(want), got, gocmp.AllowUnexported(line{})); diff != "" {
		t.Errorf("golangci-lint differs from go vet (-vet +golangci-lint):\n%s", diff)
	}
	if want := `reaches pgxpool.Pool.Query at store.go:42"`; !strings.Contains(out, want) {
		t.Errorf("no message ends with %q", want)
	}

	got, _ = lint(t, program, clinic, fmt.Sprintf(configuration, `, settings: {severity: {PHI101: "off"}}`))
	if slices.ContainsFunc(got, func(l line) bool { return strings.HasPrefix(l.text, "PHI101") }) || len(got) < 10 {
		t.Errorf("with PHI101 off: %v", got)
	}
	got, out = lint(t, program, clinic, example(t, ".golangci.yml"))
	if !slices.ContainsFunc(got, func(l line) bool { return strings.HasPrefix(l.text, "PHI101") }) ||
		slices.ContainsFunc(got, func(l line) bool { return strings.HasPrefix(l.text, "PHI205") }) {
		t.Errorf("with the example of the documentation: %v\n%.500s", got, out)
	}
	_, out = lint(t, program, clinic, fmt.Sprintf(configuration, `, settings: {phi: {helth: "on"}}`))
	if want := `unknown key "phi.helth"`; !strings.Contains(strings.ReplaceAll(out, `\"`, `"`), want) {
		t.Errorf("a key that does not exist gives %q, want %q in it", out, want)
	}
}

// example returns the block of the documentation that starts with the name of a
// file in a comment.
func example(t *testing.T, file string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "integrations.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "```yaml\n# "+file+"\n")
	block, _, closed := strings.Cut(rest, "```")
	if !found || !closed {
		t.Fatalf("docs/integrations.md has no example of %s", file)
	}
	return block
}

// TestCustomBuild holds the example of a build against what the test builds.
func TestCustomBuild(t *testing.T) {
	module, err := os.ReadFile(filepath.Join("testdata", "golangci-lint", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`golangci-lint/v2 (v\S+)`).FindSubmatch(module)
	got := example(t, ".custom-gcl.yml")
	for _, want := range []string{"version: " + string(version[1]) + "\n", "module: github.com/phivet/phivet\n", "import: " + reflect.TypeFor[golangciPackage]().PkgPath()} {
		if !strings.Contains(got, strings.TrimSuffix(want, "_test")) {
			t.Errorf("the example has no %q:\n%s", want, got)
		}
	}
}

// golangciPackage tells the path of the package.
type golangciPackage struct{}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		settings any
		want     string // in the error; "" for none
	}{
		{nil, ""},
		{map[string]any{"phi": map[string]any{"health": "on"}, "severity": map[string]any{"phi405": "low"}}, ""},
		{map[string]any{"phi": map[string]any{"helth": "on"}}, `settings: unknown key "phi.helth": the keys in [phi] are `},
		{map[string]any{"severity": map[string]any{"phi405": "loud"}}, `settings: severity of PHI405: unknown severity "loud"`},
		{map[string]any{"go": map[string]any{"sinks": []any{"nonsense"}}}, "go: "},
		{[]any{"phi"}, "settings: a table of keys is expected"},
	} {
		p, err := golangci.New(c.settings)
		if c.want == "" {
			if err != nil {
				t.Errorf("%v: %v", c.settings, err)
			} else if a, err := p.BuildAnalyzers(); err != nil || len(a) != 1 || a[0].Name != "phivet" || p.GetLoadMode() != "typesinfo" {
				t.Errorf("%v: analyzers %v, %v, load mode %s", c.settings, a, err, p.GetLoadMode())
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%v: error %v, want %q", c.settings, err, c.want)
		}
	}
}
