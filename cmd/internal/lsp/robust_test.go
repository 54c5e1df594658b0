package lsp_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/phivet/phivet/cmd/internal/lsp"
	"github.com/phivet/phivet/rules/ruletest"
)

func command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "GOPROXY=off")
	return cmd
}

// TestLife follows the life of a server: what comes too early or too late is
// refused, and the exit code tells whether the client took its leave.
func TestLife(t *testing.T) {
	c := start(t, t.TempDir(), "")
	ctx := context.Background()
	wantCode := func(method string, want int64) {
		t.Helper()
		var e *jsonrpc2.Error
		if err := c.conn.Call(ctx, method, struct{}{}, nil); !errors.As(err, &e) || e.Code != want {
			t.Errorf("%s: %v, want code %d", method, err, want)
		}
	}
	wantCode("textDocument/hover", -32002)
	wantCode("shutdown", -32002)
	c.initialize(`{}`)
	wantCode("initialize", -32600)
	wantCode("textDocument/unknown", -32601)
	c.notify("$/setTrace", map[string]any{"value": "off"})
	c.notify("$/unknown", nil)
	c.call("shutdown", nil, nil)
	wantCode("textDocument/hover", -32600)
	c.notify("exit", nil)
	if err := <-c.done; err != nil {
		t.Errorf("Serve = %v after shutdown and exit", err)
	}

	rude := start(t, t.TempDir(), "")
	rude.initialize(`{}`)
	rude.notify("exit", nil)
	if err := <-rude.done; err == nil {
		t.Error("Serve = nil after exit without shutdown")
	}
}

func TestEncodingNegotiated(t *testing.T) {
	for offered, want := range map[string]string{`[]`: "utf-16", `["utf-32", "utf-8", "utf-16"]`: "utf-8", `["utf-16", "utf-8"]`: "utf-16", `["utf-32"]`: "utf-16"} {
		c := start(t, t.TempDir(), "")
		var r struct {
			Capabilities struct {
				PositionEncoding string `json:"positionEncoding"`
			} `json:"capabilities"`
		}
		c.call("initialize", json.RawMessage(`{"capabilities": {"general": {"positionEncodings": `+offered+`}}}`), &r)
		if r.Capabilities.PositionEncoding != want {
			t.Errorf("offered %s: %s, want %s", offered, r.Capabilities.PositionEncoding, want)
		}
	}
	const file = "migrations/001.sql"
	c := start(t, ruletest.Files{file: "/* é😀 */ " + patients}.Write(t), "")
	c.initialize(`{"general": {"positionEncodings": ["utf-8"]}}`)
	c.untilCode(file, "PHI501", true)
	if got, want := c.of(file)[0], "0:26-0:34 PHI501"; got != want { // bytes
		t.Errorf("diagnostic = %s, want %s", got, want)
	}
}

// broken are messages that no client should send.
var broken = []string{
	"Content-Length: 3\r\n\r\n{{{", "Content-Length: 2\r\n\r\n42", "Content-Length: 2\r\n\r\n{}", "Content-Length: 4\r\n\r\nnull",
	"Content-Length: 2\r\n\r\n[]", "Content-Length: 0\r\n\r\n", "Content-Length: -5\r\n\r\n", "Content-Length: many\r\n\r\n", "garbage\r\n\r\n", "\r\n\r\n\r\n",
	"X: " + strings.Repeat("y", 100000) + "\r\n\r\n", "Content-Length: 67108865\r\n\r\n" + strings.Repeat(" ", 67108865),
	body(`{"jsonrpc": "2.0", "id": -1, "method": "textDocument/hover"}`), body(`{"jsonrpc": "2.0", "id": 1.5, "method": "x"}`),
	body(`{"jsonrpc": "2.0", "id": 77, "result": {}}`), body(`{"jsonrpc": "2.0", "id": "seven", "method": "textDocument/hover", "params": 7}`),
	body(`{"jsonrpc": "2.0", "id": 8, "method": "textDocument/codeAction", "params": {"textDocument": {"uri": 5}}}`),
	body(`{"jsonrpc": "2.0", "id": 9, "method": "textDocument/hover", "params": {"textDocument": {"uri": "::"}, "position": {"line": -4, "character": -9}}}`),
	body(`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": null}`), body(`{"jsonrpc": "2.0", "method": "textDocument/didOpen"}`),
	body(`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "untitled:1", "text": "x"}}}`),
	body(`{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": {"uri": "file:///no/such/dir/x.sql", "text": "SELECT"}}}`),
	body(`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///nowhere.sql"}, "contentChanges": [{}]}}`),
	body(`{"jsonrpc": "2.0", "method": "textDocument/didSave", "params": []}`), body(`{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": {}}}`),
	body(`{"jsonrpc": "2.0", "method": "workspace/didChangeWorkspaceFolders", "params": {"event": {"added": [{"uri": "http://x"}], "removed": [{}]}}}`),
	body(`{"jsonrpc": "2.0", "method": "workspace/didChangeWatchedFiles", "params": {"changes": [{}, {"uri": "file:///"}]}}`),
}

func body(s string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(s), s) }

