package run

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A progress tells a person at a terminal what is being done, and for how long.
type progress struct {
	line  *Line
	mu    sync.Mutex
	stage string
}

// startProgress starts the display, or returns nil if w is no terminal; a nil
// progress takes every call.
func startProgress(w io.Writer, terminal bool) *progress {
	if !terminal {
		return nil
	}
	p := new(progress)
	p.line = StartLine(w, time.Second, func(elapsed time.Duration) string {
		p.mu.Lock()
		defer p.mu.Unlock()
		return fmt.Sprintf("%s %ds", p.stage, int(elapsed.Seconds()))
	})
	return p
}

// maxStage keeps the line within a narrow terminal.
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

// end takes the line away.
func (p *progress) end() {
	if p != nil {
		p.line.End()
	}
}
