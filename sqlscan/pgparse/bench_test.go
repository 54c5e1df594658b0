//go:build cgo

package pgparse_test

import (
	"testing"

	pg_query "github.com/pganalyze/pg_query_go/v6"

	"github.com/phivet/phivet/sqlscan/pgparse"
)

// BenchmarkParse compares Parse with the library alone, in one run.
func BenchmarkParse(b *testing.B) {
	files := corpus(b)
	b.Run("library", func(b *testing.B) {
		for range b.N {
			for _, src := range files {
				_, _ = pg_query.Parse(string(src))
			}
		}
	})
	b.Run("split", func(b *testing.B) {
		for range b.N {
			for _, src := range files {
				pieces, _ := pg_query.SplitWithScanner(string(src), true)
				for _, p := range pieces {
					_, _ = pg_query.Parse(p)
				}
			}
		}
	})
	b.Run("pgparse", func(b *testing.B) {
		for range b.N {
			for _, src := range files {
				pgparse.Parse(src)
			}
		}
	})
	b.Run("walk", func(b *testing.B) {
		n := 0
		for range b.N {
			for _, src := range files {
				for _, s := range pgparse.Parse(src) {
					pgparse.Walk(s.Node, func(pgparse.Message) bool { n++; return true })
				}
			}
		}
	})
}
