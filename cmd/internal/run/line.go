package run

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A Line tells a person at a terminal what is going on, on one line that is
// taken away at the end. Work that is done within a second shows nothing.
type Line struct {
	stop chan struct{}
	done sync.WaitGroup
}

// StartLine starts to write the line to w, a terminal: again and again, after
// each time of this length, what text gives for the time since the start. It
// must be short enough not to wrap: what wraps is not taken away again.
func StartLine(w io.Writer, every time.Duration, text func(elapsed time.Duration) string) *Line {
	l := &Line{stop: make(chan struct{})}
	start := time.Now()
	l.done.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-l.stop:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-tick.C:
				if elapsed := time.Since(start); elapsed >= time.Second {
					fmt.Fprintf(w, "\r\x1b[K%s", text(elapsed))
					shown = true
				}
			}
		}
	})
	return l
}

// End takes the line away and waits until nothing is written any more.
func (l *Line) End() {
	close(l.stop)
	l.done.Wait()
}
