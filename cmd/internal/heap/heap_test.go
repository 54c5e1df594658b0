package heap_test

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/phivet/phivet/cmd/internal/heap"
)

const (
	first   = 48 << 20
	percent = 150
)

// TestMain runs the test itself as a program that leaves garbage behind.
func TestMain(m *testing.M) {
	program := programs[os.Getenv("HEAP_TEST")]
	if program == nil {
		os.Exit(m.Run())
	}
	heap.Start(first, percent)
	if err := program(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

var programs = map[string]func() error{
	"small": func() error {
		if n := collections(first / 2); n > 0 {
			return fmt.Errorf("%d collections", n)
		}
		return nil
	},
	"large": func() error {
		if n := collections(2 * first); n == 0 {
			return fmt.Errorf("no collection")
		}
		got := uint64(0)
		for deadline := time.Now().Add(10 * time.Second); got != percent && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
			sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
			metrics.Read(sample)
			got = sample[0].Value.Uint64()
		}
		if got != percent {
			return fmt.Errorf("%d %% after the first collection", got)
		}
		return nil
	},
	"user": func() error {
		if n := collections(first / 2); n == 0 {
			return fmt.Errorf("no collection with GOGC=50")
		}
		return nil
	},
}

var sink []byte

// collections allocates bytes and tells how often the garbage was collected.
func collections(bytes int) uint32 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range bytes >> 10 {
		sink = make([]byte, 1<<10)
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC
}

func TestStart(t *testing.T) {
	for program, gogc := range map[string]string{"small": "", "large": "", "user": "50"} {
		t.Run(program, func(t *testing.T) {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "HEAP_TEST="+program, "GOGC="+gogc)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
