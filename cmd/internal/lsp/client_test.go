package lsp_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/phivet/phivet/cmd/internal/lsp"
	"github.com/phivet/phivet/rules"
	"github.com/phivet/phivet/rules/ruletest"
)

// patience is how long a test waits for what has to come.
const patience = 3 * time.Minute

// bin is where the program was built, "" as long as no test has asked for it.
var bin string

// phivet builds the program once: go vet and the editors start it.
var phivet = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "phivet-lsp-")
	if err != nil {
		return "", err
	}
	bin = dir
	name := filepath.Join(dir, "phivet")
	if out, err := exec.Command("go", "build", "-o", name, "../../phivet").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return name, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if bin != "" {
		os.RemoveAll(bin)
	}
	os.Exit(code)
}

func program(t *testing.T) string {
	t.Helper()
	name, err := phivet()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// The messages as a client sees them; what phivet writes is read back with
// types of the tests' own.
type (
	place struct {
		Line      int `json:"line"`
		Character int `json:"character"`
	}
	span struct {
		Start place `json:"start"`
		End   place `json:"end"`
	}
	diagnostic struct {
		Range           span   `json:"range"`
		Severity        int    `json:"severity"`
		Code            string `json:"code"`
		CodeDescription struct {
			Href string `json:"href"`
		} `json:"codeDescription"`
		Source             string            `json:"source"`
		Message            string            `json:"message"`
		Tags               []int             `json:"tags"`
		RelatedInformation []json.RawMessage `json:"relatedInformation"`
	}
	textEdit struct {
		Range   span   `json:"range"`
		NewText string `json:"newText"`
	}
	action struct {
		Title       string       `json:"title"`
		Kind        string       `json:"kind"`
		Diagnostics []diagnostic `json:"diagnostics"`
		IsPreferred bool         `json:"isPreferred"`
		Edit        struct {
			Changes         map[string][]textEdit `json:"changes"`
			DocumentChanges []struct {
				TextDocument struct {
					URI     string `json:"uri"`
					Version *int   `json:"version"`
				} `json:"textDocument"`
				Edits []textEdit `json:"edits"`
			} `json:"documentChanges"`
		} `json:"edit"`
	}
)

func (s span) String() string {
	return fmt.Sprintf("%d:%d-%d:%d", s.Start.Line, s.Start.Character, s.End.Line, s.End.Character)
}

// A client is an editor, over pipes, in the test's own process.
type client struct {
	t    testing.TB
	root string
	conn *jsonrpc2.Conn
	done chan error // what Serve returned

	mu          sync.Mutex
	diagnostics map[string][]diagnostic // by URI
	published   int
	shown       []string
	registered  []string
	progress    []string        // params of $/progress
	all         strings.Builder // all that the server has sent
	changed     chan struct{}
}

// tee keeps what the server writes.
type tee struct {
	io.Writer
	c *client
}

func (w tee) Write(p []byte) (int, error) {
	w.c.mu.Lock()
	w.c.all.Write(p)
	w.c.mu.Unlock()
	return w.Writer.Write(p)
}

type pipes struct {
	io.Reader
	io.WriteCloser
}

func (p pipes) Close() error { return p.WriteCloser.Close() }

// start starts a server and connects; it does not initialize.
func start(t testing.TB, root, self string) *client {
	c := &client{t: t, root: root, done: make(chan error, 1), diagnostics: map[string][]diagnostic{}, changed: make(chan struct{})}
	serverIn, clientOut := io.Pipe()
	clientIn, serverOut := io.Pipe()
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		c.done <- lsp.Serve(ctx, serverIn, tee{serverOut, c}, lsp.Options{Version: "test", Self: self, Min: rules.Low, Stderr: io.Discard})
		serverOut.Close()
	}()
	c.conn = jsonrpc2.NewConn(ctx, jsonrpc2.NewBufferedStream(pipes{clientIn, clientOut}, jsonrpc2.VSCodeObjectCodec{}), jsonrpc2.HandlerWithError(c.handle))
	t.Cleanup(func() {
		c.conn.Close()
		cancel()
	})
	return c
}

func (c *client) handle(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) (any, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch req.Method {
	case "textDocument/publishDiagnostics":
		var p struct {
			URI         string       `json:"uri"`
			Diagnostics []diagnostic `json:"diagnostics"`
		}
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			return nil, err
		}
		if p.Diagnostics == nil {
			c.t.Errorf("diagnostics of %s are null", p.URI)
		}
		c.diagnostics[p.URI] = p.Diagnostics
		c.published++
	case "window/showMessage", "window/logMessage":
		var p struct {
			Message string `json:"message"`
		}
		if err := json.Unmarshal(*req.Params, &p); err != nil {
			return nil, err
		}
		if req.Method == "window/showMessage" {
			c.shown = append(c.shown, p.Message)
		}
	case "$/progress":
		c.progress = append(c.progress, string(*req.Params))
	case "window/workDoneProgress/create":
	case "client/registerCapability":
		c.registered = append(c.registered, string(*req.Params))
	default:
		return nil, &jsonrpc2.Error{Code: jsonrpc2.CodeMethodNotFound}
	}
	close(c.changed)
	c.changed = make(chan struct{})
	return nil, nil
}

// capabilities are those of an editor of today.
const capabilities = `{"general": {"positionEncodings": ["utf-16"]}, "window": {"workDoneProgress": true},
	"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}, "workspaceEdit": {"documentChanges": true}},
	"textDocument": {"publishDiagnostics": {"relatedInformation": true}, "hover": {"contentFormat": ["markdown", "plaintext"]}}}`