// TestBrokenMessages sends each of them in front of a request that still has to
// be answered.
func TestBrokenMessages(t *testing.T) {
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	go func() {
		lsp.Serve(context.Background(), in, out, lsp.Options{Stderr: io.Discard})
		out.Close()
	}()
	defer toServer.Close()
	answers := make(chan string, 1000)
	go func() {
		r := bufio.NewReader(fromServer)
		for {
			var n int
			if _, err := fmt.Fscanf(r, "Content-Length: %d\r\n\r\n", &n); err != nil {
				close(answers)
				return
			}
			b := make([]byte, n)
			io.ReadFull(r, b)
			answers <- string(b)
		}
	}()
	send := func(s string) { io.WriteString(toServer, s) }
	send(body(`{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}`))
	send(body(`{"jsonrpc": "2.0", "method": "initialized", "params": {}}`))
	for i, message := range broken {
		id := 1000 + i
		send(message)
		send(body(fmt.Sprintf(`{"jsonrpc": "2.0", "id": %d, "method": "unknown"}`, id)))
		deadline := time.After(patience)
		for answered := false; !answered; {
			select {
			case a, ok := <-answers:
				if !ok {
					t.Fatalf("the server ended after %.100q", message)
				}
				answered = strings.Contains(a, fmt.Sprintf(`"id":%d,`, id))
			case <-deadline:
				t.Fatalf("no answer after %.100q", message)
			}
		}
	}
}

// TestIncrementalSync makes random edits, with positions as an editor counts
// them, and compares what the server has with what the editor has: a hover on
// the last column tells.
func TestIncrementalSync(t *testing.T) {
	const file = "migrations/001.sql"
	for _, newline := range []string{"\n", "\r\n"} {
		random := rand.New(rand.NewPCG(7, 11))
		text := strings.ReplaceAll("-- é😀\n"+patients, "\n", newline)
		c := open(t, "", map[string]string{file: text})
		c.didOpen(file, text)
		pieces := []string{"", "-- é\n", "x", "😀", "a b", "/* 😀\n */", "'", "''", "\n\n"}
		for i := range 60 {
			var changes []any
			for range 1 + random.IntN(3) {
				from := random.IntN(len(text) + 1)
				to := min(len(text), from+random.IntN(4))
				r := span{positionOf(text, from), positionOf(text, to)}
				from, to = offset(text, r.Start), offset(text, r.End)
				piece := strings.ReplaceAll(pieces[random.IntN(len(pieces))], "\n", newline)
				text = text[:from] + piece + text[to:]
				changes = append(changes, map[string]any{"range": r, "text": piece})
			}
			c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": c.uri(file), "version": i + 2}, "contentChanges": changes})
		}
		// Another hundred lines in front, and the table in a place that only the
		// right text has.
		tail := newline + "';*/" + newline + strings.ReplaceAll(patients, "patients", "patients_b")
		end := positionOf(text, len(text))
		c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": c.uri(file), "version": 100},
			"contentChanges": []any{map[string]any{"range": span{place{}, end}, "text": strings.ReplaceAll(text, "'", " ")}}})
		text = strings.ReplaceAll(text, "'", " ")
		end = positionOf(text, len(text))
		c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": c.uri(file), "version": 101},
			"contentChanges": []any{map[string]any{"range": span{end, end}, "text": "/*" + tail}}})
		text += "/*" + tail
		c.settle(file)
		ghost := open(t, "", map[string]string{file: text})
		ghost.didOpen(file, text)
		ghost.settle(file)
		want, got := ghost.of(file), c.of(file)
		if len(want) == 0 || strings.Join(want, "\n") != strings.Join(got, "\n") {
			t.Errorf("after random edits the diagnostics are\n%s\nof the same text opened at once\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// positionOf converts a byte offset to UTF-16 units, moved to the start of the
// rune or line end that it is inside of.
func positionOf(text string, at int) place {
	before := text[:at]
	line := strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	units := 0
	for i, r := range text[start:] {
		if start+i >= at || r == '\n' {
			break
		}
		if start+i+len(string(r)) > at {
			break
		}
		units++
		if r >= 0x10000 {
			units++
		}
	}
	return place{line, units}
}

// TestCancel cancels a request that waits for a verdict.
func TestCancel(t *testing.T) {
	const file = "migrations/001.sql"
	c := open(t, "", map[string]string{file: patients})
	c.didOpen(file, patients)
	c.settle(file)
	var cancelled int
	for i := range 20 {
		c.replace(file, i+2, patients+strings.Repeat("\n", i))
		id := jsonrpc2.ID{Num: uint64(5000 + i)}
		w, err := c.conn.DispatchCall(context.Background(), "textDocument/hover",
			map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}, "position": place{}}, jsonrpc2.PickID(id))
		if err != nil {
			t.Fatal(err)
		}
		c.notify("$/cancelRequest", map[string]any{"id": id})
		var e *jsonrpc2.Error
		if err := w.Wait(context.Background(), nil); errors.As(err, &e) && e.Code == -32800 {
			cancelled++
		} else if err != nil {
			t.Errorf("request %d: %v", i, err)
		}
	}
	if cancelled == 0 {
		t.Error("no request was cancelled")
	}
	if got := c.hover(file, 2, 5); !strings.Contains(got, "ssn") {
		t.Errorf("hover after cancelled ones = %q", got)
	}
}
