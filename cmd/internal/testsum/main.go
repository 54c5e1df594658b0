// Command testsum reads what go test -json prints and writes what go test
// prints without -json: the line of each package and the output of tests that
// failed. It closes with a line "N passed, N failed, N skipped" and exits 1 when
// a test failed, or when CI=true and a test was skipped: there a skip means that
// the setup did not bring what the test needs. Tests that say "opt-in: " when
// they skip want data that nobody has by default; they do not count.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	ok, err := summarize(os.Stdin, os.Stdout, os.Getenv("CI") == "true")
	if err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
	}
	if err != nil || !ok {
		os.Exit(1)
	}
}

// event is the part of a test2json record that is read here.
type event struct {
	Action, Package, ImportPath, Test, Output string
}

type summary struct {
	passed, failed, skipped int
	// outputs holds what a running test has printed; it is dropped when the
	// test passes.
	outputs map[string][]string
	out     io.Writer
	strict  bool
}

// summarize copies the run to out and reports whether it succeeded. With strict
// set, a skipped test is a failure.
func summarize(in io.Reader, out io.Writer, strict bool) (bool, error) {
	s := &summary{outputs: map[string][]string{}, out: out, strict: strict}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			s.line(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return false, err
		}
	}
	fmt.Fprintf(out, "%d passed, %d failed, %d skipped\n", s.passed, s.failed, s.skipped)
	if s.passed+s.failed+s.skipped == 0 {
		fmt.Fprintln(out, "no test was run")
		return false, nil
	}
	return s.failed == 0 && (!strict || s.skipped == 0), nil
}

func (s *summary) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		// go test itself speaks plain text, such as a bad flag.
		fmt.Fprint(s.out, line)
		return
	}
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(s.out, e.Output)
	case "output":
		if e.Test == "" {
			s.packageOutput(e.Output)
			return
		}
		s.outputs[key] = append(s.outputs[key], e.Output)
	case "pass", "fail", "skip":
		s.end(e, key)
	}
}

// packageOutput prints the lines that go test prints for a package, and leaves
// out the bare PASS that only -v and -json have.
func (s *summary) packageOutput(text string) {
	if text != "PASS\n" {
		fmt.Fprint(s.out, text)
	}
}

func (s *summary) end(e event, key string) {
	defer delete(s.outputs, key)
	if e.Test == "" {
		// Have: the end of a package. One that does not build, or that dies
		// outside a test, counts as one failure so that the closing line
		// cannot say "0 failed".
		if e.Action == "fail" && !s.anyFailedIn(e.Package) {
			s.failed++
		}
		delete(s.outputs, failedKey(e.Package))
		return
	}
	switch e.Action {
	case "pass":
		s.passed++
		return
	case "skip":
		if strings.Contains(strings.Join(s.outputs[key], ""), ": opt-in: ") {
			return
		}
		s.skipped++
		if !s.strict {
			return
		}
	case "fail":
		s.failed++
		s.outputs[failedKey(e.Package)] = []string{}
	}
	for _, text := range s.outputs[key] {
		fmt.Fprint(s.out, text)
	}
}

func failedKey(pkg string) string { return "failed " + pkg }

func (s *summary) anyFailedIn(pkg string) bool {
	_, ok := s.outputs[failedKey(pkg)]
	return ok
}
