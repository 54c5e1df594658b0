package logscan

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// A bar tells a person at a terminal how far the reading is, on one line that
// is taken away at the end. Work that is done within a second shows nothing.
type bar struct {
	w    io.Writer
	stop chan struct{}
	done sync.WaitGroup
}

func startBar(w io.Writer, name string, in *input) *bar {
	b := &bar{w: w, stop: make(chan struct{})}
	start := time.Now()
	b.done.Go(func() {
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-b.stop:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-tick.C:
				if elapsed := time.Since(start); elapsed > time.Second {
					fmt.Fprintf(w, "\r\x1b[K%s", barLine(name, in.at.Load(), in.size, elapsed))
					shown = true
				}
			}
		}
	})
	return b
}

// end takes the line away and waits until nothing is written any more.
func (b *bar) end() {
	close(b.stop)
	b.done.Wait()
}

// short returns a file's name so short that the line with it does not wrap.
func short(name string) string {
	const most = 24
	r := []rune(filepath.Base(name))
	if len(r) > most {
		r = append(r[:most-1], '…')
	}
	return string(r)
}

// barWidth is the length of the bar itself.
const barWidth = 24

// barLine says how much of a file was read, as a bar where its size is known.
func barLine(name string, at, size int64, elapsed time.Duration) string {
	const mega = 1 << 20
	rate := float64(at) / mega / max(elapsed.Seconds(), 0.001)
	if size <= 0 {
		return fmt.Sprintf("%s %d MB, %.0f MB/s", name, at/mega, rate)
	}
	share := min(float64(at)/float64(size), 1)
	full := int(share * barWidth)
	left := time.Duration(0)
	if rate > 0 {
		left = time.Duration(float64(size-min(at, size)) / mega / rate * float64(time.Second)).Round(time.Second)
	}
	return fmt.Sprintf("%s [%s%s] %3.0f%% of %d MB, %.0f MB/s, %s left", name, strings.Repeat("#", full), strings.Repeat(".", barWidth-full), share*100, size/mega, rate, left)
}
