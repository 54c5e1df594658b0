package taint

import (
	"strings"
)

// A piece is a part of a text: constant text, or a hole.
type piece struct {
	text   string
	hole   *node
	verb   rune
	repeat bool    // the hole stands for the elements of a list
	sites  []*node // the constructs that the hole is inside of, outermost first
}

// Limits on the texts that are made of one description.
const (
	maxPieces   = 3000
	maxVariants = 16
)

// A liner writes one of the texts that a node may be.
type liner struct {
	forced map[*node]int
	active map[*node]int
	weight map[*node]int
	out    []piece
	sites  []*node
	depth  int
}

// variants returns texts that the node may be, such that each hole is in one
// of them. The first is the richest: where the program has a choice, what
// contributes most is taken.
func variants(root *node) [][]piece {
	weight := map[*node]int{}
	first := line(root, nil, weight)
	out := [][]piece{first}
	covered := map[*node]bool{}
	cover := func(ps []piece) {
		for _, p := range ps {
			if p.hole != nil {
				covered[p.hole] = true
			}
		}
	}
	cover(first)
	// Have: holes that the richest text lacks stand in another alternative of
	// a choice. Force the choices on the way to them.
	parent := map[*node]*node{}
	var holes []*node
	seen := map[*node]bool{root: true}
	var rec func(n *node)
	rec = func(n *node) {
		if !composite(n) {
			holes = append(holes, n)
			return
		}
		for _, x := range n.x {
			if !seen[x] {
				seen[x] = true
				parent[x] = n
				rec(x)
			}
		}
	}
	rec(root)
	for _, h := range holes {
		if covered[h] || len(out) >= maxVariants || h.kind == kNone || h.kind == kConst {
			continue
		}
		forced := map[*node]int{}
		for n := h; parent[n] != nil; n = parent[n] {
			if p := parent[n]; p.kind == kAlt {
				for i, x := range p.x {
					if x == n {
						forced[p] = i
						break
					}
				}
			}
		}
		ps := line(root, forced, weight)
		cover(ps)
		out = append(out, ps)
	}
	return out
}

func line(root *node, forced map[*node]int, weight map[*node]int) []piece {
	l := &liner{forced: forced, active: map[*node]int{}, weight: weight}
	l.write(root)
	return l.out
}

// composite reports whether the text of n is made of the texts of its parts.
func composite(n *node) bool {
	switch n.kind {
	case kConcat, kAlt, kFormat, kJoin, kReplace, kSame, kList:
		return true
	}
	return false
}

func (l *liner) text(s string) {
	if s == "" {
		return
	}
	if k := len(l.out); k > 0 && l.out[k-1].hole == nil {
		l.out[k-1].text += s
		return
	}
	l.out = append(l.out, piece{text: s})
}

func (l *liner) hole(n *node, verb rune, repeat bool) {
	l.out = append(l.out, piece{hole: n, verb: verb, repeat: repeat, sites: append([]*node(nil), l.sites...)})
}

func (l *liner) write(n *node) { l.verb(n, 0) }

func (l *liner) verb(n *node, verb rune) {
	if len(l.out) > maxPieces || l.depth > 5000 {
		return
	}
	l.depth++
	defer func() { l.depth-- }()
	switch n.kind {
	case kConst:
		l.text(n.text)
	case kPlaceholder:
		l.text("$1")
	case kConcat:
		l.sites = append(l.sites, n)
		if n.appended {
			// What was there before is not part of this construct.
			l.sites = l.sites[:len(l.sites)-1]
			l.write(n.x[0])
			l.sites = append(l.sites, n)
			l.write(n.x[1])
		} else {
			l.write(n.x[0])
			l.write(n.x[1])
		}
		l.sites = l.sites[:len(l.sites)-1]
	case kAlt:
		l.alternative(n, verb)
	case kFormat:
		l.sites = append(l.sites, n)
		l.format(n)
		l.sites = l.sites[:len(l.sites)-1]
	case kJoin:
		l.join(n)
	case kReplace:
		l.replace(n)
	case kSame:
		start := len(l.out)
		l.verb(n.x[0], verb)
		l.cut(n, start)
	case kList:
		if items := l.items(n); len(items) == 1 {
			l.verb(items[0], verb)
			return
		}
		l.hole(n, verb, true)
	default:
		l.hole(n, verb, false)
	}
}

