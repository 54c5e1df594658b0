package auditlog

// recent is a map of bounded size: when it is full, what was not asked for
// lately goes. Two generations cost less than a list and keep what is in use.
type recent[V any] struct {
	young, old map[uint64]V
	half       int
}

func newRecent[V any](size int) *recent[V] {
	return &recent[V]{young: map[uint64]V{}, half: max(size/2, 1)}
}

func (r *recent[V]) get(key uint64) (V, bool) {
	if v, ok := r.young[key]; ok {
		return v, true
	}
	v, ok := r.old[key]
	if ok {
		r.put(key, v)
	}
	return v, ok
}

func (r *recent[V]) put(key uint64, v V) {
	if len(r.young) >= r.half {
		r.old, r.young = r.young, make(map[uint64]V, r.half/8)
	}
	r.young[key] = v
}
