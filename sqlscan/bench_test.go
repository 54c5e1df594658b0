//go:build cgo && unix

package sqlscan_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	pg_query "github.com/pganalyze/pg_query_go/v6"

	"github.com/phivet/phivet/rules/ruletest"
	"github.com/phivet/phivet/sqlscan"
)

// BenchmarkScan holds a scan against the parser's library alone, on the same
// files in the same run. What counts is processor time of the user, which a
// busy machine changes less than the clock.
//
// PHIVET_SQL_CORPUS names a folder of real migrations to measure as well.
func BenchmarkScan(b *testing.B) {
	for _, files := range []int{250, 2500} {
		b.Run(fmt.Sprintf("corpus=generated-%d", files), func(b *testing.B) {
			compare(b, ruletest.History(files).Write(b))
		})
	}
	if dir := os.Getenv("PHIVET_SQL_CORPUS"); dir != "" {
		b.Run("corpus=real", func(b *testing.B) { compare(b, dir) })
	}
}

func compare(b *testing.B, dir string) {
	result, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir})
	if err != nil {
		b.Fatal(err)
	}
	var texts []string
	for _, f := range result.Files {
		text, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			b.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	b.Run("tool=library", func(b *testing.B) {
		measure(b, func() {
			for _, text := range texts {
				_, _ = pg_query.Parse(text) // what it refuses costs time as well
			}
		})
	})
	b.Run("tool=phivet", func(b *testing.B) {
		measure(b, func() {
			if _, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir}); err != nil {
				b.Fatal(err)
			}
		})
		b.ReportMetric(float64(result.Statements), "statements")
	})
}

// measure runs f and reports processor time of the user per run.
func measure(b *testing.B, f func()) {
	runtime.GC()
	before := userTime(b)
	for b.Loop() {
		f()
	}
	b.ReportMetric((userTime(b)-before).Seconds()/float64(b.N), "user-sec/op")
}

func userTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano())
}

// BenchmarkLinear shows what twice the work costs, for what could be quadratic:
// files, tables, policies, grants and findings. The unit is a microsecond of
// the user's processor time per statement, which must not grow.
func BenchmarkLinear(b *testing.B) {
	shapes := map[string]func(i int) string{
		"tables":   func(i int) string { return fmt.Sprintf("CREATE TABLE t%d (id bigint PRIMARY KEY, ssn text);\n", i) },
		"columns":  func(i int) string { return fmt.Sprintf("ALTER TABLE patients ADD COLUMN c%d text;\n", i%1500) },
		"policies": func(i int) string { return fmt.Sprintf("CREATE POLICY p%d ON patients USING (id = %d);\n", i, i) },
		"grants":   func(i int) string { return fmt.Sprintf("GRANT SELECT ON patients TO r%d;\n", i) },
		"views":    func(i int) string { return fmt.Sprintf("CREATE VIEW v%d AS SELECT * FROM patients;\n", i) },
		"renames":  func(i int) string { return fmt.Sprintf("ALTER TABLE x%d RENAME TO x%d;\n", i, i+1) },
		"broken":   func(i int) string { return fmt.Sprintf("CREATE TABEL t%d (id bigint);\n", i) },
		"literals": func(i int) string { return fmt.Sprintf("UPDATE patients SET ssn = '412-55-%04d';\n", i%10000) },
	}
	for _, name := range slices.Sorted(maps.Keys(shapes)) {
		for _, n := range []int{2000, 4000, 8000} {
			b.Run(fmt.Sprintf("shape=%s/n=%d", name, n), func(b *testing.B) {
				var sql strings.Builder
				sql.WriteString("CREATE TABLE patients (id bigint PRIMARY KEY, ssn text);\nCREATE TABLE x0 (id bigint);\n")
				for i := range n {
					sql.WriteString(shapes[name](i))
				}
				dir := ruletest.Files{"migrations/001.sql": sql.String()}.Write(b)
				before := userTime(b)
				for b.Loop() {
					if _, err := sqlscan.Scan(context.Background(), sqlscan.Options{Root: dir}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((userTime(b)-before).Microseconds())/float64(b.N*n), "user-µs/statement")
			})
		}
	}
}
