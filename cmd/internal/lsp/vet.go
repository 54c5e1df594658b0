package lsp

import (
	"context"
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
	raw, err := run.VetPackage(ctx, p, j.dir, v.s.Self)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		v.s.show(messageError, "phivet: "+err.Error())
	default:
		j.root.setGo(j.dir, raw)
	}
}

// wait waits for the end of the loop.
func (v *vetter) wait(most time.Duration) {
	select {
	case <-v.done:
	case <-time.After(most):
	}
}