// alternative writes one alternative of n. In a loop, n is met again inside
// itself; then the alternatives that were not taken yet come into question, so
// that a loop is run once.
func (l *liner) alternative(n *node, verb rune) {
	i := l.choose(n)
	if i < 0 {
		return
	}
	if sensitive(n) && !composite(n.x[i]) {
		l.hole(n, verb, false)
		return
	}
	l.active[n] |= 1 << min(i, 62)
	l.verb(n.x[i], verb)
	l.active[n] &^= 1 << min(i, 62)
}

func (l *liner) choose(n *node) int {
	taken := l.active[n]
	if i, ok := l.forced[n]; ok && taken&(1<<min(i, 62)) == 0 {
		return i
	}
	best, weight := -1, -1
	for i, x := range n.x {
		if taken&(1<<min(i, 62)) != 0 {
			continue
		}
		if w := l.weigh(x); w > weight {
			best, weight = i, w
		}
	}
	return best
}

// weigh estimates how much text a node contributes.
func (l *liner) weigh(n *node) int {
	if w, ok := l.weight[n]; ok {
		return w
	}
	l.weight[n] = 0 // inside a loop, the way back adds nothing
	w := 0
	switch n.kind {
	case kConst:
		w = len(n.text)
	case kAlt:
		for _, x := range n.x {
			w = max(w, l.weigh(x))
		}
	case kConcat, kFormat, kJoin, kList, kReplace, kSame:
		for _, x := range n.x {
			w = min(w+l.weigh(x), 1<<30)
		}
	case kNone:
		w = 1
	default:
		w = 20
	}
	l.weight[n] = w
	return w
}

// items returns the elements of a list. What is not known as a list counts as
// one element.
func (l *liner) items(n *node) []*node {
	var out []*node
	var splice func(n *node, depth int)
	splice = func(n *node, depth int) {
		if depth > 2000 || len(out) > maxPieces {
			return
		}
		switch {
		case n.kind == kList:
			for i, x := range n.x {
				if i < n.index {
					splice(x, depth+1)
				} else {
					out = append(out, x)
				}
			}
		case n.kind == kAlt && holdsList(n, map[*node]bool{}):
			if i := l.choose(n); i >= 0 {
				l.active[n] |= 1 << min(i, 62)
				splice(n.x[i], depth+1)
				l.active[n] &^= 1 << min(i, 62)
			}
		case n.kind == kNone, n.kind == kConst && n.text == "": // an empty list
		default:
			out = append(out, n)
		}
	}
	splice(n, 0)
	return out
}

func holdsList(n *node, seen map[*node]bool) bool {
	if n.kind == kList {
		return true
	}
	if n.kind != kAlt || seen[n] {
		return false
	}
	seen[n] = true
	for _, x := range n.x {
		if holdsList(x, seen) {
			return true
		}
	}
	return false
}

func (l *liner) join(n *node) {
	list := n.x[0]
	if list.kind != kList && !holdsList(list, map[*node]bool{}) {
		l.hole(list, 0, true)
		return
	}
	l.sites = append(l.sites, n)
	sep := ""
	if n.x[1].kind == kConst {
		sep = n.x[1].text
	}
	for i, x := range l.items(list) {
		if i > 0 {
			l.text(sep)
		}
		l.write(x)
	}
	l.sites = l.sites[:len(l.sites)-1]
}

