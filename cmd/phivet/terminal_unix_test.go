//go:build unix

package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/phivet/phivet/rules/ruletest"
)

// TestTerminal runs phivet in a real terminal, which script(1) makes.
func TestTerminal(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("script(1) has other flags here")
	}
	script := needs(t, "script")
	root := ruletest.Files{"db/migrations/001.sql": "CREATE TABLE patients (id bigint PRIMARY KEY, ssn text, medical_record_number text, date_of_birth date);\n"}.Write(t)
	tests := []struct {
		name, columns string
		env           []string
		width         int // 0: not wrapped
		color         bool
	}{
		{"narrow", "60", nil, 60, true},
		{"usual", "80", nil, 80, true},
		{"wide", "140", nil, 140, true},
		{"COLUMNS is stronger", "140", []string{"COLUMNS=50"}, 50, true},
		{"NO_COLOR", "60", []string{"NO_COLOR=1"}, 60, false},
		{"dumb", "60", []string{"TERM=dumb"}, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			cmd := exec.Command(script, "-q", "-e", "-c", "stty cols "+tt.columns+"; exec "+filepath.Join(binDir, "phivet")+" check", log)
			cmd.Dir = root
			cmd.Env = append(os.Environ(), append([]string{"TERM=xterm", "COLUMNS=", "NO_COLOR="}, tt.env...)...)
			out, err := cmd.Output()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 1 {
				t.Fatalf("phivet in a terminal = %v\n%s", err, out)
			}
			if got := bytes.Contains(out, []byte("\x1b[1m")); got != tt.color {
				t.Errorf("colours: %v, want %v", got, tt.color)
			}
			plain := regexp.MustCompile("\x1b\\[[0-9;]*[mK]").ReplaceAllString(string(out), "")
			longest := 0
			for line := range strings.Lines(strings.ReplaceAll(plain, "\r", "")) {
				if !strings.HasPrefix(line, "phivet: ") { // notices are the terminal's to wrap
					longest = max(longest, len([]rune(strings.TrimRight(line, "\n"))))
				}
			}
			if tt.width > 0 && (longest > tt.width || longest < tt.width/2) || tt.width == 0 && longest <= 60 {
				t.Errorf("the longest line has %d characters in a terminal of %s columns:\n%s", longest, tt.columns, plain)
			}
		})
	}
}

// TestProgress looks at what a person sees of a run that takes its time: where
// it is, on standard error, and only if that is a terminal.
func TestProgress(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("script(1) has other flags here")
	}
	script := needs(t, "script")
	root := ruletest.Files{"go.mod": "module example.com/x\n\ngo 1.26\n", "x.go": "package x\n\nimport _ \"net/http\"\n"}.Write(t)
	for redirect, want := range map[string]bool{"": true, " > out.txt": true, " 2> err.txt": false} {
		cmd := exec.Command(script, "-q", "-c", "timeout -s INT 3 "+filepath.Join(binDir, "phivet")+" check"+redirect, os.DevNull)
		cmd.Dir = root
		// An empty cache keeps go vet busy until the timeout interrupts it.
		cmd.Env = append(os.Environ(), "TERM=xterm", "GOCACHE="+filepath.Join(t.TempDir(), "gocache"), "GOPROXY=off")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := regexp.MustCompile("\r\x1b\\[K[a-zA-Z .]+ [0-9]+s").Match(out); got != want {
			t.Errorf("with %q progress is shown: %v, want %v:\n%q", redirect, got, want, out)
		}
	}
}

// TestInterrupt stops a run as Ctrl-C does, with a signal to the whole group of
// processes, while go vet is at work. The report of an earlier run must stay as
// it was, and nothing half-written may lie beside it.
func TestInterrupt(t *testing.T) {
	root := ruletest.Files{
		"go.mod": "module example.com/x\n\ngo 1.26\n", "x.go": "package x\n\nimport _ \"net/http\"\n",
		"db/migrations/001.sql": "CREATE TABLE patients (id bigint PRIMARY KEY, ssn text);\n",
		"a.sarif":               "the old report", "page.html": "the old page",
	}.Write(t)
	for _, args := range [][]string{{"check", "--out", "sarif:a.sarif"}, {"report", "--html", "page.html"}, {"baseline"}} {
		t.Run(args[0], func(t *testing.T) {
			cmd := exec.Command(filepath.Join(binDir, "phivet"), args...)
			cmd.Dir = root
			// An empty cache keeps go vet busy for far longer than the test waits.
			cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(t.TempDir(), "gocache"), "GOPROXY=off")
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			time.Sleep(700 * time.Millisecond)
			if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGINT); err != nil {
				t.Fatal(err)
			}
			err := cmd.Wait()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(stderr.String(), "phivet: interrupted") || stdout.Len() > 0 {
				t.Errorf("interrupted, phivet says %v\n%s%s", err, stdout.String(), stderr.String())
			}
			for name, want := range map[string]string{"a.sarif": "the old report", "page.html": "the old page"} {
				if got, err := os.ReadFile(filepath.Join(root, name)); err != nil || string(got) != want {
					t.Errorf("%s holds %.60q, %v", name, got, err)
				}
			}
			entries, err := os.ReadDir(root)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				if strings.HasPrefix(e.Name(), ".phivet-") {
					t.Errorf("%s was left behind", e.Name())
				}
			}
		})
	}
}
