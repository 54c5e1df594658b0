package taint

import (
	"fmt"
	"strings"
)

func dump(n *node) string {
	var b strings.Builder
	seen := map[*node]int{}
	var rec func(n *node, d int)
	rec = func(n *node, d int) {
		if n == nil {
			b.WriteString("nil")
			return
		}
		if i, ok := seen[n]; ok {
			fmt.Fprintf(&b, "#%d", i)
			return
		}
		seen[n] = len(seen)
		names := []string{"None", "Const", "Param", "Leaf", "Field", "Elem", "Concat", "Alt", "Format", "Join", "List", "Replace", "Same", "Through", "Error", "Query", "With", "Placeholder"}
		fmt.Fprintf(&b, "%d:%s(%q,%q,%d", seen[n], names[n.kind], n.name, n.text, n.index)
		for _, x := range n.x {
			b.WriteString(", ")
			rec(x, d+1)
		}
		b.WriteString(")")
	}
	rec(n, 0)
	return b.String()
}
