package lsp_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/BurntSushi/toml"

	"github.com/phivet/phivet/rules/ruletest"
)

// drive runs an editor's script on a small project and shows what it says.
func drive(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	ownCache(t)
	files := goProject()
	files["migrations/002_guard.up.sql"] = "SELECT 1;\n"
	root := files.Write(t)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = append(append(os.Environ(), "ROOT="+root, "PHIVET="+program(t)), env...)
	out, err := cmd.CombinedOutput()
	if err != nil || strings.Contains(string(out), "FAIL") || !strings.Contains(string(out), "ok the server leaves with 0") {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	t.Logf("%s", out)
}

// TestNeovim has neovim's own client do what a user does.
func TestNeovim(t *testing.T) {
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("no nvim: .ci/setup installs it with CI=true")
	}
	drive(t, []string{"XDG_STATE_HOME=" + t.TempDir(), "XDG_DATA_HOME=" + t.TempDir(), "XDG_CONFIG_HOME=" + t.TempDir()},
		nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile testdata/nvim.lua")
}

// TestVSCode has the library do it that VS Code's extensions are built on.
func TestVSCode(t *testing.T) {
	modules, err := filepath.Abs("../../../.cache/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "vscode-languageserver-protocol")); err != nil {
		t.Skip("no vscode-languageserver-protocol: .ci/setup installs it")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("no node: .ci/setup installs it with CI=true")
	}
	drive(t, []string{"NODE_PATH=" + modules}, node, "testdata/vscode.js")
}

// fenced returns the blocks of a kind in docs/editors.md.
func fenced(t *testing.T, kind string) []string {
	t.Helper()
	page, err := os.ReadFile("../../../docs/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range regexp.MustCompile("(?ms)^```"+kind+"\n(.*?)^```$").FindAllSubmatch(page, -1) {
		out = append(out, string(m[1]))
	}
	return out
}

// TestEditorsPage holds the page of settings to what it says: blocks parse, and
// what is for the neovim that is here makes it show findings.
func TestEditorsPage(t *testing.T) {
	for _, block := range fenced(t, "json") {
		var settings struct {
			Command   string   `json:"glspc.server.command"`
			Arguments []string `json:"glspc.server.commandArguments"`
		}
		if err := json.Unmarshal([]byte(block), &settings); err != nil || settings.Command != "phivet" || !slices.Equal(settings.Arguments, []string{"lsp"}) {
			t.Errorf("%v in settings %s", err, block)
		}
	}
	for _, block := range fenced(t, "toml") {
		var anything map[string]any
		if _, err := toml.Decode(block, &anything); err != nil {
			t.Errorf("%v in %s", err, block)
		}
	}
	blocks := fenced(t, "lua")
	if len(blocks) != 2 {
		t.Fatalf("%d blocks for neovim, want 2", len(blocks))
	}
	nvim, err := exec.LookPath("nvim")
	if err != nil {
		t.Skip("no nvim: .ci/setup installs it with CI=true")
	}
	root := ruletest.Files{"go.mod": "module x\n", "migrations/001_patients.up.sql": patients, "init.lua": blocks[1] + `
vim.cmd("filetype on | edit migrations/001_patients.up.sql")
vim.wait(180000, function() return #vim.diagnostic.get(0) > 0 end, 20)
io.stdout:write(#vim.diagnostic.get(0) .. " findings")
vim.cmd("qall!")
`}.Write(t)
	cmd := exec.Command(nvim, "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", "luafile init.lua")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(program(t))+string(os.PathListSeparator)+os.Getenv("PATH"))
	if out, err := cmd.CombinedOutput(); err != nil || !regexp.MustCompile(`[1-9]\d* findings`).Match(out) {
		t.Errorf("neovim with the settings of the page: %v %s", err, out)
	}
}
