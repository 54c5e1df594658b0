package taint

import (
	"strconv"
	"testing"
)

// TestCollapse requires that the error of a query is one in a result that is
// too large to be kept: what is bound to it is not its text.
func TestCollapse(t *testing.T) {
	columns := func() (xs []*node) {
		for i := range maxResultNodes {
			xs = append(xs, &node{kind: kField, name: "feed.Column" + strconv.Itoa(i)})
		}
		return xs
	}
	query := &node{kind: kQuery, name: "sql.DB.Exec", x: []*node{literal("UPDATE …"), {kind: kList, x: columns()}, none}}
	text := &node{kind: kField, name: "feed.URL"}
	got := collapse(&node{kind: kFormat, typ: "error", x: []*node{literal("%s: %v"), {kind: kList, x: []*node{text, query}}}})

	var plain, bound, size int
	walk(got, func(n *node) bool {
		size++
		switch {
		case n.kind == kQuery:
			walk(n, func(n *node) bool { bound++; return true })
			return false
		case n.kind == kField:
			plain++
		}
		return true
	})
	if plain != 1 || bound < 50 || size+bound > maxResultNodes {
		t.Errorf("collapse keeps %d values as they are, wants 1, and %d nodes of the query, of %d in all", plain, bound, size+bound)
	}
}
