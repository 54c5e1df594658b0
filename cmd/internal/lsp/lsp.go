// Package lsp is phivet for editors: a server of the Language Server Protocol
// on standard input and output.
//
// SQL is judged while it is typed: the text of open buffers lies over the
// files, the whole history is replayed, and what was found is published for
// every file of the workspace. A root goroutine for each project does that
// (root.go), with a [sqlscan.Memory] so that only what was edited is parsed.
// Go code is judged as it is saved, by go vet, one package at a time (vet.go).
//
// The way of a message: stream.go reads it, server.go dispatches it,
// documents.go keeps the buffers, root.go judges, publish.go, hover.go and
// actions.go answer.
//
// No message but the edits of a code action holds text of a file: findings
// carry names only.
package lsp

import (
	"context"
	"errors"
	"io"
	"log"
	"time"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/phivet/phivet/rules"
)

// Options are what the command line says.
type Options struct {
	Version string
	Self    string         // phivet's own executable, for go vet
	Min     rules.Severity // the least severity that is shown
	Stderr  io.Writer
}

// errNoShutdown makes the exit code tell that the client went away without
// saying so, as the protocol asks.
var errNoShutdown = errors.New("the client left without shutdown")

// Serve answers a client until it says exit, or its side of the connection is
// closed.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := newServer(ctx, o)
	silent := log.New(io.Discard, "", 0) // it would quote messages
	s.conn = jsonrpc2.NewConn(ctx, newStream(in, out), s, jsonrpc2.SetLogger(silent))
	close(s.connected)
	go s.vetter.loop(ctx)
	select {
	case <-s.exit:
	case <-s.conn.DisconnectNotify():
	}
	cancel()
	s.vetter.wait(5 * time.Second) // go vet removes its files when interrupted
	_ = s.conn.Close()             // it may be closed already
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.phase != shutDown {
		return errNoShutdown
	}
	return nil
}
