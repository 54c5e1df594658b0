package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/sourcegraph/jsonrpc2"
)

// phase is where the life of a server is.
type phase int

const (
	created phase = iota
	running
	shutDown
)

// A server is one connection with one client.
type server struct {
	Options
	ctx       context.Context
	conn      *jsonrpc2.Conn
	connected chan struct{} // closed once conn is set
	exit      chan struct{} // closed by the notification exit
	vetter    *vetter

	mu       sync.Mutex // guards what follows
	phase    phase
	client   clientCapabilities
	encoding encoding
	folders  []folder
	docs     map[string]*document // by real path
	opened   int                  // counts what was opened
	roots    map[string]*root     // by directory
	cancels  map[string]context.CancelFunc
	told     map[string]bool // messages that were shown
	left     bool            // exit came
}

// A folder is a workspace folder: the path the client uses, and the real one.
type folder struct{ path, real string }

func newServer(ctx context.Context, o Options) *server {
	s := &server{
		Options: o, ctx: ctx, connected: make(chan struct{}), exit: make(chan struct{}),
		docs: map[string]*document{}, roots: map[string]*root{}, cancels: map[string]context.CancelFunc{}, told: map[string]bool{},
	}
	s.vetter = newVetter(s)
	return s
}

// A failure is an error with a code of the protocol.
type failure struct {
	code int
	text string
}

func (f *failure) Error() string { return f.text }

// Handle dispatches one message. It runs on the goroutine that reads, so that
// notifications keep their order; requests other than those about the life of
// the server are answered on goroutines of their own.
func (s *server) Handle(_ context.Context, _ *jsonrpc2.Conn, req *jsonrpc2.Request) {
	<-s.connected
	if req.Notif {
		s.guard(req.Method, func() { s.notification(req.Method, params(req)) })
		return
	}
	key := req.ID.String()
	switch req.Method {
	case "initialize", "shutdown":
		s.answer(s.ctx, req)
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.mu.Lock()
	s.cancels[key] = cancel
	s.mu.Unlock()
	go func() {
		defer func() {
			s.mu.Lock()
			delete(s.cancels, key)
			s.mu.Unlock()
			cancel()
		}()
		s.answer(ctx, req)
	}()
}

func params(req *jsonrpc2.Request) json.RawMessage {
	if req.Params == nil {
		return nil
	}
	return *req.Params
}

// guard keeps a panic from ending the server. What it says names the method
// only: the panic's value may hold text of a file.
func (s *server) guard(what string, f func()) {
	defer func() {
		if recover() != nil {
			s.logf("internal error in %s", what)
		}
	}()
	f()
}

func (s *server) logf(format string, args ...any) {
	if s.Stderr != nil {
		fmt.Fprintf(s.Stderr, "phivet lsp: "+format+"\n", args...)
	}
}

// answer handles one request and sends the reply.
func (s *server) answer(ctx context.Context, req *jsonrpc2.Request) {
	var result any
	var err error = &failure{codeInternalError, "internal error"}
	s.guard("a request", func() { result, err = s.request(ctx, req.Method, params(req)) })
	if err == nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err == nil {
		if result == nil {
			result = json.RawMessage("null")
		}
		_ = s.conn.Reply(s.ctx, req.ID, result) // the client may have gone
		return
	}
	var f *failure
	switch {
	case errors.As(err, &f):
	case errors.Is(err, context.Canceled):
		f = &failure{codeRequestCancelled, "cancelled"}
	default:
		f = &failure{codeInternalError, "internal error"}
	}
	_ = s.conn.ReplyWithError(s.ctx, req.ID, &jsonrpc2.Error{Code: int64(f.code), Message: f.text})
}

// decode reads params of a type.
func decode[T any](raw json.RawMessage) (T, error) {
	var v T
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, &failure{codeInvalidParams, "params are not as the protocol has them"}
	}
	return v, nil
}

func (s *server) request(ctx context.Context, method string, raw json.RawMessage) (any, error) {
	s.mu.Lock()
	now := s.phase
	s.mu.Unlock()
	switch {
	case now == shutDown:
		return nil, &failure{codeInvalidRequest, "the server is shut down"}
	case now == created && method != "initialize":
		return nil, &failure{codeNotInitialized, "the server is not initialized"}
	}
	switch method {
	case "initialize":
		return s.initialize(raw)
	case "shutdown":
		s.mu.Lock()
		s.phase = shutDown
		s.mu.Unlock()
		return nil, nil
	case "textDocument/hover":
		p, err := decode[hoverParams](raw)
		if err != nil {
			return nil, err
		}
		if h := s.hover(ctx, p); h != nil {
			return h, nil
		}
		return nil, nil
	case "textDocument/codeAction":
		p, err := decode[codeActionParams](raw)
		if err != nil {
			return nil, err
		}
		return s.codeActions(ctx, p), nil
	case "codeAction/resolve":
		a, err := decode[codeAction](raw)
		if err != nil {
			return nil, err
		}
		return s.resolve(ctx, a)
	}
	return nil, &failure{codeMethodNotFound, "method is not supported"}
}

