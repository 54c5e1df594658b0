package lsp

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/phivet/phivet/cmd/internal/config"
	"github.com/phivet/phivet/cmd/internal/run"
)

// A vetter runs the Go half, one go vet at a time: that uses all cores by
// itself. The package that was saved last is judged first, alone, and the
// others of its module behind it, together. A new request stops what is going
// on, which is then taken up again; go vet's cache keeps what was done.
type vetter struct {
	s    *server
	wake chan struct{} // holds one
	done chan struct{} // closed when loop ends

	mu    sync.Mutex
	queue []vetJob           // the last one is next
	now   []vetJob           // what is being judged
	stop  context.CancelFunc // of now, nil if nothing is
}

// A vetJob is a package to judge.
type vetJob struct {
	root   *root
	dir    string
	urgent bool // somebody waits for it
}

func (j vetJob) same(other vetJob) bool { return j.root == other.root && j.dir == other.dir }

// maxQueue bounds how many packages wait.
const maxQueue = 500

func newVetter(s *server) *vetter {
	return &vetter{s: s, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// request has a package judged: urgent ones before all that wait.
func (v *vetter) request(r *root, dir string, urgent bool) {
	j := vetJob{r, dir, urgent}
	v.mu.Lock()
	if v.stop != nil && (urgent || slices.ContainsFunc(v.now, j.same)) {
		v.stop()
		v.stop = nil
		for _, left := range v.now {
			v.push(left, false)
		}
	}
	v.push(j, urgent)
	v.mu.Unlock()
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

// push puts a job to one end of the queue. The caller holds the lock.
func (v *vetter) push(j vetJob, next bool) {
	if i := slices.IndexFunc(v.queue, j.same); i >= 0 {
		if !next {
			return
		}
		v.queue = slices.Delete(v.queue, i, i+1)
	}
	if next {
		v.queue = append(v.queue, j)
	} else {
		j.urgent = false
		v.queue = slices.Insert(v.queue, 0, j)
	}
	if len(v.queue) > maxQueue {
		v.queue = slices.Delete(v.queue, 0, len(v.queue)-maxQueue)
	}
}

// take removes the next jobs from the queue: one that is urgent, or all of one
// module. The caller holds the lock.
func (v *vetter) take() []vetJob {
	last := len(v.queue) - 1
	j := v.queue[last]
	v.queue = v.queue[:last]
	out := []vetJob{j}
	if j.urgent {
		for i := range v.queue {
			v.queue[i].urgent = false // it was, for a moment
		}
		return out
	}
	module := config.FindUp(j.dir, "go.mod")
	v.queue = slices.DeleteFunc(v.queue, func(q vetJob) bool {
		together := q.root == j.root && config.FindUp(q.dir, "go.mod") == module
		if together {
			out = append(out, q)
		}
		return together
	})
	return out
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

// next runs one go vet, and reports whether there was anything to do.
func (v *vetter) next(ctx context.Context) bool {
	v.mu.Lock()
	if len(v.queue) == 0 || ctx.Err() != nil {
		v.mu.Unlock()
		return false
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	jobs := v.take()
	v.now, v.stop = jobs, cancel
	v.mu.Unlock()
	v.s.guard("judging Go code", func() { v.vet(ctx, jobs) })
	v.mu.Lock()
	v.now, v.stop = nil, nil
	v.mu.Unlock()
	return true
}

// vet judges packages of one module.
func (v *vetter) vet(ctx context.Context, jobs []vetJob) {
	r := jobs[0].root
	if r.fresh(ctx) == nil { // reads the configuration
		return
	}
	p := r.current()
	if p == nil {
		return
	}
	before := map[string]map[string][]byte{}
	var dirs []string
	for _, j := range jobs {
		if !p.Config.Excluded(r.rel(j.dir)) {
			dirs = append(dirs, j.dir)
			before[j.dir] = goFiles(j.dir)
		}
	}
	if len(dirs) == 0 {
		return
	}
	end := v.s.progress(ctx, "phivet: judging Go code", len(dirs))
	raw, err := run.VetPackages(ctx, p, dirs, v.s.Self)
	end()
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		v.s.show(messageError, "phivet: "+err.Error())
		return
	}
	for i, found := range split(r, raw, dirs) {
		after := goFiles(dirs[i])
		if !found.take(r, dirs[i], before[dirs[i]], after) {
			v.request(r, dirs[i], true) // nobody knows which of the two texts was judged
			continue
		}
		r.setGo(dirs[i], found)
	}
}

// vetted is what go vet has found in a package, and the texts that it has read.
type vetted struct {
	raw   run.Raw
	texts map[string][]byte // of files with findings, by path from the root
}

// split gives each directory what was found in it, and the first one what
// belongs to none.
func split(r *root, raw run.Raw, dirs []string) []vetted {
	out := make([]vetted, len(dirs))
	of := func(file string) *run.Raw {
		i := slices.Index(dirs, filepath.Dir(r.abs(file)))
		return &out[max(i, 0)].raw
	}
	for _, f := range raw.Findings {
		to := of(f.Span.File)
		to.Findings = append(to.Findings, f)
	}
	for _, file := range raw.Directives {
		to := of(file)
		to.Directives = append(to.Directives, file)
	}
	out[0].raw.Notices = raw.Notices
	for i := range out {
		out[i].raw.Go = raw.Go
		out[i].texts = map[string][]byte{}
	}
	return out
}

// take keeps the texts of files with findings, and reports whether these are
// still the same.
func (v *vetted) take(r *root, dir string, before, after map[string][]byte) bool {
	for i := range v.raw.Findings {
		file := v.raw.Findings[i].Span.File
		name := filepath.Base(filepath.FromSlash(file))
		text, ok := before[name]
		if !ok || r.abs(file) != filepath.Join(dir, name) {
			continue
		}
		if !bytes.Equal(text, after[name]) {
			return false
		}
		v.texts[file] = text
	}
	return true
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
