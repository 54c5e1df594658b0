package lsp

import (
	"context"
	"fmt"
	"time"
)

// progressDelay is how long work takes before it is shown.
const progressDelay = time.Second

// progressToken names the one progress of the server: go vet runs one at a time.
const progressToken = "phivet-go"

type progressParams struct {
	Token string        `json:"token"`
	Value progressValue `json:"value"`
}

type progressValue struct {
	Kind    string `json:"kind"` // begin or end
	Title   string `json:"title,omitempty"`
	Message string `json:"message,omitempty"`
}

// progress shows, if the client can, that work goes on that takes over a
// second. The function that it returns ends that.
func (s *server) progress(ctx context.Context, title string, packages int) func() {
	if !s.client.Window.WorkDoneProgress {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
			return
		case <-time.After(progressDelay):
		}
		token := struct {
			Token string `json:"token"`
		}{progressToken}
		if s.conn.Call(ctx, "window/workDoneProgress/create", token, nil) != nil {
			return
		}
		message := ""
		if packages > 1 {
			message = fmt.Sprintf("%d packages", packages)
		}
		_ = s.conn.Notify(s.ctx, "$/progress", progressParams{progressToken, progressValue{Kind: "begin", Title: title, Message: message}})
		<-ctx.Done()
		_ = s.conn.Notify(s.ctx, "$/progress", progressParams{progressToken, progressValue{Kind: "end"}})
	}()
	return func() {
		cancel()
		<-done
	}
}
