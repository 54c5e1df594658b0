package lsp_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/phivet/phivet/sqlscan"
)

func BenchmarkScan(b *testing.B) {
	root := b.TempDir()
	files := writeHistory(b, root, 300)
	edited := files[137]
	text, err := os.ReadFile(edited)
	if err != nil {
		b.Fatal(err)
	}
	rel := strings.TrimPrefix(edited, root+"/")
	m := sqlscan.NewMemory(root)
	b.ResetTimer()
	for i := range b.N {
		m.Overlay(rel, append(text, strings.Repeat("\nSELECT 1;\n", i%2)...))
		r, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: root, Memory: m})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(r.Findings)), "findings")
		b.ReportMetric(float64(r.Statements), "statements")
	}
}
