package logscan_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/phivet/phivet/cmd/internal/logscan"
	"github.com/phivet/phivet/cmd/internal/run"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/ruletest"
)

const start = "2026-03-02 08:15:01.120 UTC [3021] app@clinic LOG:  "

func line(column string) string {
	return start + "AUDIT: SESSION,1,1,READ,SELECT,,,SELECT id FROM patients WHERE " + column + " = 'K4400917',<not logged>\n"
}

// A sink is a buffer that a test reads while it is written.
type sink struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// waitFor waits until the sink holds a text.
func (s *sink) waitFor(t *testing.T, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(s.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %q in %q", text, s.String())
		}
	}
}

func options(stdout, stderr io.Writer, files ...string) logscan.Options {
	return logscan.Options{
		Dir: ".", Files: files, Stdin: strings.NewReader(""),
		Reporting: run.Reporting{Stdout: stdout, Stderr: stderr, FailOn: rules.Medium, Min: rules.Low},
	}
}

func write(t *testing.T, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}

func add(t *testing.T, file, text string) {
	t.Helper()
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestPacked(t *testing.T) {
	var b bytes.Buffer
	for range 2 { // rotation appends whole packed files
		z := gzip.NewWriter(&b)
		fmt.Fprint(z, line("mrn"))
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	var stdout bytes.Buffer
	code, err := logscan.Run(t.Context(), options(&stdout, io.Discard, write(t, "server.log.1", b.Bytes())))
	if err != nil || code != run.ExitFindings || !strings.Contains(stdout.String(), "patients (mrn): 2 messages") {
		t.Errorf("Run = %d, %v:\n%s", code, err, stdout.String())
	}
	broken := append([]byte(nil), b.Bytes()[:b.Len()-12]...)
	if _, err := logscan.Run(t.Context(), options(io.Discard, io.Discard, write(t, "server.log.2.gz", broken))); err == nil {
		t.Error("no error for a packed file that is cut off")
	}
}

// Lines are judged as they come, also when the file is replaced or cut short.
func TestFollow(t *testing.T) {
	file := write(t, "server.log", []byte(line("mrn")))
	var stdout, stderr sink
	o := options(&stdout, &stderr, file)
	o.Follow = true
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	type outcome struct {
		code int
		err  error
	}
	done := make(chan outcome)
	go func() {
		code, err := logscan.Run(ctx, o)
		done <- outcome{code, err}
	}()
	stderr.waitFor(t, "patients (mrn)")
	half := line("ssn")
	add(t, file, half[:70])
	time.Sleep(600 * time.Millisecond) // longer than it waits: the half of a line is no line
	add(t, file, half[70:])
	stderr.waitFor(t, "patients (ssn)")
	if err := os.Rename(file, file+".1"); err != nil {
		t.Fatal(err)
	}
	add(t, file, line("first_name"))
	stderr.waitFor(t, "patients (first_name)")
	if err := os.Truncate(file, 0); err != nil {
		t.Fatal(err)
	}
	add(t, file, line("last_name")[:len(line("last_name"))-10]+"\n"+line("dob"))
	stderr.waitFor(t, "patients (dob)")
	cancel()
	if got, want := <-done, (outcome{run.ExitFindings, nil}); got != want {
		t.Errorf("Run = %v, want %v", got, want)
	}
	if n := strings.Count(stderr.String(), "patients (mrn)"); n != 1 {
		t.Errorf("a finding is shown %d times:\n%s", n, stderr.String())
	}
	if !strings.Contains(stdout.String(), "findings") {
		t.Errorf("no report at the end:\n%s", stdout.String())
	}
}

// Without a flag, the prefix of a postgresql.conf of the project counts.
func TestPrefixOfProject(t *testing.T) {
	dir := ruletest.Files{
		".phivet.toml": "", "deploy/postgresql.conf": "log_line_prefix = '<%p %u#%d %m> '\n", "migrations/001.sql": "CREATE TABLE patients (id bigint, mrn text);\n",
	}.Write(t)
	log := "<3021 ward_app#clinic 2026-03-02 08:15:01.120 UTC> LOG:  statement: SELECT id FROM patients WHERE mrn = 'K4400917'\n"
	var stdout bytes.Buffer
	o := options(&stdout, io.Discard, write(t, "server.log", []byte(log)))
	o.Dir, o.Named = dir, true
	if _, err := logscan.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(stdout.String(), "\n")
	if _, message, _ := strings.Cut(first, "high "); message != "PHI801 text of SELECT holds literals of patients (mrn): 1 message, role ward_app" {
		t.Errorf("finding %q", first)
	}
}

func TestBarLine(t *testing.T) {
	got := []string{
		logscan.BarLine("a.log", 0, 0, time.Second),
		logscan.BarLine("a.log", 50<<20, 200<<20, time.Second),
		logscan.BarLine("a.log", 300<<20, 200<<20, time.Second),
	}
	want := []string{
		"a.log 0 MB, 0 MB/s",
		"a.log [######..................]  25% of 200 MB, 50 MB/s, 3s left",
		"a.log [########################] 100% of 200 MB, 300 MB/s, 0s left",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("bar (-want +got):\n%s", diff)
	}
}
