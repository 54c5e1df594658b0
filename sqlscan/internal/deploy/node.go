package deploy

import (
	"strings"

	"github.com/phivet/phivet/rules/dsn"
)

type kind int

const (
	scalar kind = iota
	mapping
	sequence
)

// A node is a part of a file: a mapping or sequence with items, or a scalar.
type node struct {
	kind             kind
	key              string // of an item of a mapping
	keyStart, keyEnd int
	// text is what a scalar says, with dsn.Hole bytes for what something else
	// fills in.
	text string
	// start and end are the bytes of the scalar, without quotes; those of a
	// block scalar are its lines.
	start, end int
	// exact says that text is what stands from start to end, byte for byte.
	exact bool
	items []*node
}

// get returns the item of a mapping, or nil.
func (n *node) get(key string) *node {
	if n == nil || n.kind != mapping {
		return nil
	}
	for _, item := range n.items {
		if item.key == key {
			return item
		}
	}
	return nil
}

// child is get without regard to case; a node without text where there is none.
func (n *node) child(keys ...string) *node {
	for _, key := range keys {
		if n == nil || n.kind != mapping {
			break
		}
		for _, item := range n.items {
			if strings.EqualFold(item.key, key) {
				return item
			}
		}
	}
	return &node{}
}

func (n *node) is(text string) bool { return n != nil && n.kind == scalar && n.text == text }

// known reports whether a scalar's text is what the program will see.
func (n *node) known() bool {
	return n != nil && n.kind == scalar && n.text != "" && strings.IndexByte(n.text, dsn.Hole) < 0
}

// lines reports whether a scalar has several lines.
func (n *node) lines() bool { return n.kind == scalar && strings.Contains(n.text, "\n") }

// maxNodes bounds how deep and long a walk gets: files are small (see
// source.Configs), and a tree has no cycles since aliases are left out.
const maxDepth = 200

// walk calls visit for every node, parents first, with the nodes above it.
func (n *node) walk(visit func(n *node, above []*node)) { n.descend(nil, visit) }

func (n *node) descend(above []*node, visit func(*node, []*node)) {
	if n == nil || len(above) > maxDepth {
		return
	}
	visit(n, above)
	for _, item := range n.items {
		item.descend(append(above, n), visit)
	}
}

// pathOf joins the keys down to a node: what a finding names and is known by.
func pathOf(n *node, above []*node) string {
	var keys []string
	for _, a := range append(above[:len(above):len(above)], n) {
		if a.key != "" {
			keys = append(keys, a.key)
		}
	}
	return strings.Join(keys, ".")
}
