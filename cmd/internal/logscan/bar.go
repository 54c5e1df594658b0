package logscan

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

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
