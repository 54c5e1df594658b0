package lsp

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/phivet/phivet/cmd/internal/run"
)

// A vetter runs the Go half, one package at a time: go vet uses all cores by
// itself. The package that was saved last comes first, and stops the one that
// is being judged, which then comes next; go vet's cache keeps what was done.
type vetter struct {
	s    *server
	wake chan struct{} // holds one
	done chan struct{} // closed when loop ends

	mu    sync.Mutex
	queue []vetJob // the last one is next
	now   vetJob
	stop  context.CancelFunc // of now, or nil
}

// A vetJob is a package to judge.
type vetJob struct {
	root *root
	dir  string
}

// maxQueue bounds how many packages wait.
const maxQueue = 200

func newVetter(s *server) *vetter {
	return &vetter{s: s, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// request has a package judged.
func (v *vetter) request(r *root, dir string) {
	v.mu.Lock()
	j := vetJob{r, dir}
	v.queue = slices.DeleteFunc(v.queue, func(q vetJob) bool { return q == j })
	if v.stop != nil {
		v.stop()
		if v.now != j && !slices.Contains(v.queue, v.now) {
			v.queue = append(v.queue, v.now)
		}
		v.stop = nil
	}
	v.queue = append(v.queue, j)
	if len(v.queue) > maxQueue {
		v.queue = slices.Delete(v.queue, 0, len(v.queue)-maxQueue)
	}
	v.mu.Unlock()
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

func (v *vetter) loop(ctx context.Context) {
	defer close(v.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.wake:
		}
		for v.next(ctx) {
		}
	}
}

// next judges one package, and reports whether there was one.
func (v *vetter) next(ctx context.Context) bool {
	v.mu.Lock()
	if len(v.queue) == 0 || ctx.Err() != nil {
		v.mu.Unlock()
		return false
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	last := len(v.queue) - 1
	j := v.queue[last]
	v.queue = v.queue[:last]
	v.now, v.stop = j, cancel
	v.mu.Unlock()
	v.s.guard("judging Go code", func() { v.vet(ctx, j) })
	v.mu.Lock()
	if v.now == j {
		v.stop = nil
	}
	v.mu.Unlock()
	return true
}

func (v *vetter) vet(ctx context.Context, j vetJob) {
	if j.root.fresh(ctx) == nil { // reads the configuration
		return
	}
	p := j.root.current()
	if p == nil || p.Config.Excluded(j.root.rel(j.dir)) {
		return
	}
	before := goFiles(j.dir)
	raw, err := run.VetPackage(ctx, p, j.dir, v.s.Self)
	found := vetted{raw, map[string][]byte{}}
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		v.s.show(messageError, "phivet: "+err.Error())
		return
	}
	after := goFiles(j.dir)
	for i := range raw.Findings {
		name := filepath.Base(filepath.FromSlash(raw.Findings[i].Span.File))
		if j.root.abs(raw.Findings[i].Span.File) != filepath.Join(j.dir, name) {
			continue
		}
		if !bytes.Equal(before[name], after[name]) {
			v.request(j.root, j.dir) // nobody knows which of the two was judged
			return
		}
		if before[name] != nil {
			found.texts[raw.Findings[i].Span.File] = before[name]
		}
	}
	j.root.setGo(j.dir, found)
}

// vetted is what go vet has found in a package, and the texts that it has read.
type vetted struct {
	raw   run.Raw
	texts map[string][]byte // of files with findings, by path from the root
}

// goFiles reads the Go files of a directory.
func goFiles(dir string) map[string][]byte {
	out := map[string][]byte{}
	entries, _ := os.ReadDir(dir) // go vet says what is wrong with it
	for _, e := range entries {
		if isGo(e.Name()) {
			if text, err := os.ReadFile(filepath.Join(dir, e.Name())); err == nil {
				out[e.Name()] = text
			}
		}
	}
	return out
}

// wait waits for the end of the loop.
func (v *vetter) wait(most time.Duration) {
	select {
	case <-v.done:
	case <-time.After(most):
	}
}
