package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// An action is what action.yml says.
type action struct {
	Name, Description string
	Inputs            map[string]struct {
		Description string
		Default     *string
	}
	Outputs map[string]struct{ Description, Value string }
	Runs    struct {
		Using string
		Steps []actionStep
	}
}

type actionStep struct {
	ID, Name, If, Uses, Run, Shell string
	Env, With                      map[string]string
}

var expression = regexp.MustCompile(`\$\{\{ *([a-z_.-]+) *\}\}`)

// runAction runs the shell steps of the action as GitHub's runner does, with
// the expressions in their environment replaced. The steps that use other
// actions are left out. It returns what was printed, the outputs of the steps
// and the exit code of the last step.
func runAction(t *testing.T, a action, temp, workspace string, inputs map[string]string) (out string, outputs map[string]string, code int) {
	t.Helper()
	source, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]string{"github.action_path": source, "github.action_ref": "v9.8.7"}
	for name, in := range a.Inputs {
		values["inputs."+name] = *in.Default
		if v, ok := inputs[name]; ok {
			values["inputs."+name] = v
		}
	}
	outputs = map[string]string{}
	var all strings.Builder
	for i, s := range a.Runs.Steps {
		if s.Run == "" || i > 0 && code != 0 && s.If != "always()" {
			continue
		}
		if _, err := os.Stat(filepath.Join(temp, "phivet")); err == nil && strings.HasPrefix(s.Run, "go build ") {
			continue
		}
		file, script := filepath.Join(t.TempDir(), "output"), filepath.Join(temp, "script.sh")
		if err := os.WriteFile(script, []byte(s.Run), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", script)
		cmd.Dir = workspace
		cmd.Env = append(os.Environ(), "GITHUB_OUTPUT="+file, "RUNNER_TEMP="+temp, "GITHUB_WORKSPACE="+workspace, "GITHUB_ACTIONS=true")
		for name, v := range s.Env {
			cmd.Env = append(cmd.Env, name+"="+expression.ReplaceAllStringFunc(v, func(e string) string {
				name := expression.FindStringSubmatch(e)[1]
				v, ok := values[name]
				if !ok && !strings.HasPrefix(name, "steps.") {
					t.Errorf("step %q reads %s, which is nothing", s.Name, name)
				}
				return v
			}))
		}
		printed, err := cmd.CombinedOutput()
		all.Write(printed)
		code = 0
		if err != nil {
			code = cmd.ProcessState.ExitCode()
		}
		written, _ := os.ReadFile(file) // a step may write none
		for line := range strings.Lines(string(written)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			values["steps."+s.ID+".outputs."+name] = value
			outputs[name] = value
		}
	}
	return all.String(), outputs, code
}

func TestAction(t *testing.T) {
	a := readYAML[action](t, readFile(t, "action.yml"))
	root, temp := gitProject(t, hookBefore, hookStaged), t.TempDir()
	tests := []struct {
		name   string
		inputs map[string]string
		code   int
		sarif  string // "" is none
		prints string
	}{
		{"findings", nil, 1, "phivet.sarif", "::error file=store/store.go,line=7,"},
		{"never fails", map[string]string{"fail-on": "never", "sarif-file": "out/a.sarif", "category": "nightly"}, 0, "out/a.sarif", "PHI501"},
		{"arguments", map[string]string{"args": "--only go --min-severity high"}, 1, "phivet.sarif", "PHI101"},
		{"nothing is evaluated", map[string]string{"args": "$(touch${IFS}owned) `touch owned`"}, 2, "", "package $(touch${IFS}owned)"},
		{"usage", map[string]string{"working-directory": "nowhere"}, 2, "", "phivet: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			out, outputs, code := runAction(t, a, temp, root, tt.inputs)
			if code != tt.code || outputs["exit-code"] == "" || !strings.Contains(out, tt.prints) {
				t.Errorf("exit code %d, want %d, outputs %v:\n%s", code, tt.code, outputs, out)
			}
			want := ""
			if tt.sarif != "" {
				want = filepath.Join(root, tt.sarif)
				if content, err := os.ReadFile(want); err != nil || !strings.Contains(string(content), `"semanticVersion": "9.8.7"`) ||
					!strings.Contains(string(content), `"id": "phivet/`+tt.inputs["category"]) {
					t.Errorf("the report: %v\n%.300s", err, content)
				}
			}
			if outputs["sarif-file"] != want {
				t.Errorf("sarif-file is %q, want %q", outputs["sarif-file"], want)
			}
			if _, err := os.Stat(filepath.Join(root, "owned")); err == nil {
				t.Error("an input was evaluated by the shell")
			}
		})
	}
}

// TestActionIsWhole checks what GitHub refuses or ignores without a word.
func TestActionIsWhole(t *testing.T) {
	a := readYAML[action](t, readFile(t, "action.yml"))
	if a.Name == "" || a.Description == "" || a.Runs.Using != "composite" {
		t.Errorf("action.yml lacks a name, a description, or is not composite: %+v", a)
	}
	for name, in := range a.Inputs {
		if in.Description == "" || in.Default == nil {
			t.Errorf("input %s lacks a description or a default", name)
		}
	}
	upload, last := -1, len(a.Runs.Steps)-1
	for i, s := range a.Runs.Steps {
		if (s.Run == "") == (s.Uses == "") || s.Run != "" && s.Shell != "bash" {
			t.Errorf("step %d neither runs in bash nor uses an action: %+v", i, s)
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q puts an expression into its script, which would be run", s.Name)
		}
		if s.Uses != "" && !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(s.Uses) {
			t.Errorf("%s is not pinned by hash", s.Uses)
		}
		if strings.HasPrefix(s.Uses, "github/codeql-action/upload-sarif@") {
			upload = i
		}
	}
	if upload < 0 || !strings.HasPrefix(a.Runs.Steps[upload].If, "always()") || !strings.Contains(a.Runs.Steps[upload].If, "inputs.upload") {
		t.Error("the upload is not made always, or cannot be left out")
	}
	if a.Runs.Steps[last].If != "always()" || upload > last {
		t.Error("the last step does not restore the exit code always")
	}
	for name, out := range a.Outputs {
		step := regexp.MustCompile(`steps\.(\w+)\.outputs`).FindStringSubmatch(out.Value)
		if step == nil || out.Description == "" {
			t.Errorf("output %s has no value of a step, or no description", name)
		}
	}
	for _, file := range []string{".github/workflows/ci.yml", ".github/workflows/release.yml"} {
		for _, m := range regexp.MustCompile(`uses: (\S+)`).FindAllStringSubmatch(readFile(t, file), -1) {
			if !regexp.MustCompile(`@[0-9a-f]{40}$`).MatchString(m[1]) {
				t.Errorf("%s: %s is not pinned by hash", file, m[1])
			}
		}
	}
}
