package taint

import (
	"cmp"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A tracker finds the writes through a value and all that is derived from it.
type tracker struct {
	fn     *function
	seen   map[ssa.Value]bool
	writes []write
}

// trackLimit bounds the work for one base: generated code has functions in
// which one value is used thousands of times.
const trackLimit = 4000

func (t *tracker) track(v ssa.Value, path string) {
	if t.seen[v] || len(t.seen) > trackLimit || v.Referrers() == nil {
		return
	}
	t.seen[v] = true
	for _, r := range *v.Referrers() {
		if r.Parent() != t.fn.f {
			continue
		}
		t.use(v, path, r)
	}
}

func (t *tracker) use(v ssa.Value, path string, r ssa.Instruction) {
	switch r := r.(type) {
	case *ssa.Store:
		if r.Addr == v {
			t.writes = append(t.writes, write{r, path, v})
		} else if varargs(r.Addr) && mayBeWritten(v) {
			t.writes = append(t.writes, write{r, path, nil})
		}
	case *ssa.Send:
		if r.Chan == v {
			t.writes = append(t.writes, write{r, path, v})
		}
	case *ssa.Select:
		for _, s := range r.States {
			if s.Dir == types.SendOnly && s.Chan == v {
				t.writes = append(t.writes, write{r, path, v})
				break
			}
		}
	case *ssa.MapUpdate:
		if r.Map == v {
			t.writes = append(t.writes, write{r, path, v})
		}
	case *ssa.FieldAddr:
		t.track(r, path+"."+strconv.Itoa(r.Field))
	case *ssa.IndexAddr:
		t.track(r, path+"[]")
	case *ssa.UnOp:
		if r.Op == token.MUL && reference(r.Type()) {
			t.track(r, path)
		}
	case *ssa.MakeInterface, *ssa.ChangeType, *ssa.ChangeInterface, *ssa.TypeAssert, *ssa.SliceToArrayPointer:
		t.track(r.(ssa.Value), path)
	case *ssa.Slice:
		if _, ok := v.Type().Underlying().(*types.Pointer); ok {
			t.track(r, path)
		}
	case *ssa.MakeClosure:
		// A closure that is called here changes what it captured there and
		// then; one that is handed on, where it is made.
		called := false
		for _, ref := range *r.Referrers() {
			if c, ok := ref.(ssa.CallInstruction); ok && c.Common().Value == r && c.Parent() == t.fn.f {
				t.writes = append(t.writes, write{c, path, v})
				called = true
			}
		}
		if !called {
			t.writes = append(t.writes, write{r, path, v})
		}
	case ssa.CallInstruction:
		if b, ok := r.Common().Value.(*ssa.Builtin); ok && (b.Name() != "copy" || r.Common().Args[0] != v) {
			return
		}
		t.writes = append(t.writes, write{r, path, v})
		if call, ok := r.(*ssa.Call); ok && len(call.Call.Args) > 0 && call.Call.Args[0] == v && t.fn.fluent(call) {
			t.track(call, path)
		}
	}
}

// mayBeWritten reports whether handing v over as an argument lets the callee
// change something of the caller's.
func mayBeWritten(v ssa.Value) bool {
	if m, ok := v.(*ssa.MakeInterface); ok {
		return reference(m.X.Type())
	}
	return reference(v.Type())
}

// varargs reports whether addr is an element of the list of arguments that a
// variadic call makes.
func varargs(addr ssa.Value) bool {
	i, ok := addr.(*ssa.IndexAddr)
	if !ok {
		return false
	}
	a, ok := i.X.(*ssa.Alloc)
	return ok && a.Comment == "varargs"
}

func sortWrites(fn *function, ws []write) {
	slices.SortStableFunc(ws, func(a, b write) int {
		if d := a.instr.Block().Index - b.instr.Block().Index; d != 0 {
			return d
		}
		return fn.order[a.instr] - fn.order[b.instr]
	})
}

// A writeIndex holds the writes to one base, ordered by block and place, so
// that the last one before an instruction is found without a look at all of
// them: what is read after each of a thousand writes would take a million.
type writeIndex struct {
	all []write
	// at has the writes to exactly a path, under has those to it and to its
	// parts; both are indexes into all.
	at, under map[string][]int32
}

func newWriteIndex(ws []write) *writeIndex {
	x := &writeIndex{all: ws, at: map[string][]int32{}, under: map[string][]int32{}}
	for i, w := range ws {
		x.at[w.path] = append(x.at[w.path], int32(i))
		for path := range wholes(w.path) {
			x.under[path] = append(x.under[path], int32(i))
		}
	}
	return x
}

// wholes yields the paths of which path is a part, from itself to the base.
func wholes(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for at := len(path); at >= 0; at = strings.LastIndexAny(path[:at], ".[") {
			if !yield(path[:at]) {
				return
			}
			if at == 0 {
				return
			}
		}
	}
}

// touching yields the lists of writes that may change what path denotes: it,
// a part of it, or what it is a part of.
func (x *writeIndex) touching(path string) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		for whole := range wholes(path) {
			list := x.at[whole]
			if whole == path {
				list = x.under[path]
			}
			if len(list) > 0 && !yield(list) {
				return
			}
		}
	}
}

// overlap reports whether any write may change what path denotes.
func (x *writeIndex) overlap(path string) bool {
	for range x.touching(path) {
		return true
	}
	return false
}

// lastWrite returns the last write to the path in the block that stands before
// instruction number index.
func (fn *function) lastWrite(x *writeIndex, path string, block *ssa.BasicBlock, index int) (write, bool) {
	last := -1
	for list := range x.touching(path) {
		n, _ := slices.BinarySearchFunc(list, index, func(i int32, index int) int {
			w := x.all[i]
			return cmp.Or(cmp.Compare(w.instr.Block().Index, block.Index), cmp.Compare(fn.order[w.instr], index))
		})
		if n > 0 {
			last = max(last, int(list[n-1]))
		}
	}
	if last < 0 || x.all[last].instr.Block() != block {
		return write{}, false
	}
	return x.all[last], true
}
