// Package heap spares short runs the garbage collector.
package heap

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Start lets the heap grow to first bytes before its first collection. From
// then on it may grow by percent, as [debug.SetGCPercent] has it, between two
// of them. A heap that starts small is collected at 4, 8, 16 and 32 MB, which
// for a program that ends at 60 MB is work for nothing; Go's compiler starts
// with a large one for the same reason. GOGC in the environment, the user's
// own decision, wins.
func Start(first uint64, percent int) {
	if os.Getenv("GOGC") != "" {
		return
	}
	grow(first)
	// A finalizer runs once the first collection is over.
	runtime.SetFinalizer(new(sentinel), func(*sentinel) { debug.SetGCPercent(percent) })
}

// A sentinel holds a pointer: objects without one share their memory with
// others and may stay as long as those do.
type sentinel struct{ _ *sentinel }

// grow sets the percentage with which the first collection comes at goal
// bytes. It counts from the data that the program starts with, which is why
// the runtime has to be asked what comes of it.
func grow(goal uint64) {
	const smallest = 4 << 20 // the runtime's heap goal at 100 %
	percent := goal * 100 / smallest
	for range 4 {
		debug.SetGCPercent(int(percent))
		sample := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}}
		metrics.Read(sample)
		if sample[0].Value.Kind() != metrics.KindUint64 {
			return
		}
		got := sample[0].Value.Uint64()
		if got <= goal+goal/8 {
			return
		}
		percent = percent * goal / got
	}
}