func (s *server) initialize(raw json.RawMessage) (any, error) {
	p, err := decode[initializeParams](raw)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase != created {
		return nil, &failure{codeInvalidRequest, "the server is initialized already"}
	}
	s.phase = running
	s.client = p.Capabilities
	s.encoding = utf16
	for _, e := range p.Capabilities.General.PositionEncodings {
		if known := encoding(e); known == utf8 || known == utf16 {
			s.encoding = known // the client's first choice that we know
			break
		}
	}
	for _, f := range p.WorkspaceFolders {
		s.addFolder(filePath(f.URI))
	}
	if len(p.WorkspaceFolders) == 0 {
		if path := filePath(p.RootURI); path != "" {
			s.addFolder(path)
		} else {
			s.addFolder(p.RootPath)
		}
	}
	result := initializeResult{ServerInfo: serverInfo{"phivet", s.Version}}
	c := &result.Capabilities
	c.PositionEncoding = string(s.encoding)
	c.TextDocumentSync = textDocumentSyncOptions{OpenClose: true, Change: syncIncremental, Save: saveOptions{IncludeText: true}}
	c.HoverProvider = true
	c.CodeActionProvider = codeActionOptions{[]string{quickFix}, true}
	c.Workspace.WorkspaceFolders.Supported = true
	c.Workspace.WorkspaceFolders.ChangeNotifications = true
	return result, nil
}

// notification handles what wants no answer. Broken params, unknown methods and
// what comes too early or too late are passed over.
func (s *server) notification(method string, raw json.RawMessage) {
	s.mu.Lock()
	now := s.phase
	s.mu.Unlock()
	if method == "exit" {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.left {
			s.left = true
			close(s.exit)
		}
		return
	}
	if now != running {
		return
	}
	var err error
	switch method {
	case "initialized":
		go s.guard("registering", s.watch)
		s.startFolders()
	case "$/cancelRequest":
		err = s.cancel(raw)
	case "textDocument/didOpen":
		err = handle(raw, s.didOpen)
	case "textDocument/didChange":
		err = handle(raw, s.didChange)
	case "textDocument/didSave":
		err = handle(raw, s.didSave)
	case "textDocument/didClose":
		err = handle(raw, s.didClose)
	case "workspace/didChangeWatchedFiles":
		err = handle(raw, s.didChangeWatchedFiles)
	case "workspace/didChangeWorkspaceFolders":
		err = handle(raw, s.didChangeWorkspaceFolders)
	}
	if err != nil {
		s.logf("%s: %v", method, err)
	}
}

func handle[T any](raw json.RawMessage, f func(T)) error {
	p, err := decode[T](raw)
	if err == nil {
		f(p)
	}
	return err
}

func (s *server) cancel(raw json.RawMessage) error {
	p, err := decode[cancelParams](raw)
	if err != nil {
		return err
	}
	var id jsonrpc2.ID
	if err := json.Unmarshal(p.ID, &id); err != nil {
		return &failure{codeInvalidParams, "no request ID"}
	}
	s.mu.Lock()
	cancel := s.cancels[id.String()]
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	return nil
}

// watched are the files whose changes outside the editor matter.
var watched = []string{"**/*.{sql,go,conf,yaml,yml,toml,tf,tfvars,env}", "**/.env*", "**/.phivet-baseline.json", "**/go.mod"}

// watch asks the client to tell of changed files, if it can.
func (s *server) watch() {
	if !s.watches() {
		return
	}
	var o watchOptions
	for _, glob := range watched {
		o.Watchers = append(o.Watchers, watcher{glob})
	}
	reg := registrationParams{[]registration{{"phivet-files", "workspace/didChangeWatchedFiles", o}}}
	_ = s.conn.Call(s.ctx, "client/registerCapability", reg, nil) // it works without, later
}

// watches reports whether the client tells of changed files.
func (s *server) watches() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration
}

// show shows a message once.
func (s *server) show(kind int, text string) {
	s.tell("window/showMessage", showMessageParams{kind, text})
}

// log puts a message into the client's log once.
func (s *server) log(text string) {
	s.tell("window/logMessage", showMessageParams{messageInfo, text})
}

// tell notifies the client of a text once, whichever way it is told.
func (s *server) tell(method string, p showMessageParams) {
	s.mu.Lock()
	told := s.told[p.Message]
	s.told[p.Message] = true
	s.mu.Unlock()
	if !told {
		_ = s.conn.Notify(s.ctx, method, p)
	}
}

// forget makes a message be shown again, once what it said was mended.
func (s *server) forget(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.told, text)
}

// wants reports whether the client asks for actions of a kind.
func wants(only []string, kind string) bool {
	return len(only) == 0 || slices.Contains(only, kind) || slices.Contains(only, "")
}
