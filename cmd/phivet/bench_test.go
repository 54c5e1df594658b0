//go:build linux

package main_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/phivet/phivet/rules/ruletest"
)

// spent is what whole processes took. The processor's time of the user is what
// counts: the clock says more about the machine's other work.
type spent struct {
	user float64 // seconds
	mb   int64   // the largest process
}

// run starts a program in dir. Tools tell findings by their exit status.
func (s *spent) run(b *testing.B, dir string, env []string, name string, args ...string) {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() > 3 || cmd.ProcessState.ExitCode() < 0 {
		b.Fatalf("%s: %v\n%.2000s", name, err, out)
	}
	u := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	s.user += float64(u.Utime.Nano()) / 1e9
	s.mb = max(s.mb, u.Maxrss>>10)
}

func (s *spent) report(b *testing.B) {
	b.ReportMetric(s.user/float64(b.N), "user-sec/op")
	b.ReportMetric(float64(s.mb), "MB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkSQLFiles runs whole programs over one history. Squawk looks at one
// file at a time, phivet replays all of them.
func BenchmarkSQLFiles(b *testing.B) {
	sets := map[string]string{"generated-2500": ""}
	if dir := os.Getenv("PHIVET_SQL_CORPUS"); dir != "" {
		sets["real"] = dir
	}
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		dir := sets[name]
		if dir == "" {
			dir = ruletest.History(2500).Write(b)
		}
		b.Run("corpus="+name+"/state=cold/tool=squawk", func(b *testing.B) {
			squawk := peer(b, "PHIVET_BENCH_SQUAWK")
			var s spent
			for range b.N {
				s.run(b, dir, nil, squawk, append([]string{"--reporter", "gcc"}, sqlFiles(b, dir)...)...)
			}
			s.report(b)
		})
		// The second run finds what the first one has left in the user's cache.
		for _, state := range []string{"cold", "repeat"} {
			b.Run("corpus="+name+"/state="+state+"/tool=phivet", func(b *testing.B) {
				var s spent
				for range b.N {
					env := []string{"XDG_CACHE_HOME=" + b.TempDir()}
					args := []string{"check", "--out", "json:" + filepath.Join(b.TempDir(), "out.json")}
					var first spent
					first.run(b, dir, env, filepath.Join(binDir, "phivet"), args...)
					if state == "cold" {
						s = spent{s.user + first.user, max(s.mb, first.mb)}
						continue
					}
					s.run(b, dir, env, filepath.Join(binDir, "phivet"), args...)
				}
				s.report(b)
			})
		}
	}
}

// peer returns the program that a variable names; `make bench` sets it.
func peer(b *testing.B, variable string) string {
	path := os.Getenv(variable)
	if path == "" {
		b.Skip(variable + " is not set")
	}
	return path
}

func sqlFiles(b *testing.B, dir string) []string {
	var files []string
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() && filepath.Ext(p) == ".sql" {
			files = append(files, p)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return files
}

// BenchmarkGoModule runs go vet, go vet with phivet, phivet itself and gosec
// over one module: with an empty cache, again, and after one file was edited.
func BenchmarkGoModule(b *testing.B) {
	source := os.Getenv("PHIVET_BENCH_MODULE")
	if source == "" {
		source = filepath.Join("..", "..", "testdata", "clinic")
	}
	source, err := filepath.Abs(source)
	if err != nil {
		b.Fatal(err)
	}
	phivet := filepath.Join(binDir, "phivet")
	tools := []struct {
		name string
		args func(b *testing.B) []string
	}{
		{"go-vet", func(*testing.B) []string { return []string{"go", "vet", "./..."} }},
		{"vettool", func(*testing.B) []string { return []string{"go", "vet", "-vettool=" + phivet, "./..."} }},
		{"phivet", func(*testing.B) []string { return []string{phivet, "check"} }},
		{"gosec", func(b *testing.B) []string { return []string{peer(b, "PHIVET_BENCH_GOSEC"), "-quiet", "./..."} }},
	}
	for _, tool := range tools {
		args := tool.args
		for _, state := range []string{"cold", "repeat", "edit"} {
			b.Run(fmt.Sprintf("state=%s/tool=%s", state, tool.name), func(b *testing.B) {
				command := args(b)
				var s spent
				for range b.N {
					dir := filepath.Join(b.TempDir(), "module")
					if err := os.CopyFS(dir, os.DirFS(source)); err != nil {
						b.Fatal(err)
					}
					env := []string{"GOCACHE=" + filepath.Join(b.TempDir(), "cache"), "XDG_CACHE_HOME=" + b.TempDir(), "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local"}
					var cold spent
					cold.run(b, dir, env, command[0], command[1:]...)
					switch state {
					case "cold":
						s = spent{s.user + cold.user, max(s.mb, cold.mb)}
						continue
					case "edit":
						edit(b, dir)
					}
					s.run(b, dir, env, command[0], command[1:]...)
				}
				s.report(b)
			})
		}
	}
}

// edit appends a comment to the first Go file of a module that is no test.
func edit(b *testing.B, dir string) {
	var target string
	err := filepath.WalkDir(dir, func(p string, e os.DirEntry, err error) error {
		if err == nil && target == "" && !e.IsDir() && filepath.Ext(p) == ".go" {
			target = p
		}
		return err
	})
	if err != nil || target == "" {
		b.Fatalf("no Go file below %s: %v", dir, err)
	}
	f, err := os.OpenFile(target, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := f.WriteString("\n// edited\n"); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
}