// format writes the text of a format with its arguments.
func (l *liner) format(n *node) {
	inner := &liner{forced: l.forced, active: l.active, weight: l.weight, sites: l.sites, depth: l.depth}
	inner.write(n.x[0])
	args, at := l.items(n.x[1]), 0
	for _, p := range inner.out {
		if p.hole != nil {
			l.out = append(l.out, p)
			continue
		}
		for s := p.text; ; {
			before, v, rest, found := cutVerb(s, len(args))
			l.text(before)
			if !found {
				break
			}
			s = rest
			at = v.argument(at)
			if v.verb == '%' {
				l.text("%")
				continue
			}
			if v.bad || at >= len(args) {
				l.hole(none, v.verb, false)
				continue
			}
			l.argument(args[at], v)
			at++
		}
	}
}

func (l *liner) argument(x *node, v verb) {
	switch v.verb {
	case 'T', 'p', 't', 'c', 'U':
		l.hole(none, v.verb, false)
	case 'q':
		l.hole(x, v.verb, false)
	case 'x', 'X':
		l.hole(through(x.pos, x), v.verb, false)
	default:
		l.verb(x, v.verb)
	}
}

// replace writes x[0] with x[1] replaced by x[2].
func (l *liner) replace(n *node) {
	old := n.x[1]
	if old.kind != kConst || old.text == "" {
		l.write(n.x[0])
		return
	}
	inner := &liner{forced: l.forced, active: l.active, weight: l.weight, sites: l.sites, depth: l.depth}
	inner.write(n.x[0])
	l.sites = append(l.sites, n)
	for _, p := range inner.out {
		if p.hole != nil {
			l.out = append(l.out, p)
			continue
		}
		for i, part := range strings.Split(p.text, old.text) {
			if i > 0 {
				l.write(n.x[2])
			}
			l.text(part)
		}
	}
	l.sites = l.sites[:len(l.sites)-1]
}

// cut applies what kSame does to the pieces from start on.
func (l *liner) cut(n *node, start int) {
	if n.index == cutNothing || len(l.out) == 0 || start > len(l.out) {
		return
	}
	if n.index == cutPrefix {
		// The first piece may have been merged with text before it.
		if start < len(l.out) && l.out[start].hole == nil {
			l.out[start].text = strings.TrimPrefix(l.out[start].text, n.text)
		}
		return
	}
	last := &l.out[len(l.out)-1]
	if last.hole != nil {
		return
	}
	switch n.index {
	case cutSuffix:
		last.text = strings.TrimSuffix(last.text, n.text)
	case cutSet:
		last.text = strings.TrimRight(last.text, n.text)
	case cutTail:
		last.text = last.text[:max(0, len(last.text)-len(n.text))]
	}
}

// printed returns the parts of n whose values its text shows.
func printed(n *node) []*node {
	if n.kind != kFormat || n.x[1].kind != kList {
		return n.x
	}
	format, ok := formatText(n)
	if !ok {
		return n.x
	}
	l := &liner{active: map[*node]int{}, weight: map[*node]int{}}
	var out []*node
	eachVerb(format, l.items(n.x[1]), func(v verb, x *node) {
		switch v.verb {
		case 'T', 'p', 't', 'c', 'U':
		default:
			if !addressOnly(x) {
				out = append(out, x)
			}
		}
	})
	return out
}

// formatText returns the format of a kFormat, if it is constant.
func formatText(n *node) (string, bool) {
	format := n.x[0]
	if format.kind == kConst {
		return format.text, true
	}
	if format.kind != kConcat { // log.Printf("clinic: "+format, args...)
		return "", false
	}
	ps := line(format, nil, map[*node]int{})
	if len(ps) != 1 || ps[0].hole != nil {
		return "", false
	}
	return ps[0].text, true
}

// eachVerb calls f for each directive of a format with its argument.
func eachVerb(format string, args []*node, f func(v verb, x *node)) {
	for at := 0; ; {
		_, v, rest, found := cutVerb(format, len(args))
		if !found {
			return
		}
		format, at = rest, v.argument(at)
		if v.verb != '%' && !v.bad && at < len(args) {
			f(v, args[at])
			at++
		}
	}
}
