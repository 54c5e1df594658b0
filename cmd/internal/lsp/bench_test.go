package lsp_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/phivet/phivet/cmd/internal/project"
	"github.com/phivet/phivet/sqlscan"
)

// historyFiles is the length of the history that the promise is about: one
// edited migration is judged again within a tenth of a second.
const historyFiles = 300

// BenchmarkEdit judges a history of 300 files again after one of them has
// changed.
func BenchmarkEdit(b *testing.B) {
	root := b.TempDir()
	files := writeHistory(b, root, historyFiles)
	benchmarkEdits(b, root, files[137])
}

// BenchmarkEditReal does so on a project of one's own: the directory that
// PHIVET_LSP_PROJECT names, and the file below it that PHIVET_LSP_FILE names.
func BenchmarkEditReal(b *testing.B) {
	root, file := os.Getenv("PHIVET_LSP_PROJECT"), os.Getenv("PHIVET_LSP_FILE")
	if root == "" {
		b.Skip("PHIVET_LSP_PROJECT is not set")
	}
	benchmarkEdits(b, root, filepath.Join(root, file))
}

func benchmarkEdits(b *testing.B, root, edited string) {
	text, err := os.ReadFile(edited)
	if err != nil {
		b.Fatal(err)
	}
	m := sqlscan.NewMemory(root)
	refresh := os.Getenv("PHIVET_LSP_REFRESH") != "" // look at the disk too, as after a save
	scan := func(i int) *sqlscan.Result {
		if refresh {
			m.Refresh()
		}
		m.Overlay(project.Relative(root, edited), fmt.Appendf(nil, "%s\nCREATE TABLE edited_%d (ssn text);\n", text, i))
		r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: root, Memory: m})
		if err != nil {
			b.Fatal(err)
		}
		return r
	}
	r := scan(-1)
	files := 0
	for _, h := range r.Histories {
		files += h.Files
	}
	b.ResetTimer()
	for i := range b.N {
		scan(i)
	}
	b.StopTimer()
	runtime.GC()
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	b.ReportMetric(float64(mem.HeapAlloc)/(1<<20), "MB-heap")
	b.ReportMetric(float64(files), "files")
	b.ReportMetric(float64(r.Statements), "statements")
	b.ReportMetric(float64(len(r.Findings)), "findings")
	runtime.KeepAlive(m)
}

// TestEditIsQuick holds the server to its promise: between a change and the
// diagnostics that follow from it lie the pause that typing makes, which is
// waited for, and less than a tenth of a second of work. One edit has to show
// it, for a test machine does other things too.
func TestEditIsQuick(t *testing.T) {
	const rest, promise = 40 * time.Millisecond, slowdown * 100 * time.Millisecond
	root := t.TempDir()
	files := writeHistory(t, root, historyFiles)
	c := start(t, root, "")
	c.initialize(capabilities)
	edited := project.Relative(root, files[137])
	text, err := os.ReadFile(files[137])
	if err != nil {
		t.Fatal(err)
	}
	c.didOpen(edited, string(text))
	c.settle(edited)
	best := time.Hour
	edits := 0
	for ; best > rest+promise && edits < 60; edits++ {
		started := time.Now()
		added := edits%2 == 0
		next := string(text)
		if added {
			next += "CREATE TABLE patients_edited (ssn text, first_name text);\n"
		}
		c.replace(edited, edits+2, next)
		c.untilCode(edited, "PHI501", added)
		best = min(best, time.Since(started))
	}
	t.Logf("best of %d: %v", edits, best)
	if best > rest+promise {
		t.Errorf("the fastest of %d edits was judged after %v, want at most %v", edits, best, rest+promise)
	}
}