// open starts a server on a folder with these files.
func open(t testing.TB, self string, files ruletest.Files) *client {
	t.Helper()
	c := start(t, files.Write(t), self)
	c.initialize(capabilities)
	return c
}

func (c *client) initialize(capabilities string) {
	c.t.Helper()
	params := fmt.Sprintf(`{"processId": null, "rootUri": %q, "capabilities": %s, "trace": "off", "workspaceFolders": [{"uri": %q, "name": "x"}]}`,
		c.uri("."), capabilities, c.uri("."))
	c.call("initialize", json.RawMessage(params), nil)
	c.notify("initialized", struct{}{})
}

func (c *client) uri(file string) string {
	return (&url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(c.root, filepath.FromSlash(file)))}).String()
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := c.conn.Call(ctx, method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	if err := c.conn.Notify(context.Background(), method, params); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

func (c *client) didOpen(file, text string) {
	c.t.Helper()
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": c.uri(file), "languageId": "sql", "version": 1, "text": text}})
}

// replace sends the whole text of a buffer.
func (c *client) replace(file string, version int, text string) {
	c.t.Helper()
	c.notify("textDocument/didChange", map[string]any{
		"textDocument":   map[string]any{"uri": c.uri(file), "version": version},
		"contentChanges": []any{map[string]any{"text": text}},
	})
}

func (c *client) save(file, text string) {
	c.t.Helper()
	ruletest.Files{file: text}.WriteTo(c.t, c.root)
	c.notify("textDocument/didSave", map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}})
}

// of returns the diagnostics of a file as "line:char-line:char CODE".
func (c *client) of(file string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, d := range c.diagnostics[c.uri(file)] {
		out = append(out, d.Range.String()+" "+d.Code)
	}
	return out
}

// codes returns the rule IDs of a file's diagnostics, each once.
func (c *client) codes(file string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, d := range c.diagnostics[c.uri(file)] {
		out = append(out, d.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// until waits until ok holds of what the server has sent.
func (c *client) until(what string, ok func() bool) {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		changed := c.changed
		c.mu.Unlock()
		if ok() {
			return
		}
		select {
		case <-changed:
		case <-deadline:
			c.mu.Lock()
			defer c.mu.Unlock()
			c.t.Fatalf("no %s; shown: %q; the last that was sent: …%s", what, c.shown, c.all.String()[max(0, c.all.Len()-3000):])
		}
	}
}

// untilCode waits until a file has, or has no, finding of a rule.
func (c *client) untilCode(file, code string, want bool) {
	c.t.Helper()
	c.until(fmt.Sprintf("diagnostics of %s with %s: %v", file, code, want), func() bool {
		return slices.Contains(c.codes(file), code) == want
	})
}

// settle waits until all that was sent before has been judged.
func (c *client) settle(file string) {
	c.t.Helper()
	c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}, "position": place{}}, nil)
}

func (c *client) hover(file string, line, character int) string {
	c.t.Helper()
	var h *struct {
		Contents struct {
			Kind  string `json:"kind"`
			Value string `json:"value"`
		} `json:"contents"`
	}
	c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}, "position": place{line, character}}, &h)
	if h == nil {
		return ""
	}
	return h.Contents.Kind + ": " + h.Contents.Value
}

func (c *client) actions(file string, r span) []action {
	c.t.Helper()
	var out []action
	c.call("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}, "range": r,
		"context": map[string]any{"diagnostics": []any{}}}, &out)
	return out
}

// rawActions returns the actions as the server has sent them.
func (c *client) rawActions(file string, r span) []json.RawMessage {
	c.t.Helper()
	var out []json.RawMessage
	c.call("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": c.uri(file)}, "range": r,
		"context": map[string]any{"diagnostics": []any{}}}, &out)
	return out
}

// action returns the action whose title holds a text.
func (c *client) action(file string, r span, title string) action {
	c.t.Helper()
	var titles []string
	for _, a := range c.actions(file, r) {
		if strings.Contains(a.Title, title) {
			return a
		}
		titles = append(titles, a.Title)
	}
	c.t.Fatalf("no action %q among %q", title, titles)
	return action{}
}

// apply returns a text after an action's edits of that file, which count in
// UTF-16 units.
func (c *client) apply(a action, file, text string) string {
	c.t.Helper()
	var edits []textEdit
	for _, d := range a.Edit.DocumentChanges {
		if d.TextDocument.URI == c.uri(file) {
			edits = append(edits, d.Edits...)
		}
	}
	edits = append(edits, a.Edit.Changes[c.uri(file)]...)
	if len(edits) == 0 {
		c.t.Fatalf("action %q has no edit of %s", a.Title, file)
	}
	slices.SortStableFunc(edits, func(x, y textEdit) int { return offset(text, y.Range.Start) - offset(text, x.Range.Start) })
	for _, e := range edits {
		text = text[:offset(text, e.Range.Start)] + e.NewText + text[offset(text, e.Range.End):]
	}
	return text
}

// offset converts a position in UTF-16 units.
func offset(text string, p place) int {
	at := 0
	for range p.Line {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	for units := 0; units < p.Character && at < len(text) && text[at] != '\n'; {
		for i, r := range text[at:] {
			if i > 0 {
				at += i
				break
			}
			if r >= 0x10000 {
				units++
			}
			units++
			if len(text[at:]) == len(string(r)) {
				at = len(text)
			}
		}
	}
	return at
}
