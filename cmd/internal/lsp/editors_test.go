package lsp_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// drive runs an editor's script on a small project and shows what it says.
func drive(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	ownCache(t)
	files := goProject()
	files["migrations/002_guard.up.sql"] = "SELECT 1;\n"
	root := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), content)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
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
