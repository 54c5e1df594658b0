package source_test

import (
	"os"
	"testing"

	"github.com/phivet/phivet/sqlscan/internal/source"
	"github.com/phivet/phivet/sqlscan/pgparse"
)

// TestCorpus reads the checkouts below the directory PHIVET_SQL_CORPUS names
// and says what was found in each. Every file keeps its length and its lines;
// the numbers are for the reader.
func TestCorpus(t *testing.T) {
	dir := os.Getenv("PHIVET_SQL_CORPUS")
	if dir == "" {
		t.Skip("opt-in: PHIVET_SQL_CORPUS is not set")
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		histories, notices, err := source.Find(source.FindOptions{Root: dir + "/" + e.Name()})
		if err != nil {
			t.Error(err)
			continue
		}
		t.Logf("%s", e.Name())
		for _, h := range histories {
			statements, bad := 0, 0
			for _, f := range h.Files {
				checkFile(t, f)
				for _, s := range pgparse.Parse(f.SQL) {
					statements++
					if s.Err != nil {
						bad++
						t.Logf("      %s:%d %v", f.Path, s.Err.Offset, s.Err)
					}
				}
			}
			t.Logf("  %s (%s): %d files, first %s, last %s; %d statements, %d with errors",
				h.Dir, h.Tool, len(h.Files), h.Files[0].Path, h.Files[len(h.Files)-1].Path, statements, bad)
		}
		for _, n := range notices {
			t.Logf("  notice: %s: %s", n.File, n.Message)
		}
	}
}

// BenchmarkFind reads the same checkouts; "parse" is what follows in a scan.
func BenchmarkFind(b *testing.B) {
	dir := os.Getenv("PHIVET_SQL_CORPUS")
	if dir == "" {
		b.Skip("PHIVET_SQL_CORPUS is not set")
	}
	var histories []source.History
	b.Run("find", func(b *testing.B) {
		for range b.N {
			var err error
			if histories, _, err = source.Find(source.FindOptions{Root: dir}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		for range b.N {
			for _, h := range histories {
				for _, f := range h.Files {
					pgparse.Parse(f.SQL)
				}
			}
		}
	})
}
