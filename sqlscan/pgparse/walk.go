package pgparse

import "google.golang.org/protobuf/reflect/protoreflect"

//go:generate go run ./internal/genaliases

// A Message is a node of the tree, such as *[RangeVar].
type Message = protoreflect.ProtoMessage

// Walk visits root and everything below it, parents first and children in the
// order of their fields. Where visit returns false, it does not go deeper.
// *[Node], which only wraps another message, is not visited itself. Root may
// be a *Node, a []*Node or any message; nil is an empty tree.
func Walk(root any, visit func(m Message) bool) {
	switch r := root.(type) {
	case nil:
	case *Node:
		walkNode(r, visit)
	case []*Node:
		for _, n := range r {
			walkNode(n, visit)
		}
	default:
		if !walkMessage(root, visit) {
			if m, ok := root.(Message); ok {
				visit(m)
			}
		}
	}
}
