package run

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A progress tells a person at a terminal what is going on, on one line that is
// taken away at the end. Work that is done within a second shows nothing.
type progress struct {
	w     io.Writer
	mu    sync.Mutex
	stage string
	stop  chan struct{}
	done  sync.WaitGroup
}

// startProgress starts the display, or returns nil if w is no terminal; a nil
// progress takes every call.
func startProgress(w io.Writer, terminal bool) *progress {
	if !terminal {
		return nil
	}
	p := &progress{w: w, stop: make(chan struct{})}
	start := time.Now()
	p.done.Go(func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-p.stop:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-tick.C:
				p.mu.Lock()
				fmt.Fprintf(w, "\r\x1b[K%s %ds", p.stage, int(time.Since(start).Seconds()))
				p.mu.Unlock()
				shown = true
			}
		}
	})
	return p
}

// maxStage keeps the line within a narrow terminal: what wraps is not taken
// away again.
const maxStage = 48

// set names what is being done now.
func (p *progress) set(stage string) {
	if p == nil {
		return
	}
	if r := []rune(stage); len(r) > maxStage {
		stage = string(r[:maxStage-1]) + "…"
	}
	p.mu.Lock()
	p.stage = stage
	p.mu.Unlock()
}

// end takes the line away and waits until nothing is written any more.
func (p *progress) end() {
	if p == nil {
		return
	}
	close(p.stop)
	p.done.Wait()
}
