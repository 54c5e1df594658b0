package taint

import (
	"strings"
	"unicode"

	"github.com/phivet/phivet/rules/phi"
)

// keyed returns value under the name of the key that it is put under, where
// the key says more than the value's own name: "ssn", v.
func (fn *function) keyed(key string, value *node) *node {
	return fn.e.keyed(key, value, fn.scope())
}

func (e *engine) keyed(key string, value *node, scope string) *node {
	if value == nil || sensitive(value) || value.kind == kAlt && e.phiIn(value) != nil {
		return value
	}
	switch value.kind {
	case kParam, kLeaf, kField, kElem, kThrough, kSame, kAlt:
	default:
		return value // constants are nobody's, and composed text is judged by its parts
	}
	if value.kind == kThrough && value.typ != "" || value.typ == "error" || value.typ == "bool" || len(key) > 60 {
		return value
	}
	kind := value.typ
	if kind == "" || kind == "other" || kind == "part" {
		kind = "string"
	}
	class := e.class(phi.Value{Name: key, Kind: kind, Scope: scope})
	if class.Category == phi.Link && value.typ != "string" && value.typ != "int" && value.typ != "uuid" && value.typ != "part" {
		return value // "patient", p: what is said of a patient is not the key
	}
	named := &node{kind: kLeaf, name: key, typ: kind, class: class, pos: value.pos, x: []*node{value}}
	if !sensitive(named) && (!secret(named) || secret(value)) {
		return value
	}
	return named
}

// pairs names the values of a list that alternates keys and values.
func (fn *function) pairs(list *node) *node {
	items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(list)
	out := &node{kind: kList, pos: list.pos}
	changed := false
	for i := 0; i < len(items); i++ {
		n := items[i]
		out.x = append(out.x, n)
		if n.kind != kConst || i+1 == len(items) {
			continue
		}
		i++
		v := fn.keyed(n.text, items[i])
		changed = changed || v != items[i]
		out.x = append(out.x, v)
	}
	if !changed {
		return list
	}
	return out
}

// labelled returns a value in n that a format calls by a name that says PHI,
// as in "ssn: %s", where its own name says nothing. Errors inside are judged
// for themselves.
func (e *engine) labelled(n *node) *node {
	var found *node
	root := n
	walkPrinted(n, func(n *node) bool {
		if found != nil || n.kind == kQuery || n.kind == kError || n != root && n.kind == kFormat && n.typ == "error" {
			return false
		}
		if n.kind != kFormat || n.x[1].kind != kList {
			return true
		}
		format, ok := formatText(n)
		if !ok || !strings.Contains(format, "%") {
			return true
		}
		items := (&liner{active: map[*node]int{}, weight: map[*node]int{}}).items(n.x[1])
		eachLabel(format, items, func(label string, x *node) {
			if found == nil {
				found = e.label(label, x)
			}
		})
		return found == nil
	})
	return found
}

// label returns x under the name that the words before it give it, or nil.
func (e *engine) label(label string, x *node) *node {
	switch x.kind {
	case kParam, kLeaf, kElem, kField, kSame:
	default:
		return nil
	}
	words := strings.FieldsFunc(label, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	switch x.typ {
	case "string", "bytes", "part", "":
	case "uuid":
		return e.labelledKey(words, x)
	default:
		return nil
	}
	if x.class.PHI() {
		return nil
	}
	for k := 1; k <= min(3, len(words)); k++ {
		name := strings.Join(words[len(words)-k:], "_")
		if c := e.class(phi.Value{Name: name, Kind: "string"}); c.Tier == 3 {
			return &node{kind: kLeaf, name: name, typ: "string", class: c, pos: x.pos, x: []*node{x}}
		}
	}
	return e.labelledKey(words, x)
}

// keyWords end the names of values that tell who is meant.
var keyWords = map[string]bool{
	"id": true, "uuid": true, "uid": true, "key": true, "ref": true, "number": true, "no": true, "code": true,
	"user": true, "username": true, "login": true, "name": true, "patient": true, "email": true, "phone": true,
}

// labelledKey is label for a value that the word before it says is a patient, as
// in "patient %s": what stands there is the patient's key, or a name.
func (e *engine) labelledKey(words []string, x *node) *node {
	named := x
	for named.kind == kSame && named.name == "" {
		named = named.x[0]
	}
	if len(words) == 0 || named.name == "" || sensitive(named) {
		return nil
	}
	last := named.name[strings.LastIndexByte(named.name, '.')+1:]
	own := nameWords(last)
	if len(own) == 0 || !keyWords[own[len(own)-1]] {
		return nil
	}
	name := words[len(words)-1]
	c := e.class(phi.Value{Name: name, Kind: "string"})
	if c.Category != phi.Link {
		return nil
	}
	if name = strings.ToLower(name); own[0] != name {
		last = name + "'s " + last
	}
	return &node{kind: kLeaf, name: last, typ: "string", class: c, pos: x.pos, x: []*node{x}}
}

// eachLabel calls f for each plain %s, %q or %v of a format with the words that
// stand right before it and its argument.
func eachLabel(format string, args []*node, f func(label string, x *node)) {
	for at := 0; ; {
		before, v, rest, found := cutVerb(format, len(args))
		if !found {
			return
		}
		format = rest
		if v.verb == '%' {
			continue
		}
		if v.index > 0 || v.stars > 0 || v.bad {
			return
		}
		// Have: …, ssn: '%s'. A name belongs to what follows it directly.
		before = strings.TrimRight(before, " :='\"([{`")
		if cut := strings.LastIndexAny(before, ",;.|/\n"); cut >= 0 {
			before = before[cut+1:]
		}
		if at < len(args) && (v.verb == 's' || v.verb == 'q' || v.verb == 'v') && before != "" {
			f(before, args[at])
		}
		at++
	}
}
